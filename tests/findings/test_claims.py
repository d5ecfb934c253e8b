"""The word that stands in the end: of the right module stream, and of the distribution."""

from dataclasses import replace

import pytest

from lading.findings import Claim, Register, claims, merge
from lading.model.advisory import Advisory, Affected, Candidate, Event, EventKind, Range
from lading.model.match import Answer, Match
from lading.model.package import Package

YES, NO, DOUBT = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.UNKNOWN

OWNER = Package(
    type="deb", name="python3-setuptools", version="66.1.1-1", paths=("/d",), id="deb/setuptools"
)
OWNED = Package(
    type="pypi", name="setuptools", version="66.1.1", paths=("/p",), id="pypi", owner=OWNER.id
)

PYSEC = Advisory(id="PYSEC-1", feed="osv/PyPI", modified=None, aliases=("CVE-2024-6345",))
GHSA = Advisory(id="GHSA-1", feed="osv/PyPI", modified=None, aliases=("CVE-2024-6345",))
DEBIAN = Advisory(
    id="DEBIAN-CVE-2024-6345", feed="osv/Debian", modified=None, upstream=("CVE-2024-6345",)
)
OTHER = Advisory(
    id="DEBIAN-CVE-2022-40897", feed="osv/Debian", modified=None, upstream=("CVE-2022-40897",)
)


def a_match(
    record: Advisory, package: Package, answer: Answer, *, fixed: str | None = None, **more: object
) -> Match:
    ends = (Event(kind=EventKind.FIXED, version=fixed),) if fixed else ()
    affected = Affected(
        ecosystem="E",
        name=package.name,
        ranges=(Range(type="ECOSYSTEM", events=ends),),
        **more,  # type: ignore[arg-type]  # a builder
    )
    return Match(
        package=package,
        candidate=Candidate(advisory=record.id, feed=record.feed, affected=affected),
        answer=answer,
        rule=f"{record.id} says so",
        fixed=("70.0",) if answer is YES else (),
    )


def settled(
    *pairs: tuple[Advisory, Match], related: tuple[Advisory, ...] = ()
) -> tuple[Claim, ...]:
    advisories = {record.id: record for record, _ in pairs}
    register = Register((*advisories.values(), *related))
    return claims([match for _, match in pairs], advisories, register)


@pytest.mark.parametrize(
    ("theirs", "ours", "final"),
    [
        pytest.param(NO, YES, NO, id="fixed by the distribution"),
        pytest.param(NO, DOUBT, NO, id="fixed by the distribution, doubtful upstream"),
        pytest.param(YES, YES, YES, id="both affected"),
        pytest.param(YES, DOUBT, YES, id="affected by the distribution, doubtful upstream"),
        pytest.param(DOUBT, YES, YES, id="doubtful for the distribution"),
        pytest.param(YES, NO, NO, id="another version than upstream's affected ones"),
    ],
)
def test_the_distribution_decides_on_what_it_installed(
    theirs: Answer, ours: Answer, final: Answer
) -> None:
    found = settled((PYSEC, a_match(PYSEC, OWNED, ours)), (DEBIAN, a_match(DEBIAN, OWNER, theirs)))

    assert found[0].match.answer is final
    assert found[1].match.answer is theirs


def test_the_rule_says_who_decided_and_how() -> None:
    ours = (PYSEC, a_match(PYSEC, OWNED, YES))
    rules = {
        answer: settled(ours, (DEBIAN, a_match(DEBIAN, OWNER, answer)))[0].match.rule
        for answer in Answer
    }
    said = "python3-setuptools 66.1.1-1, which installed it, is {} by DEBIAN-CVE-2024-6345: "
    said += "DEBIAN-CVE-2024-6345 says so"

    assert rules[NO] == said.format("not-affected")
    assert rules[YES] == f"{said.format('affected')}; PYSEC-1 says so"
    assert rules[DOUBT] == f"PYSEC-1 says so; {said.format('unknown')}"


SILENT = (
    "PYSEC-1 says so; installed by the OS package deb/setuptools; "
    "the distribution says nothing of this"
)


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param((), id="nothing at all"),
        pytest.param(((OTHER, a_match(OTHER, OWNER, NO)),), id="of another vulnerability"),
        pytest.param(
            ((DEBIAN, a_match(DEBIAN, replace(OWNER, id="deb/other"), NO)),),
            id="of another package",
        ),
        pytest.param(
            ((DEBIAN, a_match(DEBIAN, OWNER, NO, withdrawn=True)),), id="and took it back"
        ),
    ],
)
def test_where_the_distribution_is_silent_the_finding_stays_and_says_so(
    theirs: tuple[tuple[Advisory, Match], ...],
) -> None:
    found = settled((PYSEC, a_match(PYSEC, OWNED, YES)), *theirs)

    assert (found[0].match.answer, found[0].match.rule) == (YES, SILENT)


