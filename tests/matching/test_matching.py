"""Packages with advisories: one look-up, matches, and what could not be matched."""

from collections.abc import Iterable, Mapping

from lading.matching import match
from lading.model.advisory import Affected, Candidate, Event, EventKind, Range
from lading.model.coordinate import Coordinate
from lading.model.match import Answer
from lading.model.package import Package, Release

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

    def __call__(
        self, coordinates: Iterable[Coordinate]
    ) -> Mapping[Coordinate, tuple[Candidate, ...]]:
        wanted = set(coordinates)
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
