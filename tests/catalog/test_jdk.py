"""Java runtimes, as they are built."""

from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
from lading.catalog.jdk import JDK
from lading.versions import compare

JVM = Path("/usr/lib/jvm")
PATH = "/opt/java/openjdk/release"
TEMURIN = b"""IMPLEMENTOR="Eclipse Adoptium"
JAVA_RUNTIME_VERSION="17.0.9+9"
JAVA_VERSION="17.0.9"
IMAGE_TYPE="JRE"
OS_ARCH="x86_64"
"""


@pytest.mark.skipif(not JVM.is_dir(), reason="Java is not installed")
def test_the_runtime_of_this_machine_is_read() -> None:
    packages, _ = packages_below(JVM, JDK, prefix="/usr/lib/jvm")

    (package,) = packages.values()
    assert package.version is not None
    assert compare("jdk", package.version, "8") > 0


@pytest.mark.parametrize(("data", "name", "version"), [
    (TEMURIN, "jre", "17.0.9+9"),
    (b'JAVA_VERSION="1.8.0_392"\nIMAGE_TYPE="JDK"\n', "jdk", "1.8.0_392"),
    (b'JAVA_VERSION="21"\nMODULES="java.base jdk.compiler"\n', "jdk", "21"),
    (b'JAVA_VERSION="21"\nMODULES="java.base java.sql"\n', "jre", "21"),
    (b'JAVA_VERSION="11.0.1"\r\n', "jdk", "11.0.1"),
])  # fmt: skip
def test_the_file_says_which_runtime_it_is(data: bytes, name: str, version: str) -> None:
    (package,) = packages_of(JDK, PATH, data)

    assert (package.type, package.name, package.version) == ("generic", name, version)


def test_its_maker_and_machine_are_kept() -> None:
    (package,) = packages_of(JDK, PATH, TEMURIN)

    assert (package.vendor, package.arch) == ("Eclipse Adoptium", "x86_64")


@pytest.mark.parametrize("data", [b"", b"\xff\x00", b"ID=debian\n", b"#!/bin/sh\nVERSION=1\n"])
def test_other_files_of_this_name_are_left_alone(data: bytes) -> None:
    assert reading(JDK, "/etc/release", data) == ([], "")


def test_an_empty_version_is_refused() -> None:
    facts, error = reading(JDK, PATH, b'JAVA_VERSION=""\n')

    assert facts == []
    assert "version" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(TEMURIN):
        reading(JDK, PATH, data)
