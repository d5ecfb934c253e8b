"""pom.xml after Maven's reference."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.maven_pom import MAVEN_POM

PATH = "/app/pom.xml"
POM = """<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <groupId>org.example</groupId>
  <artifactId>app</artifactId>
  <version>1.5</version>
  <properties><guava.version>32.1.2-jre</guava.version></properties>
  <dependencyManagement><dependencies><dependency>
    <groupId>a</groupId><artifactId>managed</artifactId><version>1</version>
  </dependency></dependencies></dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>com.google.guava</groupId><artifactId>guava</artifactId>
      <version>${guava.version}</version>
      <exclusions><exclusion><groupId>x</groupId><artifactId>y</artifactId></exclusion></exclusions>
    </dependency>
    <dependency>
      <groupId>${project.groupId}</groupId> <artifactId>part</artifactId>
      <version> ${project.version} </version><scope>runtime</scope>
    </dependency>
    <dependency>
      <groupId>junit</groupId><artifactId>junit</artifactId><version>4</version><scope>test</scope>
    </dependency>
    <dependency><groupId>a</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>a</groupId><artifactId>b</artifactId><version>${elsewhere}</version></dependency>
    <dependency><groupId>a</groupId><artifactId>c</artifactId><version>[1,2)</version></dependency>
  </dependencies>
</project>
"""
BOMB = """<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<project><dependencies><dependency><version>&b;</version></dependency></dependencies></project>
"""


def test_versions_that_the_file_states_are_read() -> None:
    assert declared_by(MAVEN_POM, PATH, POM) == [
        ("com.google.guava:guava", "32.1.2-jre"), ("org.example:part", "1.5"),
    ]  # fmt: skip


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "no XML"),
    (b"<project>", "no XML"),
    (b"\xff\xfe<", "no XML"),
    (b'<?xml version="1.0" encoding="nonsense"?><project/>', "no XML"),
    (b"<other/>", "no project"),
    (BOMB.encode(), "document type"),
    (b"<a>" * 1000, "nested too deep"),
])  # fmt: skip
def test_what_is_no_pom_is_refused(data: bytes, reason: str) -> None:
    facts, error = reading(MAVEN_POM, PATH, data)

    assert facts == []
    assert reason in error


def test_a_dependency_without_a_name_is_counted() -> None:
    row = "<dependency><groupId>a</groupId><version>1</version></dependency>"
    data = f"<project><dependencies>{row}</dependencies></project>".encode()

    assert "1 of its packages" in reading(MAVEN_POM, PATH, data)[1]


def test_the_file_inside_an_unpacked_archive_is_left_alone() -> None:
    path = "/app/META-INF/maven/org.example/app/pom.xml"

    assert reading(MAVEN_POM, path, POM.encode()) == ([], "")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(POM.encode()):
        reading(MAVEN_POM, PATH, data)
