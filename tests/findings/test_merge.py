"""One finding for each vulnerability of a package, with every source beside it."""

from dataclasses import replace

from lading.findings import merge
from lading.model.advisory import (
    Advisory,
    Affected,
    Candidate,
    Epss,
    Event,
    EventKind,
    Kev,
    Range,
    Vector,
)
from lading.model.finding import Finding, FixState, Kind, Severity, Status
from lading.model.match import Answer, Match
from lading.model.package import Package

CRITICAL = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
DJANGO = Package(
    type="pypi", name="Django", version="3.2", paths=("/d",), id="pkg:pypi/django@3.2", layer=2
)
FLASK = replace(DJANGO, name="Flask", id="pkg:pypi/flask@1")


def a_record(id: str, *aliases: str, feed: str = "osv/PyPI", **more: object) -> Advisory:
    return Advisory(id=id, feed=feed, modified="2024-01-01T00:00:00Z", aliases=aliases, **more)  # type: ignore[arg-type]  # a builder


def a_match(
    record: Advisory,
    *fixed: str,
    package: Package = DJANGO,
    answer: Answer = Answer.AFFECTED,
    state: str | None = None,
) -> Match:
    affected = Affected(ecosystem="PyPI", name="django", state=state)
    candidate = Candidate(advisory=record.id, feed=record.feed, affected=affected)
    return Match(
        package=package, candidate=candidate, answer=answer, rule=f"by {record.id}", fixed=fixed
    )


def merged(
    *matches: tuple[Advisory, Match],
    related: tuple[Advisory, ...] = (),
    kev: dict[str, Kev] | None = None,
    epss: dict[str, Epss] | None = None,
) -> tuple[Finding, ...]:
    return merge(
        [match for _, match in matches],
        advisories={record.id: record for record, _ in matches},
        related=related,
        kev=kev or {},
        epss=epss or {},
    )


def test_records_of_one_vulnerability_are_one_finding() -> None:
    ghsa = a_record("GHSA-1", "CVE-2021-1111", title="first")
    pysec = a_record("PYSEC-1", "CVE-2021-1111", "GHSA-1")

    (finding,) = merged((ghsa, a_match(ghsa, "3.2.5")), (pysec, a_match(pysec, "3.2.4")))

    assert finding.id == "CVE-2021-1111"
    assert finding.aliases == ("GHSA-1", "PYSEC-1")
    assert [ref.id for ref in finding.advisories] == ["GHSA-1", "PYSEC-1"]
    assert finding.fix.versions == ("3.2.4", "3.2.5")
    assert (finding.package, finding.installed, finding.layer) == (DJANGO.id, "3.2", 2)
    assert (finding.rule, finding.title) == ("by GHSA-1", "first")


def test_two_packages_never_share_a_finding() -> None:
    record = a_record("GHSA-1", "CVE-2021-1111")

    found = merge(
        [a_match(record), a_match(record, package=FLASK)],
        advisories={record.id: record},
        related=(),
        kev={},
        epss={},
    )

    assert [(one.id, one.package) for one in found] == [
        ("CVE-2021-1111", DJANGO.id),
        ("CVE-2021-1111", FLASK.id),
    ]


def test_an_erratum_is_a_finding_for_each_of_its_vulnerabilities() -> None:
    record = a_record("ALSA-2024:1", related=("CVE-2024-1111", "CVE-2024-2222"))

    found = merged((record, a_match(record, "9")))

    assert [one.id for one in found] == ["CVE-2024-1111", "CVE-2024-2222"]
    assert all([ref.id for ref in one.advisories] == ["ALSA-2024:1"] for one in found)


def test_severity_is_borrowed_from_other_sources_of_the_same_vulnerability() -> None:
    silent = a_record("PYSEC-1", "CVE-2021-1111")
    scored = a_record(
        "GHSA-1", "CVE-2021-1111", vectors=(Vector(source="GHSA-1", vector=CRITICAL, score=None),)
    )

    (finding,) = merged((silent, a_match(silent)), related=(silent, scored))

    assert (finding.severity, finding.score) == (Severity.CRITICAL, 9.8)
    assert [(one.source, one.score) for one in finding.vectors] == [("GHSA-1", 9.8)]
    assert [ref.id for ref in finding.advisories] == ["PYSEC-1"]


def test_an_erratum_over_many_vulnerabilities_lends_no_severity() -> None:
    silent = a_record("PYSEC-1", "CVE-2021-1111")
    erratum = a_record("RHSA-1", rating="critical", upstream=("CVE-2021-1111", "CVE-2021-2222"))

    (finding,) = merged((silent, a_match(silent)), related=(erratum,))

    assert finding.severity is Severity.UNKNOWN


