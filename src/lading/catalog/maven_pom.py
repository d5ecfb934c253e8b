"""What a project's pom.xml declares.

Format: https://maven.apache.org/pom.html#dependencies. Only versions that this file states are
read, as they are or by a property of its own; what is for tests, or is provided by others, is left
out.
"""

import re
from collections.abc import Iterator
from xml.parsers import expat

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

_DEPENDENCY = ("project", "dependencies", "dependency")
_ELSEWHERE = frozenset(("test", "provided", "system", "import"))
_PROPERTY = re.compile(r"\$\{([^{}]{1,256})\}")
_DEEPEST = 64


def read_maven_pom(file: ImageFile) -> Iterator[Fact]:
    """Yield the dependencies that have a version; raises CatalogError for what is no pom.xml."""
    if not is_own(file.path):
        return
    project = _Project(file.path)
    project.read(bytes(file.data))
    yield from declare("maven", file.path, _rows(project))


class _Project:
    """Collects dependencies and properties while the document is read."""

    def __init__(self, path: str) -> None:
        self.dependencies: list[dict[str, str]] = []
        self.properties: dict[str, str] = {}
        self._path = path
        self._open: list[str] = []
        self._text: list[str] = []
        self._is_project = False

    def read(self, data: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        # Entities can make much of little; no pom.xml needs them.
        parser.StartDoctypeDeclHandler = self._refuse
        try:
            parser.Parse(data, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise CatalogError(f"{self._path}: no XML: {error}") from error
        if not self._is_project:
            raise CatalogError(f"{self._path}: it describes no project")

    def _start(self, name: str, _: object) -> None:
        self._open.append(name.rpartition(" ")[2])
        self._text.clear()
        self._is_project = self._is_project or self._open == ["project"]
        if len(self._open) > _DEEPEST:
            raise CatalogError(f"{self._path}: its elements are nested too deep")
        if tuple(self._open) == _DEPENDENCY:
            self.dependencies.append({})

    def _end(self, _: str) -> None:
        text = "".join(self._text).strip()
        self._text.clear()
        match self._open:
            case ["project", "dependencies", "dependency", key]:
                self.dependencies[-1][key] = text
            case ["project", "properties", key]:
                self.properties[key] = text
            case ["project", "version" | "groupId" as key]:
                self.properties[f"project.{key}"] = text
            case _:
                pass
        self._open.pop()

    def _refuse(self, *_: object) -> None:
        raise CatalogError(f"{self._path}: it has a document type, which no pom.xml needs")


def _rows(project: _Project) -> Iterator[tuple[object, object]]:
    for row in project.dependencies:
        if row.get("scope") in _ELSEWHERE or not row.get("version"):
            continue
        group, name, version = (
            _stated(row.get(key, ""), project.properties)
            for key in ("groupId", "artifactId", "version")
        )
        if "${" in version or version[:1] in ("[", "("):
            continue  # said elsewhere, or a range
        yield (f"{group}:{name}" if group and name else None), version


def _stated(text: str, properties: dict[str, str]) -> str:
    return _PROPERTY.sub(lambda found: properties.get(found[1], found[0]), text)


MAVEN_POM = Cataloger(
    name="maven-pom", revision=1, wants=("**/pom.xml",), max_size=8 << 20, read=read_maven_pom
)
