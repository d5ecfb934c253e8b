"""Packages with advisories: one look-up, matches, and what could not be matched."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from lading.matching import match
from lading.model.advisory import Affected, Candidate, Event, EventKind, Range
from lading.model.coordinate import Coordinate, Sought
from lading.model.match import Answer
from lading.model.package import Package, Release, SourcePackage
from lading.versions.packed import pack

DEBIAN = Release(id="debian", version_id="12", path="/etc/os-release")
KNOWN = frozenset(("Debian:12", "PyPI"))


def a_candidate(ecosystem: str, name: str, fixed: str, id: str = "ID-1") -> Candidate:
    events = (
        Event(kind=EventKind.INTRODUCED, version="0"),
        Event(kind=EventKind.FIXED, version=fixed),
    )
    affected = Affected(
        ecosystem=ecosystem, name=name, ranges=(Range(type="ECOSYSTEM", events=events),)
    )
    return Candidate(advisory=id, feed="feed", affected=affected)


def installed(type: str, name: str, version: str | None) -> Package:
    return Package(type=type, name=name, version=version, paths=("/p",), id=f"{type}/{name}")


class Feeds:
    """A database of candidates that counts how often it is asked."""

    def __init__(self, *candidates: Candidate) -> None:
        self.asked: list[set[Coordinate]] = []
        self._candidates = candidates

    def __call__(self, sought: Iterable[Sought]) -> Mapping[Coordinate, tuple[Candidate, ...]]:
        wanted = {one.coordinate for one in sought}
        self.asked.append(wanted)
        found: dict[Coordinate, tuple[Candidate, ...]] = {}
        for one in self._candidates:
            place = Coordinate(one.affected.ecosystem, one.affected.name)
            if place in wanted:
                found[place] = (*found.get(place, ()), one)
        return found


def test_all_packages_are_looked_up_at_once() -> None:
    feeds = Feeds(a_candidate("Debian:12", "bash", "2"), a_candidate("PyPI", "django", "4"))
    packages = [installed("deb", "bash", "1"), installed("pypi", "Django", "3.2")]

    found = match(packages, DEBIAN, feeds, KNOWN)

    assert feeds.asked == [{Coordinate("Debian:12", "bash"), Coordinate("PyPI", "django")}]
    assert [one.package.id for one in found.matches] == ["deb/bash", "pypi/Django"]
    assert found.unmatched == ()


def test_what_is_not_affected_is_no_match_unless_everything_is_asked_for() -> None:
    feeds = Feeds(a_candidate("PyPI", "django", "3"))
    packages = [installed("pypi", "django", "3.2")]

    assert match(packages, None, feeds, KNOWN).matches == ()
    (kept,) = match(packages, None, feeds, KNOWN, everything=True).matches
    assert kept.answer is Answer.NOT_AFFECTED
    assert kept.rule == "3.2 is not below 3 (pep440)"


def test_an_unreadable_version_is_a_match_of_unknown() -> None:
    feeds = Feeds(a_candidate("PyPI", "django", "3"))

    (found,) = match([installed("pypi", "django", "???")], None, feeds, KNOWN).matches

    assert found.answer is Answer.UNKNOWN


def test_records_are_sought_for_the_version_so_that_others_stay_where_they_are() -> None:
    sought: set[Sought] = set()

    def look_up(all: Iterable[Sought]) -> Mapping[Coordinate, tuple[Candidate, ...]]:
        sought.update(all)
        return {}

    packages = [
        installed("pypi", "a", "1.0"),
        installed("pypi", "b", "?"),
        installed("maven", "c:c", "1"),
    ]
    match(packages, None, look_up, frozenset(("PyPI", "Maven")))

    assert sought == {
        Sought(Coordinate("PyPI", "a"), pack("pep440", "1.0")),
        Sought(Coordinate("PyPI", "b"), None),
        Sought(Coordinate("Maven", "c:c"), None),
    }


def test_when_everything_is_asked_for_records_are_sought_whatever_the_version() -> None:
    sought: list[Sought] = []

    def look_up(all: Iterable[Sought]) -> Mapping[Coordinate, tuple[Candidate, ...]]:
        sought.extend(all)
        return {}

    match([installed("pypi", "a", "1.0")], None, look_up, KNOWN, everything=True)

    assert sought == [Sought(Coordinate("PyPI", "a"), None)]


def test_packages_that_no_feed_covers_are_listed_with_the_reason() -> None:
    feeds = Feeds()
    packages = [
        installed("gem", "rack", "1"),
        installed("deb", "bash", "1"),
        installed("pypi", "a", "1"),
    ]
    release = Release(id="debian", version_id="13", path="/etc/os-release")

    found = match(packages, release, feeds, KNOWN)

    assert [(one.package, one.reason) for one in found.unmatched] == [
        ("gem/rack", "no advisory data for RubyGems"),
        ("deb/bash", "no advisory data for Debian:13"),
    ]
    assert feeds.asked == [{Coordinate("PyPI", "a")}]


def test_without_a_known_distribution_its_packages_are_unmatched() -> None:
    (found,) = match([installed("deb", "bash", "1")], None, Feeds(), KNOWN).unmatched

    assert found.reason == "unknown distribution: the image does not name one"


def test_the_binaries_of_one_source_get_the_same_answers_and_the_rule_names_it() -> None:
    feeds = Feeds(a_candidate("Debian:12", "openssl", "3.0.12-1"))
    source = SourcePackage(name="openssl", version="3.0.11-1")
    packages = [
        replace(installed("deb", name, "3.0.11-1"), source=source)
        for name in ("libssl3", "openssl")
    ]

    found = match(packages, DEBIAN, feeds, KNOWN).matches

    assert [(one.package.name, one.rule) for one in found] == [
        ("libssl3", "3.0.11-1 is below 3.0.12-1 (deb), by its source package openssl"),
        ("openssl", "3.0.11-1 is below 3.0.12-1 (deb)"),
    ]


def test_a_derivative_s_findings_say_what_it_was_read_as() -> None:
    feeds = Feeds(a_candidate("Debian:12", "bash", "2"))
    release = replace(DEBIAN, id="raspbian", id_like=("debian",), codename="bookworm")

    (found,) = match([installed("deb", "bash", "1")], release, feeds, KNOWN).matches

    assert found.rule.endswith(", read as Debian:12, since raspbian says that it is like debian")


def test_a_module_s_erratum_is_not_held_against_the_distribution_s_own_build() -> None:
    fix = "1:18.20.2-1.module_el8.9.0+3743+0efc65be"
    feeds = Feeds(a_candidate("AlmaLinux:8", "nodejs", fix))
    release = Release(id="almalinux", version_id="8.9", path="/etc/os-release")
    packages = [installed("rpm", "nodejs", "1:10.24.0-1.el8")]

    assert match(packages, release, feeds, frozenset(("AlmaLinux:8",))).matches == ()


def test_a_source_rpm_without_an_epoch_is_never_taken_for_epoch_zero() -> None:
    feeds = Feeds(a_candidate("Rocky Linux:8", "perl", "4:5.26.3-422.el8"))
    release = Release(id="rocky", version_id="8.9", path="/etc/os-release")
    package = replace(
        installed("rpm", "perl-Errno", "1.28-422.el8"),
        source=SourcePackage(name="perl", version="5.26.3-422.el8"),
    )

    (found,) = match([package], release, feeds, frozenset(("Rocky Linux:8",))).matches

    assert found.answer is Answer.UNKNOWN


def test_the_owner_of_an_affected_language_package_keeps_what_the_distribution_denies() -> None:
    feeds = Feeds(
        a_candidate("Debian:12", "setuptools", "66"), a_candidate("PyPI", "setuptools", "78")
    )
    owner = installed("deb", "setuptools", "66.1-1")
    owned = replace(installed("pypi", "setuptools", "66.1"), owner=owner.id)

    alone = match([owner], DEBIAN, feeds, KNOWN).matches
    both = match([owner, owned], DEBIAN, feeds, KNOWN).matches

    assert alone == ()
    assert [(one.package.id, one.answer) for one in both] == [
        ("pypi/setuptools", Answer.AFFECTED),
        ("deb/setuptools", Answer.NOT_AFFECTED),
    ]
    assert both[1].rule == "66.1-1 is not below 66 (deb)"


def a_binary(name: str, version: str, source: str, **facts: Any) -> Package:
    of = SourcePackage(name=source, version=None)
    return replace(installed("deb", name, version), source=of, **facts)


def test_sources_that_are_built_into_a_package_count_and_the_rule_says_how() -> None:
    feeds = Feeds(a_candidate("Debian:12", "glibc", "2.36-10"))
    inside = (
        SourcePackage(name="glibc", version="2.36-9"),
        SourcePackage(name="zlib", version="1"),
    )
    package = a_binary("busybox-static", "1:1.35.0-4", "busybox", built_using=inside)

    (found,) = match([package], DEBIAN, feeds, KNOWN).matches

    assert found.answer is Answer.AFFECTED
    assert found.rule == (
        "2.36-9 is below 2.36-10 (deb), by glibc, which is built into it (inferred)"
    )


def test_what_a_source_says_of_headers_is_kept_and_the_rule_says_that_they_hold_no_code() -> None:
    feeds = Feeds(a_candidate("Debian:12", "linux", "6.1.60-1"))

    (found,) = match(
        [a_binary("linux-libc-dev", "6.1.55-1", "linux")], DEBIAN, feeds, KNOWN
    ).matches

    assert found.answer is Answer.AFFECTED
    assert found.rule == (
        "6.1.55-1 is below 6.1.60-1 (deb), by its source package linux; "
        "kernel headers, which hold no code that runs"
    )


@pytest.mark.parametrize(
    ("state", "statement", "said"),
    [
        pytest.param("not-fixed", None, "; not fixed yet", id="open"),
        pytest.param("wont-fix", "Minor", "; it will not be fixed (Minor)", id="ignored"),
        pytest.param("deferred", "Minor  issue", "; its fix is put off (Minor issue)", id="no-dsa"),
        pytest.param(
            "end-of-life", None, "; the package is no longer supported in this release", id="eol"
        ),
        pytest.param(
            "under-investigation", None, "; whether it is affected is being looked into", id="open?"
        ),
        pytest.param("informational", None, "; advice, no vulnerability", id="advice"),
        pytest.param("somebody's own", "x", "", id="a state that is not known"),
        pytest.param(None, "x", "", id="no state"),
    ],
)
def test_the_rule_says_what_the_record_says_instead_of_a_fix(
    state: str | None, statement: str | None, said: str
) -> None:
    one = a_candidate("Debian:12", "bash", "2")
    affected = replace(
        one.affected,
        state=state,
        statement=statement,
        ranges=(Range(type="ECOSYSTEM", events=(Event(kind=EventKind.INTRODUCED, version="0"),)),),
    )

    (found,) = match(
        [installed("deb", "bash", "1")], DEBIAN, Feeds(replace(one, affected=affected)), KNOWN
    ).matches

    assert found.rule == f"1 is affected like every version (deb){said}"


def test_a_word_on_a_module_as_a_whole_is_held_against_the_build_of_the_module() -> None:
    one = a_candidate("Red Hat:enterprise_linux:8", "nodejs:18", "8090020240101")
    whole = replace(one.affected, of="module", module="nodejs:18")
    feeds = Feeds(replace(one, affected=whole))
    package = replace(
        installed("rpm", "npm", "1:10.2-1.module+el8"), module="nodejs:18:8080020230101:abc"
    )
    release = Release(id="rhel", version_id="8", path="/etc/os-release")

    (found,) = match([package], release, feeds, frozenset(("Red Hat:enterprise_linux:8",))).matches

    assert found.answer is Answer.AFFECTED
    assert found.rule == (
        "8080020230101 is below 8090020240101 (rpm), by the build of its module nodejs:18"
    )


def test_a_record_about_others_is_no_match_but_is_explained() -> None:
    one = a_candidate("Rocky Linux:9", "thing", "2")
    feeds = Feeds(replace(one, affected=replace(one.affected, arches=("aarch64",))))
    package = replace(installed("rpm", "thing", "1-1"), arch="x86_64")
    release = Release(id="rocky", version_id="9", path="/etc/os-release")
    known = frozenset(("Rocky Linux:9",))

    assert match([package], release, feeds, known).matches == ()
    (told,) = match([package], release, feeds, known, everything=True).matches
    assert (told.answer, told.elsewhere) == (Answer.NOT_AFFECTED, True)
    assert told.rule == "the record is about aarch64, and this is x86_64"


def test_a_word_for_a_tier_is_held_against_the_word_for_everybody_wherever_that_is() -> None:
    everybody = a_candidate("Ubuntu:16.04:LTS", "thing", "1")
    tier = a_candidate("Ubuntu:Pro:16.04:LTS", "thing", "2+esm1")
    known = frozenset(("Ubuntu:16.04:LTS", "Ubuntu:Pro:16.04:LTS"))
    release = Release(id="ubuntu", version_id="16.04", path="/etc/os-release")
    asked: list[int] = []

    def look_up(sought: Iterable[Sought]) -> Mapping[Coordinate, tuple[Candidate, ...]]:
        """Leave out, as the database does, what is not about the version."""
        wanted = list(sought)
        asked.append(len(wanted))
        left = [tier] if all(one.version is not None for one in wanted) else [everybody, tier]
        return {Coordinate(one.affected.ecosystem, "thing"): (one,) for one in left}

    found = match([installed("deb", "thing", "1.5")], release, look_up, known)

    assert found.matches == ()
    assert len(asked) == 2


def test_two_thousand_packages_take_a_moment() -> None:
    packages = [installed("npm", f"p{n}", f"{n % 7}.{n % 89}.1") for n in range(2000)]
    answers = {
        Coordinate("npm", f"p{n}"): tuple(
            a_candidate("npm", f"p{n}", f"{k}.{n % 97}.0", f"ID-{n}-{k}") for k in range(10)
        )
        for n in range(2000)
    }

    start = time.process_time()
    found = match(
        packages,
        None,
        lambda sought: {one: answers[one] for one, _ in sought},
        frozenset(("npm",)),
    )

    # Some 0.1 s on a quiet machine; far more would mean work that grows with their product.
    assert time.process_time() - start < 3
    assert len(found.matches) > 1000
