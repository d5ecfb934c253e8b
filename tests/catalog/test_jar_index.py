"""Libraries recognised by their classes: a small index made by the script, and the one bundled."""

import contextlib
import importlib.util
import shutil
import subprocess
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from builders import a_zip, packages_of
from lading.catalog.jar_index import (
    Class,
    Index,
    Recognised,
    bundled,
    is_class,
    read_index,
    recognise,
)
from lading.catalog.java import JAVA, read_java
from lading.model.package import Certainty, Evidence

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def program() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "make_jar_index", ROOT / "scripts/make_jar_index.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def members(folder: str, *bodies: str) -> dict[str, bytes]:
    """What `classes` stand for, to be put into an archive."""
    return {
        f"{folder}/{body.rstrip('0123456789')}.class": f"{folder}{body}".encode() for body in bodies
    }


def classes(folder: str, *bodies: str) -> list[Class]:
    """One class for each text, called after it up to the first digit."""
    found = members(folder, *bodies)
    return [Class(name, zlib.crc32(body)) for name, body in found.items()]


YAML = {
    "1.0": classes("org/yaml", "A1", "B1", "C1", "D1", "E1"),
    "1.1": classes("org/yaml", "A1", "B1", "C1", "D1", "E2"),
    "1.2": classes("org/yaml", "A1", "B1", "C1", "D2", "E2", "F1"),
    "1.3": classes("org/yaml", "A1", "B1", "C1", "D2", "E2", "F1"),
}
HTTP = {"4.0": classes("io/http", *(f"{letter}9" for letter in "ABCDEFGH"))}


@pytest.fixture(scope="module")
def index(program: ModuleType) -> Index:
    return read_index(program.index({"org.yaml:yaml": YAML, "io.http:http": HTTP}))


def test_all_classes_of_a_version_are_that_version(index: Index) -> None:
    assert recognise(YAML["1.1"], index) == [
        Recognised(name="org.yaml:yaml", version="1.1", is_sure=True, is_all=True)
    ]


def test_versions_with_the_same_classes_are_the_lowest_and_not_sure(index: Index) -> None:
    assert recognise(YAML["1.3"], index) == [
        Recognised(name="org.yaml:yaml", version="1.2", is_sure=False, is_all=True)
    ]


def test_several_libraries_in_one_archive_are_each_found(index: Index) -> None:
    own = classes("com/acme", "Main1", "Other1")

    assert recognise([*own, *YAML["1.0"], *HTTP["4.0"]], index) == [
        Recognised(name="io.http:http", version="4.0", is_sure=True, is_all=False),
        Recognised(name="org.yaml:yaml", version="1.0", is_sure=True, is_all=False),
    ]


def test_a_part_of_a_library_suggests_a_version_that_has_all_of_it(index: Index) -> None:
    part = [*YAML["1.0"][:3], YAML["1.0"][4]]

    assert recognise(part, index) == [
        Recognised(name="org.yaml:yaml", version="1.0", is_sure=False, is_all=False)
    ]


def test_a_changed_class_leaves_the_version_open(index: Index) -> None:
    changed = [*YAML["1.1"][1:], *classes("org/yaml", "A7")]

    [found] = recognise(changed, index)

    assert (found.version, found.is_sure) == ("1.1", False)


@pytest.mark.parametrize("found", [
    pytest.param([], id="no classes"),
    pytest.param(classes("com/acme", "A1", "B1", "C1", "D1"), id="other classes"),
    pytest.param(YAML["1.0"][:3], id="too few to say"),
])  # fmt: skip
def test_what_the_index_does_not_know_is_not_recognised(found: list[Class], index: Index) -> None:
    assert recognise(found, index) == []


def test_classes_of_two_artifacts_say_nothing(program: ModuleType) -> None:
    both = {"a:a": {"1": HTTP["4.0"]}, "b:b": {"1": HTTP["4.0"]}}

    assert recognise(HTTP["4.0"], read_index(program.index(both))) == []


@pytest.mark.parametrize(("name", "counts"), [
    ("org/yaml/Yaml.class", True),
    ("BOOT-INF/classes/Main.class", True),
    ("module-info.class", False),
    ("META-INF/versions/9/org/yaml/Yaml.class", False),
    ("org/yaml/logo.png", False),
])  # fmt: skip
def test_classes_for_all_versions_of_java_count(name: str, counts: bool) -> None:
    assert is_class(name) is counts


def found_in(
    path: str, parts: dict[str, bytes], index: Index
) -> list[tuple[str, str | None, Evidence, Certainty]]:
    reader = replace(JAVA, read=lambda file: read_java(file, index))
    packages = packages_of(reader, path, a_zip(parts))
    return [(one.name, one.version, one.evidence, one.certainty) for one in packages]