def test_one_doubtful_record_does_not_make_a_sure_one_doubtful() -> None:
    sure, unsure = a_record("GHSA-1", "CVE-2021-1111"), a_record("PYSEC-1", "CVE-2021-1111")

    (finding,) = merged((unsure, a_match(unsure, answer=Answer.UNKNOWN)), (sure, a_match(sure)))
    (doubtful,) = merged((unsure, a_match(unsure, answer=Answer.UNKNOWN)))

    assert (finding.status, finding.rule) == (Status.AFFECTED, "by GHSA-1")
    assert (doubtful.status, doubtful.rule) == (Status.UNKNOWN, "by PYSEC-1")


def test_a_malicious_package_is_critical() -> None:
    record = a_record("MAL-2024-1", malicious=True)

    (finding,) = merged((record, a_match(record)))

    assert (finding.kind, finding.severity) == (Kind.MALICIOUS, Severity.CRITICAL)


def test_exploitation_is_known_by_any_name() -> None:
    record = a_record("GHSA-1", "CVE-2021-1111")
    kev = {"CVE-2021-1111": Kev(added="2021-12-10", due="2021-12-24", ransomware=True)}
    epss = {"CVE-2021-1111": Epss(score=0.9, percentile=0.99, as_of="2024-01-01")}

    (finding,) = merged((record, a_match(record)), kev=kev, epss=epss)

    assert finding.kev == kev["CVE-2021-1111"]
    assert finding.epss == epss["CVE-2021-1111"]


def test_of_two_cves_the_likelier_to_be_exploited_counts() -> None:
    record = a_record("RUSTSEC-1", "CVE-2021-1111", "CVE-2021-2222")
    low = Epss(score=0.1, percentile=0.5, as_of="2024-01-01")
    high = replace(low, score=0.7)

    (finding,) = merged(
        (record, a_match(record)), epss={"CVE-2021-1111": low, "CVE-2021-2222": high}
    )

    assert finding.epss == high


def test_published_is_the_earliest_that_any_source_says() -> None:
    ours = a_record("PYSEC-1", "CVE-2021-1111", published="2021-05-02T00:00:00Z")
    theirs = a_record("GHSA-1", "CVE-2021-1111", published="2021-05-01T00:00:00Z")

    (finding,) = merged((ours, a_match(ours)), related=(theirs,))

    assert finding.published == "2021-05-01T00:00:00Z"


def test_a_wrong_alias_elsewhere_joins_nothing() -> None:
    first, second = a_record("GHSA-1", "CVE-2021-1111"), a_record("GHSA-2", "CVE-2021-2222")
    wrong = a_record("BIT-1", "CVE-2021-1111", "CVE-2021-2222")

    found = merged((first, a_match(first)), (second, a_match(second)), related=(wrong,))

    assert [one.id for one in found] == ["CVE-2021-1111", "CVE-2021-2222"]


def test_aliases_in_a_circle_are_one_finding() -> None:
    records = [a_record(f"X-{n}", f"X-{(n + 1) % 5}") for n in range(5)]

    (finding,) = merged(*((record, a_match(record)) for record in records))

    assert (finding.id, finding.aliases) == ("X-0", ("X-1", "X-2", "X-3", "X-4"))


def test_an_erratum_and_a_record_of_one_of_its_vulnerabilities_are_one_finding() -> None:
    erratum = a_record("USN-1-1", upstream=("UBUNTU-CVE-2021-1111", "UBUNTU-CVE-2021-2222"))
    record = a_record("UBUNTU-CVE-2021-1111", upstream=("CVE-2021-1111",))

    found = merged((erratum, a_match(erratum)), (record, a_match(record)))

    assert [one.id for one in found] == ["CVE-2021-1111", "CVE-2021-2222"]
    assert found[0].rule == "by UBUNTU-CVE-2021-1111"
    assert [ref.id for ref in found[0].advisories] == ["UBUNTU-CVE-2021-1111", "USN-1-1"]


def test_bug_fixes_that_name_no_vulnerability_are_no_findings() -> None:
    record = a_record("ALBA-2019:3332")

    assert merged((record, a_match(record))) == ()


def test_what_was_found_not_affected_is_no_finding() -> None:
    record = a_record("GHSA-1")

    assert merged((record, a_match(record, answer=Answer.NOT_AFFECTED))) == ()


