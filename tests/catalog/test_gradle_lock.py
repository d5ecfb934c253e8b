"""gradle.lockfile after Gradle's documentation."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.gradle_lock import GRADLE_LOCK

PATH = "/app/gradle.lockfile"
LOCK = """# This is a Gradle generated file for dependency locking.
com.google.guava:guava:32.1.2-jre=compileClasspath,runtimeClasspath
org.junit.jupiter:junit-jupiter:5.10.0=testCompileClasspath,testRuntimeClasspath
org.slf4j:slf4j-api:2.0.9=runtimeClasspath,testRuntimeClasspath
empty=annotationProcessor
"""


def test_modules_are_read_without_those_for_tests_alone() -> None:
    assert declared_by(GRADLE_LOCK, PATH, LOCK) == [
        ("com.google.guava:guava", "32.1.2-jre"), ("org.slf4j:slf4j-api", "2.0.9"),
    ]  # fmt: skip


@pytest.mark.parametrize("line", [b"text", b"a:b=c", b":b:1=c", b"a:b:c:d=e"])
def test_a_line_that_cannot_be_understood_is_counted(line: bytes) -> None:
    facts, error = reading(GRADLE_LOCK, PATH, LOCK.encode() + line)

    assert len(facts) == 2
    assert "1 of its packages" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode()):
        reading(GRADLE_LOCK, PATH, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(GRADLE_LOCK, "/app/vendor/a/gradle.lockfile", b"\xff") == ([], "")