def a_manifest(version: str) -> dict[str, bytes]:
    text = f"Manifest-Version: 1.0\nImplementation-Version: {version}\n"
    return {"META-INF/MANIFEST.MF": text.encode()}


SURE = members("org/yaml", "A1", "B1", "C1", "D1", "E2")  # yaml 1.1
SHARED = members("org/yaml", "A1", "B1", "C1", "D2", "E2", "F1")  # yaml 1.2 and 1.3
POM = {"META-INF/maven/org.yaml/yaml/pom.properties": b"groupId=org.yaml\nversion=1.0.redhat"}
EXACT, INFERRED = Certainty.EXACT, Certainty.INFERRED


@pytest.mark.parametrize(("path", "parts", "expected"), [
    pytest.param("/lib/parser.jar", SURE, [("org.yaml:yaml", "1.1", Evidence.CONTENT, EXACT)],
                 id="a file that says nothing"),
    pytest.param("/lib/parser.jar", SHARED,
                 [("org.yaml:yaml", "1.2", Evidence.CONTENT, INFERRED)],
                 id="versions with the same classes"),
    pytest.param("/lib/yaml-1.1.jar", SURE, [("org.yaml:yaml", "1.1", Evidence.CONTENT, EXACT)],
                 id="a file name that the classes confirm"),
    pytest.param("/lib/yaml-1.3.jar", SHARED,
                 [("org.yaml:yaml", "1.3", Evidence.INSTALLED, INFERRED)],
                 id="a file name that decides between versions"),
    pytest.param("/lib/yaml-9.9.jar", SURE, [("org.yaml:yaml", "1.1", Evidence.CONTENT, EXACT)],
                 id="a file name that the classes contradict"),
    pytest.param("/lib/yaml-9.9.jar", SURE | a_manifest("9.9"),
                 [("org.yaml:yaml", "9.9", Evidence.INSTALLED, INFERRED)],
                 id="a release that the index has not seen, with the classes of one that it has"),
    pytest.param("/lib/yaml-1.3.jar", SURE | a_manifest("1.3"),
                 [("org.yaml:yaml", "1.1", Evidence.CONTENT, EXACT)],
                 id="a release that the index has seen with other classes"),
    pytest.param("/lib/yaml-1.0.jar", SURE | POM,
                 [("org.yaml:yaml", "1.0.redhat", Evidence.INSTALLED, EXACT)],
                 id="properties, which are believed"),
    pytest.param("/lib/app-2.0.jar", SURE | members("com/acme", "Main1"),
                 [("app", "2.0", Evidence.INSTALLED, INFERRED),
                  ("org.yaml:yaml", "1.1", Evidence.BUNDLED, EXACT)],
                 id="an application with a library merged into it"),
    pytest.param("/lib/app.jar", SURE | members("com/acme", "Main1"),
                 [("org.yaml:yaml", "1.1", Evidence.BUNDLED, EXACT)],
                 id="the same without a version of its own"),
])  # fmt: skip
def test_an_archive_is_what_its_classes_and_names_say_together(
    path: str,
    parts: dict[str, bytes],
    expected: list[tuple[str, str | None, Evidence, Certainty]],
    index: Index,
) -> None:
    assert found_in(path, parts, index) == expected


def test_the_script_reads_its_list_and_the_archives(program: ModuleType, tmp_path: Path) -> None:
    wanted = program.wanted("# a comment\ng:a 1.10 1.9\n")
    jar = program.place(tmp_path, "g:a", "1.9")
    jar.parent.mkdir()
    jar.write_bytes(a_zip({"a/B.class": b"b", "module-info.class": b"", "a.txt": b""}))

    assert wanted == {"g:a": ["1.9", "1.10"]}
    assert program.classes_of(jar) == [Class("a/B.class", zlib.crc32(b"b"))]


def test_the_bundled_index_knows_what_the_list_asks_for(program: ModuleType) -> None:
    wanted = program.wanted((ROOT / "scripts/jar_index.txt").read_text())

    assert {one.name: list(one.versions) for one in bundled().artifacts} == wanted
    assert len(wanted) >= 60


def test_every_bundled_version_has_classes_of_its_own() -> None:
    for artifact in bundled().artifacts:
        assert set(artifact.expected) == set(range(len(artifact.versions))), artifact.name
        assert all(whole.classes for whole in artifact.wholes), artifact.name


