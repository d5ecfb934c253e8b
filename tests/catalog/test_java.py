"""Java archives: what they say they are, what they hold, and what hostile ones lead to."""

import hashlib
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from builders import a_zip, damaged, packages_of, reading
from lading.catalog.java import JAVA, MAX_DEPTH
from lading.catalog.selection import Selection
from lading.model.package import Certainty, Evidence, Package

JAR = "/srv/app/thing-1.0.jar"


def pom(group: str, artifact: str, version: str) -> dict[str, bytes]:
    text = f"#Created by Maven\nversion={version}\ngroupId={group}\nartifactId={artifact}\n"
    return {f"META-INF/maven/{group}/{artifact}/pom.properties": text.encode()}


def manifest(*lines: str) -> dict[str, bytes]:
    return {"META-INF/MANIFEST.MF": "\r\n".join(("Manifest-Version: 1.0", *lines, "")).encode()}


def found(path: str, data: bytes) -> list[tuple[str, str | None]]:
    return [(package.name, package.version) for package in packages_of(JAVA, path, data)]


@pytest.mark.parametrize("name", [
    "a.jar", "a.war", "a.ear", "a.par", "a.jpi", "a.hpi", "a.sar", "a.nar", "a.kar", "a.lpkg",
    "a.rar",
])  # fmt: skip
def test_archives_are_known_by_their_names(name: str) -> None:
    assert Selection([JAVA]).by_path(f"/opt/{name}") == (JAVA,)


def test_an_archive_that_the_program_rar_made_is_not_java_s() -> None:
    assert reading(JAVA, "/srv/a.rar", b"Rar!\x1a\x07\x01\0" + bytes(64)) == ([], "")


def test_an_archive_is_what_its_properties_say() -> None:
    data = a_zip(manifest() | pom("org.example", "thing", "1.0"))

    assert packages_of(JAVA, JAR, data) == [
        Package(
            type="maven",
            name="org.example:thing",
            version="1.0",
            paths=(JAR,),
            hashes=(f"sha1:{hashlib.sha1(data, usedforsecurity=False).hexdigest()}",),
        )
    ]


def test_merged_archives_are_bundled_but_for_the_one_the_file_is_called_after() -> None:
    data = a_zip(pom("org.example", "part", "0.9") | pom("org.example", "thing", "1.0"))

    packages = packages_of(JAVA, JAR, data)

    assert {package.name: package.evidence for package in packages} == {
        "org.example:part": Evidence.BUNDLED,
        "org.example:thing": Evidence.INSTALLED,
    }
    assert {package.name for package in packages if package.hashes} == {"org.example:thing"}


def test_archives_in_archives_are_read_where_they_lie() -> None:
    inner = a_zip(pom("org.example", "inner", "2.0"))
    war = a_zip({"WEB-INF/lib/inner-2.0.jar": inner} | pom("org.example", "web", "3.0"))
    ear = a_zip({"web.war": war})

    paths = {package.name: package.paths for package in packages_of(JAVA, "/srv/all.ear", ear)}

    assert paths == {
        "org.example:web": ("/srv/all.ear!/web.war",),
        "org.example:inner": ("/srv/all.ear!/web.war!/WEB-INF/lib/inner-2.0.jar",),
    }


def test_an_archive_behind_a_start_script_is_read() -> None:
    script = b"#!/bin/sh\nexec java -jar $0\n"

    assert found(JAR, script + a_zip(pom("org.example", "thing", "1.0"))) == [
        ("org.example:thing", "1.0")
    ]


def test_without_properties_the_file_name_gives_artifact_and_version_as_inferred() -> None:
    data = a_zip(manifest("Implementation-Title: Thing", "Implementation-Version: 9"))

    [package] = packages_of(JAVA, "/lib/my-thing-1.2.3-jre8.jar", data)

    assert (package.name, package.version) == ("my-thing", "1.2.3-jre8")
    assert package.certainty is Certainty.INFERRED


def test_without_a_version_in_the_file_name_the_manifest_gives_it() -> None:
    data = a_zip(manifest("Implementation-Title: my-thing", "Implementation-Version: 4.5"))

    assert found("/lib/renamed.jar", data) == [("my-thing", "4.5")]


@pytest.mark.parametrize(("lines", "group"), [
    pytest.param(["Implementation-Vendor-Id: org.example"], "org.example:", id="vendor"),
    pytest.param(["Implementation-Vendor-Id: org.apache"], "", id="a vendor of many groups"),
    pytest.param(["Implementation-Vendor-Id: Example Ltd"], "", id="no group"),
    pytest.param(["Bundle-SymbolicName: org.example.tools.thing;singleton:=true"],
                 "org.example.tools:", id="symbolic name that ends in the artifact"),
    pytest.param(["Bundle-SymbolicName: org.exam", " ple.tools.thing"],
                 "org.example.tools:", id="continued in the next line"),
    pytest.param(["Bundle-SymbolicName: org.example.tools.core"], "", id="other symbolic name"),
])  # fmt: skip
def test_the_group_is_open_unless_the_manifest_plainly_gives_it(
    lines: list[str], group: str
) -> None:
    assert found(JAR, a_zip(manifest(*lines))) == [(f"{group}thing", "1.0")]