def test_an_erratum_about_another_build_is_not_the_distribution_s_word() -> None:
    owner = replace(OWNER, type="rpm", version="66.1.1-1.el8")
    erratum = Advisory(
        id="ALSA-2024:1", feed="osv/AlmaLinux:8", modified=None, related=("CVE-2024-6345",)
    )
    theirs = replace(a_match(erratum, owner, NO, fixed="50-1.module_el8.1"), elsewhere=True)

    found = settled((PYSEC, a_match(PYSEC, OWNED, YES)), (erratum, theirs))

    assert found[0].match.rule == SILENT


def test_of_several_statements_the_worst_counts() -> None:
    erratum = Advisory(id="DSA-1-1", feed="f", modified=None, upstream=("CVE-2024-6345",))

    found = settled(
        (PYSEC, a_match(PYSEC, OWNED, YES)),
        (erratum, a_match(erratum, OWNER, NO)),
        (DEBIAN, a_match(DEBIAN, OWNER, YES)),
    )

    assert found[0].match.answer is YES


def test_names_meet_through_a_record_of_another_source() -> None:
    pysec = Advisory(id="PYSEC-2", feed="osv/PyPI", modified=None, aliases=("GHSA-1",))

    found = settled(
        (pysec, a_match(pysec, OWNED, YES)),
        (DEBIAN, a_match(DEBIAN, OWNER, NO)),
        related=(GHSA,),
    )

    assert found[0].names == {"PYSEC-2", "GHSA-1", "CVE-2024-6345"}
    assert found[0].match.answer is NO


def test_what_no_os_package_owns_is_left_to_its_own_records() -> None:
    pip = replace(OWNED, owner=None)

    found = settled((PYSEC, a_match(PYSEC, pip, YES)), (DEBIAN, a_match(DEBIAN, OWNER, NO)))

    assert (found[0].match.answer, found[0].match.rule) == (YES, "PYSEC-1 says so")


def test_a_finding_that_the_distribution_denies_is_none() -> None:
    matches = [a_match(PYSEC, OWNED, YES), a_match(DEBIAN, OWNER, NO)]
    advisories = {record.id: record for record in (PYSEC, DEBIAN)}

    assert merge(matches, advisories=advisories, related=(), kev={}, epss={}) == ()


def test_a_match_without_its_record_has_no_claim() -> None:
    assert claims([a_match(PYSEC, OWNED, YES)], {}, Register(())) == ()


def a_module(label: str | None) -> Package:
    return Package(
        type="rpm", name="npm", version="1:8.19-1.module", module=label, paths=("/r",), id="rpm/npm"
    )


@pytest.mark.parametrize(
    ("title", "label", "answer"),
    [
        pytest.param(
            "Important: nodejs:18 security update", "nodejs:16:808:ad", NO, id="another stream"
        ),
        pytest.param(
            "Important: nodejs:18 security update", "nodejs:18:809:ad", YES, id="the same stream"
        ),
        pytest.param("nodejs:18 bug fix update", "nodejs:18", YES, id="a short label"),
        pytest.param("Important: nodejs:18 security update", None, YES, id="no label"),
        pytest.param("Important: nodejs:18 security update", "nodejs", YES, id="half a label"),
        pytest.param("Moderate: nodejs security update", "nodejs:16:808:ad", YES, id="no stream"),
        pytest.param(None, "nodejs:16:808:ad", YES, id="no title"),
        pytest.param(
            "Important: virt:rhel and virt-devel:rhel security update",
            "virt-devel:av:808:ad",
            NO,
            id="of two modules, the right one",
        ),
        pytest.param(
            "Important: nodejs:14 and nodejs:16 update", "nodejs:16:808:ad", YES, id="one of two"
        ),
        pytest.param(
            "Critical: go-toolset:rhel8 update", "nodejs:16:8:a", YES, id="another module"
        ),
    ],
)
def test_an_erratum_is_for_the_streams_that_its_title_names(
    title: str | None, label: str | None, answer: Answer
) -> None:
    erratum = Advisory(
        id="ALSA-2024:1", feed="f", modified=None, title=title, related=("CVE-2024-22019",)
    )

    (found,) = settled((erratum, a_match(erratum, a_module(label), YES)))

    assert found.match.answer is answer


def test_the_rule_names_both_streams() -> None:
    erratum = Advisory(
        id="ALSA-2024:1",
        feed="f",
        modified=None,
        title="nodejs:18 update",
        upstream=("CVE-2024-1",),
    )

    (found,) = settled((erratum, a_match(erratum, a_module("nodejs:16:808:ad"), YES)))

    assert found.match.rule == ("ALSA-2024:1 is for the stream nodejs:18, and this is of nodejs:16")
    assert found.match.fixed == ()
