"""Packages without code are known by their names, and by nothing that could be more."""

import pytest

from lading.matching.contents import no_code_for, without_code
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


@pytest.mark.parametrize(
    ("type", "name", "record", "is_graded"),
    [
        pytest.param("deb", "linux-libc-dev", "linux", True, id="its source"),
        pytest.param("deb", "debian-doc", "debian-doc", False, id="a record about documentation"),
        pytest.param("rpm", "kernel-headers", "kernel", True, id="an rpm's source"),
        pytest.param(
            "rpm", "kernel-headers", "kernel-headers", True, id="one of an erratum's rpms"
        ),
        pytest.param("rpm", "kernel-core", "kernel-core", False, id="an rpm with code"),
    ],
)
def test_a_record_means_what_it_names_but_errata_of_rpms_name_all_that_they_rebuild(
    type: str, name: str, record: str, *, is_graded: bool
) -> None:
    assert (no_code_for(named(name, type), record) is not None) is is_graded
