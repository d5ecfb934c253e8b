"""What rpm leaves unsaid never makes a package affected, and never hides one."""

import pytest

from lading.matching.builds import affects_source, is_modular, other_build
from lading.model.advisory import Affected, Event, EventKind, Range
from lading.model.match import Answer
from lading.model.package import Package

YES, NO, DOUBT = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.UNKNOWN


def fixed_in(*versions: str, kind: EventKind = EventKind.FIXED) -> Affected:
    start = Event(kind=EventKind.INTRODUCED, version="0")
    ranges = tuple(
        Range(type="ECOSYSTEM", events=(start, Event(kind=kind, version=text))) for text in versions
    )
    return Affected(ecosystem="Rocky Linux:9", name="perl", ranges=ranges)


@pytest.mark.parametrize(
    ("fix", "version", "answer"),
    [
        pytest.param("5.26.3-9", "5.26.3-1", YES, id="no epoch anywhere"),
        pytest.param("0:5.26.3-9", "5.26.3-1", YES, id="the record's epoch is zero"),
        pytest.param("0:5.26.3-9", "5.26.3-9", NO, id="the record's epoch is zero, fixed"),
        pytest.param("4:5.26.3-9", "4:5.26.3-1", YES, id="the binary has the same epoch"),
        pytest.param("4:5.26.3-9", "4:5.26.3-9", NO, id="the binary has the same epoch, fixed"),
        pytest.param("4:5.26.3-9", "5.26.3-1", YES, id="below by number whatever the epoch"),
        pytest.param("4:5.26.3-9", "5.26.3-9", DOUBT, id="fixed but for the epoch"),
        pytest.param("5.26.3-9", "1:5.26.3-1", DOUBT, id="the binary's epoch alone is above"),
    ],
)
def test_a_source_without_an_epoch_is_decided_only_when_the_epoch_does_not_matter(
    fix: str, version: str, answer: Answer
) -> None:
    assert affects_source(fixed_in(fix), version, "rpm").answer is answer


def test_the_rule_says_that_the_epoch_is_missing() -> None:
    rule = affects_source(fixed_in("4:5.26.3-9"), "1:5.26.3-9", "rpm").rule

    assert rule == (
        "the image does not say the epoch of the source package: 1:5.26.3-9 is affected, "
        "5.26.3-9 without epochs is not-affected"
    )


@pytest.mark.parametrize(
    ("version", "module", "expected"),
    [
        ("1:16.20.2-3.module_el8.8.0+3615+3543c705", None, True),
        ("1:16.20.2-3.el8", "nodejs:16:8080020230901:ad008a3a", True),
        ("1:16.20.2-3.el8", None, False),
        (None, None, False),
    ],
)
def test_a_module_s_build_says_so_in_its_release_or_its_label(
    version: str | None, module: str | None, expected: bool
) -> None:
    package = Package(type="rpm", name="nodejs", version=version, module=module, paths=("/",))

    assert is_modular(package) is expected


MODULE = "1:18.20.2-1.module_el8.9.0+3743+0efc65be"


@pytest.mark.parametrize(
    ("record", "modular", "is_other"),
    [
        pytest.param(fixed_in(MODULE), True, False, id="both of a module"),
        pytest.param(fixed_in(MODULE), False, True, id="the record alone"),
        pytest.param(fixed_in("1.0-1.el8"), True, True, id="the package alone"),
        pytest.param(fixed_in("1.0-1.el8"), False, False, id="neither"),
        pytest.param(fixed_in("1.0-1.el8", MODULE), True, False, id="a record about both"),
        pytest.param(fixed_in(), False, False, id="a record that does not say"),
        pytest.param(
            fixed_in(MODULE, kind=EventKind.LAST_AFFECTED), False, True, id="by the last affected"
        ),
    ],
)
def test_a_record_is_about_the_builds_of_its_versions(
    record: Affected, modular: bool, is_other: bool
) -> None:
    assert (other_build(record, modular=modular) is not None) is is_other


def test_the_rule_names_the_build_that_the_record_is_about() -> None:
    assert other_build(fixed_in(MODULE), modular=False) == (
        f"the record is about builds of a module ({MODULE}), and this is none"
    )
    assert other_build(fixed_in("1.0-1"), modular=True) == (
        "the record is about builds outside of modules (1.0-1), and this is a module's"
    )
