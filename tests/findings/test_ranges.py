"""Which versions a written range means."""

import pytest

from lading.findings.ranges import holds, parse_range, parse_vers


@pytest.mark.parametrize(
    ("text", "type", "version", "answer"),
    [
        (">=1.0, <2.0", "pypi", "1.5", True),
        (">=1.0, <2.0", "pypi", "2.0", False),
        ("<1.1.1n-0+deb11u5", "deb", "1.1.1n-0+deb11u4", True),
        ("<2", "npm", "1.99.0", True),
        ("<2.1", "npm", "2.1.0", False),
        (">v1", "golang", "v1.0.1", True),
        ("1.0", "pypi", "1.0.0", True),
        ("==1.0", "pypi", "1.1", False),
        ("!=1.0", "pypi", "1.0", False),
        ("<=1.0", "pypi", "1.0", True),
        (">1.0", "pypi", "1.0", False),
        ("<1 | >=3", "pypi", "3.1", True),
        ("<1 | >=3", "pypi", "2", False),
        ("*", "pypi", None, True),
        ("<1", "pypi", None, None),
        ("<1", "pypi", "what?", None),
        ("what?", "pypi", "what?", True),
        ("<1", "a type of no scheme", "0.5", True),
        ("<x~ | what?", "pypi", "1", None),
        (">0, <x~", "pypi", "1", None),
        (">5, <x~", "pypi", "1", False),
    ],
)
def test_a_range_is_read_in_the_order_of_the_packages_scheme(
    text: str, type: str, version: str | None, answer: bool | None
) -> None:
    assert holds(parse_range(text), type, version) is answer


@pytest.mark.parametrize("text", ["", ",", "<", ">=1 <2", "<1,", "|", "1 2", "=<1"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no range of versions"):
        parse_range(text)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("vers:npm/1.2.3|>=2.0.0|<5.0.0", "1.2.3 2.0.0 4.9.9", "1.2.4 5.0.0"),
        ("vers:npm/<1.0.0|>=2.0.0|<2.1.0", "0.9.0 2.0.1", "1.0.0 2.1.0"),
        ("vers:npm/<=1.0.0|<=2.0.0", "0.1.0 1.5.0", "2.0.1"),
        ("vers:npm/>1.0.0", "1.0.1 9.0.0", "1.0.0"),
        ("vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.4.0", "1.5.0 2.0.0"),
        ("vers:npm/!=1.5.0", "1.0.0", "1.5.0"),
        ("vers:npm/*", "0.0.1", ""),
        ("vers:npm/1.0.0%2Bbuild", "1.0.0+build", "1.0.1"),
        ("vers:npm/>=1.0.0|>=2.0.0", "1.0.0 3.0.0", "0.9.0"),
    ],
)
def test_vers_means_intervals(text: str, inside: str, outside: str) -> None:
    range = parse_vers(text)

    assert [holds(range, "npm", one) for one in inside.split()] == [True] * len(inside.split())
    assert [holds(range, "npm", one) for one in outside.split()] == [False] * len(outside.split())


@pytest.mark.parametrize(
    "text", ["", "1.0", "vers:npm", "vers:npm/", "vers:npm/|", "vers:npm/< |1"]
)
def test_what_is_no_vers_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no vers: range"):
        parse_vers(text)