def test_well_known_artifacts_without_properties_have_their_group() -> None:
    data = a_zip({"org/springframework/beans/Bean.class": b""})

    assert found("/lib/spring-beans-5.2.0.RELEASE.jar", data) == [
        ("org.springframework:spring-beans", "5.2.0.RELEASE")
    ]


def test_a_namesake_with_other_classes_has_no_group() -> None:
    data = a_zip({"com/acme/Bean.class": b""})

    assert found("/lib/spring-beans-1.0.jar", data) == [("spring-beans", "1.0")]


def test_a_pom_file_gives_the_group() -> None:
    data = a_zip({"META-INF/maven/org.example/thing/pom.xml": b"<project/>"})

    assert found(JAR, data) == [("org.example:thing", "1.0")]


def test_code_that_says_nothing_is_listed_without_a_version() -> None:
    assert found("/lib/parser.jar", a_zip({"a/B.class": b""})) == [("parser", None)]


def test_an_archive_without_code_and_name_is_nothing() -> None:
    assert found("/lib/parser.jar", a_zip({"a/logo.png": b""})) == []


@pytest.mark.parametrize("data", [
    pytest.param(b"", id="empty"),
    pytest.param(b"<html>", id="no archive"),
    pytest.param(a_zip(pom("g", "a", "1"))[:-30], id="cut off"),
])  # fmt: skip
def test_what_is_no_archive_is_a_problem(data: bytes) -> None:
    assert reading(JAVA, JAR, data) == ([], f"{JAR}: no ZIP archive, or one that is cut off")


def test_the_rest_of_an_archive_is_read_past_a_damaged_part() -> None:
    parts = {"lib/broken.jar": b"no archive", "lib/b.jar": a_zip(pom("g", "b", "2"))}
    whole = a_zip(pom("g", "thing", "1") | parts)

    facts, error = reading(JAVA, JAR, whole)

    assert [fact.name for fact in facts if isinstance(fact, Package)] == ["g:thing", "g:b"]
    assert error == f"{JAR}!/lib/broken.jar: no ZIP archive, or one that is cut off"


def test_properties_without_a_version_are_listed_and_told() -> None:
    data = a_zip({"META-INF/maven/g/a/pom.properties": b"groupId=g\nartifactId=a\n"})

    facts, error = reading(JAVA, JAR, data)

    assert [(p.name, p.version) for p in facts if isinstance(p, Package)] == [("g:a", None)]
    assert error.endswith("states no version")


def test_properties_that_are_absurd_are_told() -> None:
    name = "META-INF/maven/g/a/pom.properties"

    assert reading(JAVA, "/lib/x.jar", a_zip({name: b"artifactId=a\\u0000\nversion=1"}))[1] == ""
    assert "is larger than" in reading(JAVA, "/lib/x.jar", a_zip({name: bytes(2 << 20)}))[1]
    assert "names no artifact" in reading(
        JAVA, "/lib/x.jar", a_zip({f"META-INF/maven/g/{'a' * 600}/pom.properties": b"version=1"})
    )[1]  # fmt: skip


def test_archives_nested_too_deep_are_not_read() -> None:
    data = a_zip(pom("g", "a", "1"))
    for _ in range(MAX_DEPTH):
        data = a_zip({"a.jar": data}, method=zipfile.ZIP_STORED)

    facts, error = reading(JAVA, "/a.jar", data)

    assert facts == []
    assert error.endswith(f"nested more than {MAX_DEPTH} deep, so not read")


def test_a_bomb_costs_no_more_than_the_bound() -> None:
    data = a_zip({f"{n}.jar": bytes(64 << 20) for n in range(5)})

    facts, error = reading(JAVA, "/a.jar", data)

    assert facts == []
    assert "unpacks to more than 256 MiB" in error


def test_archives_that_hold_fifty_of_each_other_cost_no_more_than_the_bound() -> None:
    data = a_zip({"a.txt": b"x"})
    for _ in range(MAX_DEPTH - 1):
        data = a_zip({f"{n}.jar": data for n in range(50)})

    facts, error = reading(JAVA, "/a.jar", data)

    assert facts == []
    assert "more than 200000 entries" in error or "more than 256 MiB" in error


def test_names_that_stand_twice_are_both_read() -> None:
    buffer = io.BytesIO()
    [name] = pom("g", "a", "1")
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, b"version=1\n")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr(name, b"version=2\n")

    assert found("/lib/x.jar", buffer.getvalue()) == [("g:a", "1"), ("g:a", "2")]


def test_damaged_archives_raise_nothing_unforeseen() -> None:
    inner = a_zip(manifest("Implementation-Title: x") | pom("g", "b", "2"))
    whole = a_zip(pom("g", "thing", "1") | {"lib/b.jar": inner}, method=zipfile.ZIP_STORED)

    for broken in damaged(whole):
        reading(JAVA, JAR, broken)


@pytest.mark.skipif(shutil.which("jar") is None, reason="the JDK's jar is not installed")
def test_what_jar_packs_is_found(tmp_path: Path) -> None:
    for name, data in pom("org.example", "thing", "1.0").items():
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(data)
    target = tmp_path / "any.jar"
    jar = shutil.which("jar") or ""

    subprocess.run([jar, "cf", target, "-C", tmp_path, "META-INF"], check=True)

    assert found(str(target), target.read_bytes()) == [("org.example:thing", "1.0")]
