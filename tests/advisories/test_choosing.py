"""Feeds by name, by ecosystem, and by what a target holds."""

import pytest

from lading.advisories.choosing import chosen, ecosystems_of, needed, speaks_of
from lading.advisories.sources import SOURCES, Source
from lading.advisories.sources.osv import OSV
from lading.errors import UsageError


def a_source(name: str, *ecosystems: str) -> Source:
    return Source(name=name, url="https://localhost/x", format=OSV, ecosystems=ecosystems)


@pytest.mark.parametrize(
    ("name", "ecosystems"),
    [
        ("osv/PyPI", ("PyPI",)),
        ("osv/Red Hat", ("Red Hat",)),
        ("secdb/alpine/v3.22/main", ("Alpine:v3.22",)),
        ("secdb/wolfi", ("Wolfi",)),
        ("kev", ()),
    ],
)
def test_a_name_says_which_ecosystem_it_is_of(name: str, ecosystems: tuple[str, ...]) -> None:
    assert ecosystems_of(a_source(name)) == ecosystems


@pytest.mark.parametrize(
    ("ecosystem", "answer"),
    [("Debian", True), ("Debian:12", True), ("Debi", False), ("Ubuntu:22.04", False), ("", False)],
)
def test_a_feed_speaks_of_all_releases_unless_it_names_one(ecosystem: str, answer: bool) -> None:
    assert speaks_of(a_source("tracker", "Debian"), ecosystem) is answer


def test_a_feed_of_one_release_speaks_of_no_other() -> None:
    one = a_source("secdb/alpine/v3.22/main")

    assert speaks_of(one, "Alpine:v3.22")
    assert speaks_of(one, "Alpine")
    assert not speaks_of(one, "Alpine:v3.2")


def test_names_and_ecosystems_can_be_mixed() -> None:
    found = {one.name for one in chosen(["kev", "PyPI", "osv/Go", "Debian"])}

    assert found >= {"kev", "osv/PyPI", "osv/Go", "osv/Debian"}
    assert not found & {"osv/npm", "osv/Ubuntu", "epss"}


@pytest.mark.parametrize("name", ["", "osv", "Runes", "osv/Runes"])
def test_what_is_neither_is_wrong_usage(name: str) -> None:
    with pytest.raises(UsageError, match="--only"):
        chosen(["kev", name])


def test_what_is_needed_are_feeds_of_the_ecosystems_and_facts_of_all() -> None:
    found = {one.name for one in needed(["Alpine:v3.22", "npm"])}

    assert found >= {"kev", "osv/npm", "secdb/alpine/v3.22/main", "secdb/alpine/v3.22/community"}
    assert not found & {"secdb/alpine/v3.21/main", "osv/PyPI"}


def test_facts_alone_are_needed_where_nothing_is_known() -> None:
    assert {one.name for one in needed([])} <= {"kev", "epss"}
    assert len(needed(one for source in SOURCES for one in ecosystems_of(source))) <= len(SOURCES)
