"""Java libraries by Maven, beside each other and in one archive; Maven lists them.

Archives do not say what they need of one another, so what Maven knows of that is not compared: an
archive depends on those in it.
"""

import re
import zipfile
from pathlib import Path

from reference.making import Said, ran, said

DEPENDENCIES = (
    ("com.google.guava", "guava", "31.1-jre"),
    ("org.springframework", "spring-context", "5.3.27"),
    ("com.fasterxml.jackson.core", "jackson-databind", "2.15.2"),
    ("org.apache.httpcomponents", "httpclient", "4.5.13"),
    ("ch.qos.logback", "logback-classic", "1.2.11"),
)
GOALS = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1"
_ROW = re.compile(r"^\s*([\w.-]+):([\w.-]+):jar:([\w.-]+):(?:compile|runtime)\b", re.MULTILINE)
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>com.example</groupId><artifactId>shop</artifactId><version>2.0</version>
<dependencies>{}</dependencies></project>"""
DEPENDENCY = "<dependency><groupId>{}</groupId><artifactId>{}</artifactId><version>{}</version>"


def make(work: Path) -> Said:
    rows = "".join(DEPENDENCY.format(*one) + "</dependency>" for one in DEPENDENCIES)
    (work / "pom.xml").write_text(POM.format(rows))
    libraries = work / "root/opt/shop/lib"
    ran(
        "mvn", "-q", "-B", f"{GOALS}:copy-dependencies", f"{GOALS}:list",
        f"-DoutputDirectory={libraries}", "-DincludeScope=runtime",
        f"-DoutputFile={work}/list", cwd=work,
    )  # fmt: skip
    listed = _listed(work / "list")
    places = {
        f"{group}:{name} {version}": [
            f"/opt/shop/lib/{name}-{version}.jar",
            f"/opt/shop/shop-2.0.jar!/BOOT-INF/lib/{name}-{version}.jar",
        ]
        for group, name, version in listed
    }
    _fat(work / "root/opt/shop/shop-2.0.jar", libraries, work / "pom.xml")
    whole = "com.example:shop 2.0"
    return said(
        [whole, *places], {whole: set(places)}, places | {whole: ["/opt/shop/shop-2.0.jar"]}
    )


def _listed(file: Path) -> list[tuple[str, str, str]]:
    text = re.sub(r"\x1b\[[0-9;]*m", "", file.read_text())
    return [(one[1], one[2], one[3]) for one in _ROW.finditer(text)]


def _fat(file: Path, libraries: Path, pom: Path) -> None:
    """An archive as Spring Boot lays it out: libraries are stored in it, not deflated."""
    place = "META-INF/maven/com.example/shop"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nSpring-Boot-Version: 2.7\n"
        )
        archive.write(pom, f"{place}/pom.xml")
        archive.writestr(
            f"{place}/pom.properties", "groupId=com.example\nartifactId=shop\nversion=2.0\n"
        )
        for library in sorted(libraries.glob("*.jar")):
            archive.write(library, f"BOOT-INF/lib/{library.name}")
