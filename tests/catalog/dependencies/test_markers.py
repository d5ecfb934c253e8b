"""Conditions of Python requirements, held against what an image says of its Python."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker

from lading.catalog.dependencies.markers import holds, read_marker

LINUX = {
    "os_name": "posix",
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "python_version": "3.11",
    "python_full_version": "3.11",
}
WHOLE = LINUX | {
    "python_full_version": "3.11.0", "platform_release": "6.1", "platform_version": "1",
    "implementation_version": "3.11.0", "extra": "",
}  # fmt: skip

COMPARISONS = st.one_of(
    st.builds(
        "python_version {} '{}'".format,
        st.sampled_from(("<", "<=", "==", "!=", ">=", ">", "~=")),
        st.sampled_from(("2.7", "3.8", "3.9", "3.10", "3.11", "3.12", "4.0")),
    ),
    st.builds(
        "{} {} '{}'".format,
        st.sampled_from(("sys_platform", "os_name", "platform_machine", "implementation_name")),
        st.sampled_from(("==", "!=", "in", "not in")),
        st.sampled_from(("linux", "win32", "posix", "x86_64 aarch64", "cpython")),
    ),
    st.builds(
        "'{}' {} platform_system".format,
        st.sampled_from(("Linux", "Lin", "Windows")),
        st.sampled_from(("==", "!=", "in", "not in")),
    ),
    st.builds("extra {} '{}'".format, st.sampled_from(("==", "!=")), st.sampled_from("xy")),
)
MARKERS = st.recursive(
    COMPARISONS,
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from(("and", "or")), inner)
        | st.builds("{} {} {}".format, inner, st.sampled_from(("and", "or")), inner)
    ),
    max_leaves=6,
)


@given(MARKERS)
def test_markers_mean_what_packaging_makes_of_them(text: str) -> None:
    marker = read_marker(text)

    assert marker is not None
    assert holds(marker, LINUX, {"x"}) is Marker(text).evaluate(WHOLE | {"extra": "x"})


@pytest.mark.parametrize(("text", "answer"), [
    ("python_full_version < '3.12'", True),
    ("python_full_version <= '3.11.0a6'", False),
    pytest.param("python_full_version >= '3.11.4'", None, id="the patch level is not known"),
    pytest.param("python_full_version == '3.11.4'", None, id="nor whether it is this one"),
    ("python_full_version == '3.11.*'", True),
    ("python_full_version != '3.10.4'", True),
    ("python_full_version ~= '3.11.0'", True),
    ("python_version === '3.11'", True),
    ("sys_platform === 'linux'", True),
    ("'3.9' <= python_version", True),
    ("sys.platform == 'linux'", True),
    ("platform_release > '6'", None),
    ("platform_release > '6' or os_name == 'posix'", True),
    ("platform_release > '6' and os_name == 'nt'", False),
    ("platform_release > '6' and os_name == 'posix'", None),
    ("python_version >= 'three'", None),
    ("python_version ~= '3'", False),
    ("os_name ~= 'posix'", None),
    ("extra == 'Some.Name'", True),
    ("'some-name' in extras", True),
    ("'other' not in extras", True),
])  # fmt: skip
def test_a_marker_is_true_false_or_cannot_be_told(text: str, answer: bool | None) -> None:
    marker = read_marker(text)

    assert marker is not None
    assert holds(marker, LINUX, {"some-name"}) is answer


@pytest.mark.parametrize("text", [
    "", "extra", "os_name ==", "os_name == posix", "'a' == 'b'", "os_name == 'posix' and",
    "(os_name == 'posix'", "os_name == 'posix')", "os_name not 'x'", "os_name not not 'x'",
    "os_name == 'posix", "os_name or 'x'", "é == 'x'", "(" * 5000, "os_name == 'a' " * 500,
    "(" * 100 + "os_name == 'a'" + ")" * 100,
])  # fmt: skip
def test_what_is_no_marker_is_none(text: str) -> None:
    assert read_marker(text) is None


def test_many_parts_are_read() -> None:
    marker = read_marker(" or ".join(["os_name == 'nt'"] * 3000 + ["os_name == 'posix'"]))

    assert marker is not None
    assert holds(marker, LINUX, ()) is True
