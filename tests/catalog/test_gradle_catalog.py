"""Version catalogs and verification metadata of Gradle, and Ivy's files, after their manuals."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.gradle_catalog import GRADLE_CATALOG

CATALOG = """\
[versions]
groovy = "3.0.5"
rich = { strictly = "[3.8, 4.0[", prefer = "3.9" }
kept = { require = "1.5" }
[libraries]
core = { module = "org.codehaus.groovy:groovy", version.ref = "groovy" }
parts = { group = "org.apache.commons", name = "commons-lang3", version = "3.9" }
short = "com.example:short:1.2"
kept = { module = "com.example:kept", version.ref = "kept" }
ranged = { module = "com.example:ranged", version.ref = "rich" }
nowhere = { module = "com.example:nowhere", version.ref = "absent" }
bom = { module = "com.example:managed" }
[plugins]
one = { id = "com.example.plugin", version = "1.0" }
"""
VERIFIED = """<?xml version="1.0" encoding="UTF-8"?>
<verification-metadata xmlns="https://schema.gradle.org/dependency-verification">
 <configuration><verify-metadata>true</verify-metadata></configuration>
 <components>
  <component group="org.apache" name="log4j" version="1.2.17">
   <artifact name="log4j-1.2.17.jar"><sha256 value="00"/></artifact>
  </component>
 </components>
</verification-metadata>
"""
IVY = """<ivy-module version="2.0"><info organisation="mine" module="app"/><dependencies>
<dependency org="commons-lang" name="commons-lang" rev="2.0"/>
<dependency org="a" name="newest" rev="latest.integration"/>
<dependency org="a" name="open" rev="1.0+"/><dependency org="a" name="range" rev="[1.0,2.0]"/>
<dependency org="a" name="none"/></dependencies></ivy-module>
"""


@pytest.mark.parametrize(
    ("path", "text", "found"),
    [
        pytest.param("/app/gradle/libs.versions.toml", CATALOG, [
            ("org.codehaus.groovy:groovy", "3.0.5"), ("org.apache.commons:commons-lang3", "3.9"),
            ("com.example:short", "1.2"), ("com.example:kept", "1.5"),
        ], id="version catalog"),
        pytest.param("/app/gradle/verification-metadata.xml", VERIFIED, [
            ("org.apache:log4j", "1.2.17"),
        ], id="verification metadata"),
        pytest.param("/app/ivy.xml", IVY, [("commons-lang:commons-lang", "2.0")], id="Ivy"),
    ],
)  # fmt: skip
def test_versions_that_hold_are_declared(
    path: str, text: str, found: list[tuple[str, str]]
) -> None:
    assert declared_by(GRADLE_CATALOG, path, text) == found


@pytest.mark.parametrize("path", ["/libs.versions.toml", "/gradle/verification-metadata.xml"])
def test_what_is_neither_toml_nor_xml_is_an_error(path: str) -> None:
    assert reading(GRADLE_CATALOG, path, b"<<<<")[1].startswith(f"{path}: no ")


@pytest.mark.parametrize("text", [CATALOG, VERIFIED, IVY])
def test_damage_is_an_error_and_never_more(text: str) -> None:
    path = "/ivy.xml" if text is IVY else "/gradle/verification-metadata.xml"
    for data in damaged(text.encode(), times=60):
        reading(GRADLE_CATALOG, "/libs.versions.toml" if text is CATALOG else path, data)
