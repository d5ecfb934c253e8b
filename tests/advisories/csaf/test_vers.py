"""Version ranges written as `vers:` URIs."""

import pytest

from lading.advisories.csaf.vers import read_vers
from lading.errors import InvalidRecord


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("vers:npm/<2.0", [["introduced 0", "fixed 2.0"]]),
        ("vers:npm/<=2.0", [["introduced 0", "last_affected 2.0"]]),
        ("vers:pypi/>=1.0|<2.0", [["introduced 1.0", "fixed 2.0"]]),
        (
            "vers:pypi/>=1.0|<1.5|>2.0|<=2.5",
            [["introduced 1.0", "fixed 1.5"], ["introduced 2.0", "last_affected 2.5"]],
        ),
        ("vers:deb/>=1.0", [["introduced 1.0"]]),
        ("vers:deb/>=1.0|>=2.0|<3", [["introduced 1.0"], ["introduced 2.0", "fixed 3"]]),
        ("vers:deb/<1%3A2.0", [["introduced 0", "fixed 1:2.0"]]),
        ("vers:npm/*", [["introduced 0"]]),
    ],
)
def test_constraints_are_ranges(text: str, ranges: list[list[str]]) -> None:
    found, versions = read_vers(text)

    assert [[f"{e.kind} {e.version}" for e in one.events] for one in found] == ranges
    assert versions == ()


def test_single_versions_are_listed() -> None:
    ranges, versions = read_vers("vers:npm/1.0|=1.1|<0.5")

    assert versions == ("1.0", "1.1")
    assert len(ranges) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1.0",
        "vers:npm",
        "vers:npm/",
        "vers:npm/<",
        "vers:npm/!=1.0",
        "vers:npm/<1.0|*",
        "vers:npm/" + "1|" * 10_001,
    ],
)
def test_what_cannot_be_said_in_ranges_is_refused(text: str) -> None:
    with pytest.raises(InvalidRecord):
        read_vers(text)
