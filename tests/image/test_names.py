"""Names as a layer writes them, where container runtimes put them."""

import posixpath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.image.limits import Limits
from lading.image.names import absolute, cleaned, usual

LIMITS = Limits()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"etc/passwd", "/etc/passwd"),
        (b"./etc/passwd", "/etc/passwd"),
        (b"etc/", "/etc"),
        (b"a//b/./c", "/a/b/c"),
        (b".", ""),
        (b"./", ""),
        (b"/", ""),
        (b"", ""),
        (b".hidden", "/.hidden"),
        (b"a/..b", "/a/..b"),
        (b"a/b..", "/a/b.."),
        (b"\xff\xfe", "/\udcff\udcfe"),
        ("größe".encode(), "/größe"),
    ],
)
def test_usual_names(name: bytes, path: str) -> None:
    assert absolute(name, LIMITS) == (path, "")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"/etc/passwd", "/etc/passwd"),
        (b"//etc", "/etc"),
        (b"/ko-app/server", "/ko-app/server"),
    ],
)
def test_a_leading_slash_means_nothing(name: bytes, path: str) -> None:
    assert absolute(name, LIMITS) == (path, "")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"../../etc/passwd", "/etc/passwd"),
        (b"/../etc", "/etc"),
        (b"a/b/../c", "/a/c"),
        (b"a/../../../b", "/b"),
        (b"a/..", ""),
        (b"..", ""),
    ],
)
def test_names_that_climb_stop_at_the_root_and_are_told(name: bytes, path: str) -> None:
    assert absolute(name, LIMITS) == (path, "name with .. in a layer")


@pytest.mark.parametrize(
    ("name", "oddity"),
    [
        (b"a\0b", "name with a NUL byte"),
        (b"n" * 256, "name of more than 255 bytes"),
        (b"a/" + "é".encode() * 128, "name of more than 255 bytes"),
        (b"n" * 65536, "name of more than 255 bytes"),
        (b"ab/" * 1400, "path of more than 4096 bytes"),
    ],
)
def test_names_that_no_file_can_have_are_refused(name: bytes, oddity: str) -> None:
    assert absolute(name, LIMITS) == (None, oddity)


def test_the_longest_names_are_read() -> None:
    assert absolute(b"n" * 255, LIMITS).path == "/" + "n" * 255
    assert absolute(b"ab/" * 1365, LIMITS).path == "/ab" * 1365


@given(st.text("ab./", max_size=20))
def test_cleaning_agrees_with_the_posix_rules_for_paths(text: str) -> None:
    expected = posixpath.normpath("/" + text.lstrip("/"))

    assert cleaned(text) == ("" if expected == "/" else expected)


@given(st.binary(max_size=40))
def test_no_name_leaves_the_image(name: bytes) -> None:
    path = absolute(name, LIMITS).path

    if path:
        assert path.startswith("/")
        assert not {"", ".", ".."} & set(path[1:].split("/"))


@given(st.text("./ax\0\udcff", max_size=12) | st.text(max_size=300))
def test_what_the_short_way_names_is_what_the_long_way_names(text: str) -> None:
    name = text.encode("utf-8", "replace")
    path = usual(name, LIMITS)

    assert path is None or absolute(name, LIMITS) == (path, "")


def test_the_short_way_is_taken_for_usual_names() -> None:
    assert usual(b"./usr/bin/x", LIMITS) == "/usr/bin/x"
