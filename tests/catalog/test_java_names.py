"""File names of Java archives into artifact and version."""

import pytest

from lading.catalog.java_names import split_name


@pytest.mark.parametrize(("stem", "artifact", "version"), [
    ("commons-io-2.11.0", "commons-io", "2.11.0"),
    ("h2-2.1.214", "h2", "2.1.214"),
    ("guava-31.1-jre", "guava", "31.1-jre"),
    ("log4j-1.2-api-2.14.1", "log4j-1.2-api", "2.14.1"),
    ("kafka_2.13-3.4.0", "kafka_2.13", "3.4.0"),
    ("spring-beans-5.2.0.RELEASE", "spring-beans", "5.2.0.RELEASE"),
    ("bcprov-jdk18on-171", "bcprov-jdk18on", "171"),
    ("thing-1.0-20240101.120000-3", "thing", "1.0-20240101.120000-3"),
    ("thing-1.0-beta-2", "thing", "1.0-beta-2"),
    ("thing-1.0-SNAPSHOT", "thing", "1.0-SNAPSHOT"),
    ("thing-1.0-jar-with-dependencies", "thing", "1.0"),
    ("thing-2.13.4.redhat-00004", "thing", "2.13.4.redhat-00004"),
    ("thing_1.5", "thing", "1.5"),
    ("xml-apis-1.0.b2", "xml-apis", "1.0.b2"),
    ("guava", "guava", None),
    ("runtime-impl-jetty12", "runtime-impl-jetty12", None),
    ("1.0", "1.0", None),
    ("-1.0", "-1.0", None),
    ("", "", None),
])  # fmt: skip
def test_a_file_name_is_an_artifact_and_a_version(
    stem: str, artifact: str, version: str | None
) -> None:
    assert split_name(stem) == (artifact, version)


@pytest.mark.parametrize(
    "stem", ["a" + "-1" * 98 + "!", "a-" + "1.1" * 65 + "!", "a-1" * 60 + "_!"]
)
def test_hostile_names_are_refused_at_once(stem: str) -> None:
    assert split_name(stem) == (stem, None)
