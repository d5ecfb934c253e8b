"""OVAL: trees of criteria to statements about packages, and what cannot be read as such."""

import pytest

from lading.advisories.oval import Bound, Statement, range_of, read
from lading.errors import InvalidRecord

_TESTS = """
<tests>
  <rpminfo_test id="t:release"><object object_ref="o:r"/><state state_ref="s:8"/></rpminfo_test>
  <rpminfo_test id="t:arch"><object object_ref="o:r"/><state state_ref="s:x"/></rpminfo_test>
  <rpminfo_test id="t:a"><object object_ref="o:a"/><state state_ref="s:a"/></rpminfo_test>
  <rpminfo_test id="t:b"><object object_ref="o:b"/><state state_ref="s:a"/></rpminfo_test>
  <rpminfo_test id="t:from"><object object_ref="o:a"/><state state_ref="s:from"/></rpminfo_test>
  <rpminfo_test id="t:key"><object object_ref="o:a"/><state state_ref="s:key"/></rpminfo_test>
  <rpminfo_test id="t:nameless"><object object_ref="o:?"/><state state_ref="s:a"/></rpminfo_test>
  <textfilecontent54_test id="t:module" comment="Module nodejs:18 is enabled"/>
</tests>
<objects>
  <rpminfo_object id="o:r"><name>linux-release</name></rpminfo_object>
  <rpminfo_object id="o:a"><name>a</name></rpminfo_object>
  <rpminfo_object id="o:b"><name>b</name></rpminfo_object>
</objects>
<states>
  <rpminfo_state id="s:8"><version operation="pattern match">^8</version></rpminfo_state>
  <rpminfo_state id="s:x"><arch operation="pattern match">x86_64</arch></rpminfo_state>
  <rpminfo_state id="s:a"><evr operation="less than">0:2-1</evr></rpminfo_state>
  <rpminfo_state id="s:from"><evr operation="greater than">0:1-1</evr></rpminfo_state>
  <rpminfo_state id="s:key"><signature_keyid>82562ea9ad986da3</signature_keyid></rpminfo_state>
</states>
"""
_FIX = Bound("less than", "0:2-1")


def statements(criteria: str) -> tuple[Statement, ...]:
    document = read(
        f"<oval_definitions><definitions><definition id='d:1'>{criteria}</definition>"
        f"</definitions>{_TESTS}</oval_definitions>".encode()
    )
    return document.statements(document.definitions[0])


def t(*names: str) -> str:
    return "".join(f"<criterion test_ref='t:{name}'/>" for name in names)


def test_release_module_and_architecture_narrow_what_is_below_them() -> None:
    found = statements(
        f"<criteria>{t('release')}<criteria operator='OR'><criteria operator='AND'>{t('arch')}"
        f"<criteria>{t('module')}<criteria operator='OR'><criteria>{t('a', 'key')}</criteria>"
        f"{t('b')}</criteria></criteria></criteria></criteria></criteria>"
    )

    assert set(found) == {
        Statement("a", (_FIX,), "8", "nodejs:18", "x86_64"),
        Statement("b", (_FIX,), "8", "nodejs:18", "x86_64"),
    }


def test_what_narrows_one_branch_says_nothing_of_another() -> None:
    found = statements(
        f"<criteria operator='OR'><criteria>{t('release', 'a')}</criteria>{t('b')}</criteria>"
    )

    assert set(found) == {Statement("a", (_FIX,), "8"), Statement("b", (_FIX,))}


def test_two_bounds_of_one_package_are_one_range() -> None:
    (found,) = statements(f"<criteria operator='AND'>{t('a', 'from')}</criteria>")

    events = range_of(found.bounds).events
    assert [(str(one.kind), one.version) for one in events] == [
        ("introduced", "0:1-1"),
        ("fixed", "0:2-1"),
    ]


@pytest.mark.parametrize(
    ("operation", "events"),
    [
        ("less than", [("introduced", "0"), ("fixed", "2")]),
        ("less than or equal", [("introduced", "0"), ("last_affected", "2")]),
        ("greater than or equal", [("introduced", "2")]),
    ],
)
def test_comparisons_are_events(operation: str, events: list[tuple[str, str]]) -> None:
    found = range_of([Bound(operation, "2")]).events

    assert [(str(one.kind), one.version) for one in found] == events


@pytest.mark.parametrize(
    ("criteria", "why"),
    [
        pytest.param("", "no criteria", id="none"),
        pytest.param("<criteria/>", "compares no package", id="empty"),
        pytest.param(
            f"<criteria>{t('release')}</criteria>", "compares no package", id="no package"
        ),
        pytest.param(f"<criteria>{t('lost')}</criteria>", "no test 't:lost'", id="lost test"),
        pytest.param(f"<criteria>{t('nameless')}</criteria>", "no package", id="lost object"),
        pytest.param(f"<criteria operator='XOR'>{t('a')}</criteria>", "neither", id="XOR"),
        pytest.param(f"<criteria negate='true'>{t('a')}</criteria>", "negated", id="not"),
        pytest.param(
            "<criteria><criterion negate='true' test_ref='t:a'/></criteria>",
            "negated",
            id="not one",
        ),
    ],
)
def test_what_is_no_statement_of_packages_is_refused(criteria: str, why: str) -> None:
    with pytest.raises(InvalidRecord, match=why):
        statements(criteria)


def test_versions_that_are_not_ordered_are_refused() -> None:
    with pytest.raises(InvalidRecord, match="'not equal'"):
        range_of([Bound("not equal", "2")])


def test_a_document_without_any_part_of_one_is_refused() -> None:
    with pytest.raises(InvalidRecord, match="no OVAL definitions"):
        read(b"<oval_definitions/>")