REAL = """
ch.qos.logback:logback-classic 1.2.13
ch.qos.logback:logback-core 1.3.4
com.alibaba:fastjson 1.2.58
com.fasterxml.jackson.core:jackson-core 2.9.1
com.fasterxml.jackson.core:jackson-databind 2.9.9.3
com.google.code.gson:gson 2.6
com.jayway.jsonpath:json-path 2.7.0
com.jcraft:jsch 0.1.46
com.thoughtworks.xstream:xstream 1.4.11.1
commons-beanutils:commons-beanutils 1.8.2
commons-collections:commons-collections 3.1
commons-fileupload:commons-fileupload 1.3.1
commons-httpclient:commons-httpclient 3.1
commons-io:commons-io 2.0.1
dom4j:dom4j 1.5.2
io.netty:netty-codec 4.1.52.Final
io.netty:netty-codec-http 4.1.58.Final
io.netty:netty-codec-http2 4.1.35.Final
io.netty:netty-common 4.1.48.Final
io.netty:netty-handler 4.1.38.Final
log4j:log4j 1.2.12
net.minidev:json-smart 2.4.7
ognl:ognl 3.1.25
org.apache.avro:avro 1.7.7
org.apache.commons:commons-compress 1.15
org.apache.commons:commons-configuration2 2.8.0
org.apache.commons:commons-text 1.8
org.apache.logging.log4j:log4j-core 2.13.3
org.apache.shiro:shiro-core 1.5.2
org.apache.shiro:shiro-web 1.5.2
org.apache.struts:struts2-core 2.5.25
org.apache.thrift:libthrift 0.12.0
org.apache.velocity:velocity 1.6.3
org.eclipse.jetty:jetty-http 10.0.10
org.json:json 20180813
org.jsoup:jsoup 1.9.1
org.postgresql:postgresql 42.3.3
org.springframework:spring-beans 5.3.0
org.springframework:spring-core 5.3.15
org.springframework:spring-web 5.3.15
org.yaml:snakeyaml 1.26
xerces:xercesImpl 2.6.2-jaxb-1.0.6
"""
PARSER = "/srv/plain/parser.jar"


@pytest.fixture(scope="module")
def jars(program: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jars")
    with contextlib.suppress(subprocess.CalledProcessError):  # what it did fetch is there
        program.download(folder, program.wanted(REAL))
    return folder


def stripped(*archives: Path) -> bytes:
    """The classes of archives in one, without anything that names them."""
    members: dict[str, bytes] = {}
    for path in archives:
        with zipfile.ZipFile(path) as archive:
            members |= {
                name: archive.read(name) for name in archive.namelist() if name.endswith(".class")
            }
    return a_zip(members, method=zipfile.ZIP_STORED)


@pytest.mark.registry
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(shutil.which("mvn") is None, reason="Maven is not installed")
def test_released_archives_without_metadata_are_what_maven_calls_them(
    program: ModuleType, jars: Path
) -> None:
    released = {
        f"{name}:{version}": path
        for name, versions in program.wanted(REAL).items()
        for version in versions
        if (path := program.place(jars, name, version)).exists()
    }
    if not released:
        pytest.skip("no archive could be fetched")

    found = {
        name: [
            (f"{one.name}:{one.version}", one.evidence, one.certainty)
            for one in packages_of(JAVA, PARSER, stripped(path))
        ]
        for name, path in released.items()
    }

    assert len(released) >= 40
    assert found == {name: [(name, Evidence.CONTENT, Certainty.EXACT)] for name in released}


@pytest.mark.registry
@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(shutil.which("mvn") is None, reason="Maven is not installed")
def test_libraries_merged_into_an_application_are_bundled_in_it(
    program: ModuleType, jars: Path
) -> None:
    parts = [
        program.place(jars, name, version)
        for name, version in (
            ("org.yaml:snakeyaml", "1.26"), ("commons-io:commons-io", "2.0.1"),
            ("com.google.code.gson:gson", "2.6"),
        )
    ]  # fmt: skip
    if not all(part.exists() for part in parts):
        pytest.skip("an archive could not be fetched")

    found = packages_of(JAVA, "/srv/app-3.0.jar", stripped(*parts))

    assert {(one.name, one.version, one.evidence, one.certainty) for one in found} == {
        ("app", "3.0", Evidence.INSTALLED, Certainty.INFERRED),
        ("org.yaml:snakeyaml", "1.26", Evidence.BUNDLED, Certainty.EXACT),
        ("commons-io:commons-io", "2.0.1", Evidence.BUNDLED, Certainty.EXACT),
        ("com.google.code.gson:gson", "2.6", Evidence.BUNDLED, Certainty.EXACT),
    }