def test_the_distribution_s_word_comes_before_a_score_for_its_own_packages() -> None:
    record = a_record(
        "DEBIAN-CVE-2021-1111",
        upstream=("CVE-2021-1111",),
        rating="low",
        vectors=(Vector(source="DEBIAN-CVE-2021-1111", vector=CRITICAL, score=None),),
    )
    system = replace(DJANGO, type="deb")

    assert merged((record, a_match(record, package=system)))[0].severity is Severity.LOW
    assert merged((record, a_match(record)))[0].severity is Severity.CRITICAL


def test_what_a_source_has_is_negligible_in_packages_that_hold_none_of_its_code() -> None:
    record = a_record("DEBIAN-CVE-2021-1111", upstream=("CVE-2021-1111",), rating="high")
    headers = replace(DJANGO, type="deb", name="linux-libc-dev")
    own = a_match(record, package=headers)
    affected = replace(own.candidate.affected, name="linux-libc-dev")
    named = replace(own, candidate=replace(own.candidate, affected=affected))

    assert merged((record, own))[0].severity is Severity.NEGLIGIBLE
    assert merged((record, named))[0].severity is Severity.HIGH


def test_where_aliases_join_several_cves_the_rule_says_so() -> None:
    one = a_record("GHSA-1", "CVE-2021-1111", "CVE-2021-2222")
    many = a_record("GHSA-2", *(f"CVE-2021-{number}" for number in range(1000, 1005)))

    assert merged((one, a_match(one)))[0].rule == (
        "by GHSA-1; its records name several CVEs as one: CVE-2021-1111, CVE-2021-2222"
    )
    assert merged((many, a_match(many)))[0].rule.endswith(
        "CVE-2021-1000, CVE-2021-1001, CVE-2021-1002 and 2 more"
    )


def test_what_is_still_investigated_says_so() -> None:
    record = a_record("GHSA-1")

    (finding,) = merged((record, a_match(record, state="under-investigation")))

    assert finding.status is Status.UNDER_INVESTIGATION


def test_advice_without_a_severity_is_negligible() -> None:
    advice, rated = a_record("RUSTSEC-1"), a_record("RUSTSEC-2", rating="high")

    assert (
        merged((advice, a_match(advice, state="informational")))[0].severity is Severity.NEGLIGIBLE
    )
    assert merged((rated, a_match(rated, state="informational")))[0].severity is Severity.HIGH
    assert merged((advice, a_match(advice)))[0].severity is Severity.UNKNOWN


def test_whether_there_is_a_fix_stays_open_where_the_record_does_not_tell() -> None:
    record = a_record("GHSA-1")
    last = Range(type="ECOSYSTEM", events=(Event(kind=EventKind.LAST_AFFECTED, version="4.0"),))
    ends = a_match(record)
    ends = replace(
        ends,
        candidate=replace(
            ends.candidate, affected=replace(ends.candidate.affected, ranges=(last,))
        ),
    )

    assert merged((record, ends))[0].fix.state is FixState.UNKNOWN
    doubtful = a_match(record, answer=Answer.UNKNOWN)
    assert merged((record, doubtful))[0].fix.state is FixState.UNKNOWN


def test_the_state_of_a_fix_is_what_the_feed_says() -> None:
    record = a_record("GHSA-1")

    assert merged((record, a_match(record, state="deferred")))[0].fix.state is FixState.DEFERRED
    assert merged((record, a_match(record)))[0].fix.state is FixState.NOT_FIXED
    assert merged((record, a_match(record, "4")))[0].fix.state is FixState.FIXED


def test_fixed_versions_rise_by_the_package_s_order_and_unreadable_ones_by_text() -> None:
    record = a_record("GHSA-1")

    assert merged((record, a_match(record, "3.10", "3.9")))[0].fix.versions == ("3.9", "3.10")
    assert merged((record, a_match(record, "b?", "a?")))[0].fix.versions == ("a?", "b?")
    assert merged((record, a_match(record, "b?", "9")))[0].fix.versions == ("9", "b?")


def test_findings_are_in_order_of_package_and_name() -> None:
    first, second = a_record("CVE-2021-9999"), a_record("CVE-2021-10000")

    found = merged((second, a_match(second)), (first, a_match(first)))

    assert [one.id for one in found] == ["CVE-2021-9999", "CVE-2021-10000"]


def test_of_one_record_the_statement_with_the_fix_is_shown() -> None:
    record = a_record("REDHAT-CVE-2024-6923", "CVE-2024-6923")
    general = replace(a_match(record, state="not-fixed"), rule="affected like every version")
    mended = replace(a_match(record, "3.2.1"), rule="is below 3.2.1")

    (finding,) = merged((record, general), (record, mended))

    assert (finding.rule, finding.fix.versions) == ("is below 3.2.1", ("3.2.1",))
