"""Packages without code are known by their names, and by nothing that could be more."""

import pytest

from lading.matching.contents import without_code
from lading.model.package import Package


def named(name: str, type: str = "deb") -> Package:
    return Package(type=type, name=name, version="1", paths=("/db",))


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("linux-libc-dev", "kernel headers"),
        ("linux-headers-6.1.0-13-amd64", "kernel headers"),
        ("kernel-headers", "kernel headers"),
        ("kernel-uek-headers", "kernel headers"),
        ("bash-doc", "documentation"),
        ("bcel-javadoc", "documentation"),
        ("libc6-dbg", "debug data"),
        ("bash-dbgsym", "debug data"),
        ("openssl-debuginfo", "debug data"),
        ("openssl-debugsource", "debug data"),
    ],
)
def test_headers_documentation_and_debug_data_hold_no_code(name: str, what: str) -> None:
    found = without_code(named(name))

    assert found is not None
    assert found.startswith(what)
    assert found.endswith("no code that runs")


@pytest.mark.parametrize(
    "name", ["bash", "kernel", "linux-image-amd64", "doc", "libdocopt", "docker", "libdbus-1-3"]
)
def test_others_may_hold_some(name: str) -> None:
    assert without_code(named(name)) is None


def test_a_language_s_package_is_never_taken_for_documentation() -> None:
    assert without_code(named("thing-doc", "npm")) is None
