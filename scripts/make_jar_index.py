"""Write the index by which Java archives are recognised by their classes.

    python scripts/make_jar_index.py JARS

`scripts/jar_index.txt` lists artifacts and versions, one artifact a line. What JARS lacks of them,
as `<group>/<artifact>-<version>.jar`, Maven downloads into it. The index holds facts only: names,
versions and CRC-32s of classes. Classes that are in two of the artifacts say nothing, and are left
out; of those that are in the same versions of one, a few are kept, the same ones in every run.
"""

import argparse
import json
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from lading.catalog.jar_index import MAGIC, Class, is_class, whole_of
from lading.versions import maven

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/lading/catalog/jar_index.bin"
_PER_GROUP = 6
_PLUGIN = "3.6.1"  # of maven-dependency-plugin
_PROJECT = (
    '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
    "<groupId>index</groupId><artifactId>{name}</artifactId><version>1</version>"
    "<packaging>pom</packaging>{rest}</project>"
)
_COPY = (
    "<build><plugins><plugin><groupId>org.apache.maven.plugins</groupId>"
    f"<artifactId>maven-dependency-plugin</artifactId><version>{_PLUGIN}</version>"
    "<executions><execution><id>copy</id><phase>validate</phase><goals><goal>copy</goal></goals>"
    "<configuration><outputDirectory>{folder}</outputDirectory>"
    "<artifactItems>{items}</artifactItems></configuration></execution></executions>"
    "</plugin></plugins></build>"
)

Versions = Mapping[str, Sequence[Class]]
"""Classes by version, lowest first."""


def wanted(text: str) -> dict[str, list[str]]:
    """Return the versions of each artifact of a list, rising."""
    rows = [line.split() for line in text.splitlines() if line.strip() and line[0] != "#"]
    return {name: sorted(versions, key=maven.key) for name, *versions in rows}


def place(jars: Path, name: str, version: str) -> Path:
    """Return where the archive of an artifact is."""
    group, _, artifact = name.partition(":")
    return jars / group / f"{artifact}-{version}.jar"


def download(jars: Path, artifacts: Mapping[str, Sequence[str]]) -> None:
    """Let Maven copy what is lacking, in a module per artifact; not all of it may be there."""
    lacking = {
        name: missing
        for name, versions in artifacts.items()
        if (missing := [one for one in versions if not place(jars, name, one).exists()])
    }
    if not lacking:
        return
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, versions) in enumerate(lacking.items()):
            module = Path(folder, f"m{number}")
            module.mkdir()
            group, _, artifact = name.partition(":")
            items = "".join(
                f"<artifactItem><groupId>{group}</groupId><artifactId>{artifact}</artifactId>"
                f"<version>{version}</version></artifactItem>"
                for version in versions
            )
            rest = _COPY.format(folder=escape(str((jars / group).resolve())), items=items)
            (module / "pom.xml").write_text(_PROJECT.format(name=module.name, rest=rest))
        modules = "".join(f"<module>m{number}</module>" for number in range(len(lacking)))
        rest = f"<modules>{modules}</modules>"
        Path(folder, "pom.xml").write_text(_PROJECT.format(name="all", rest=rest))
        mvn = shutil.which("mvn") or "mvn"
        subprocess.run([mvn, "-B", "-q", "-fn", "validate"], cwd=folder, check=True)  # noqa: S603  # Maven, on our own project


def classes_of(jar: Path) -> list[Class]:
    """Return the classes of an archive, as its directory has them."""
    with zipfile.ZipFile(jar) as archive:
        return [
            Class(one.filename, one.CRC) for one in archive.infolist() if is_class(one.filename)
        ]


def index(artifacts: Mapping[str, Versions]) -> bytes:
    """Return the file: see `lading.catalog.jar_index`."""
    shared = Counter(
        crc
        for versions in artifacts.values()
        for crc in {each.crc for classes in versions.values() for each in classes}
    )
    rows = []
    sums: list[int] = []
    for name, versions in sorted(artifacts.items()):
        kept = _kept(versions, shared)
        groups = [(f"{mask:x}", len(crcs)) for mask, crcs in kept]
        rows.append({
            "name": name,
            "versions": list(versions),
            "wholes": [
                whole_of(classes, _folder(each.name for each in classes))
                for classes in versions.values()
            ],
            "groups": groups,
        })  # fmt: skip
        sums += [crc for _, crcs in kept for crc in crcs]
        if not groups:
            print(f"{name}: all its classes are in other artifacts, too")
    header = zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 9)
    return MAGIC + header + struct.pack(f">{len(sums)}I", *sums)


def _kept(versions: Versions, shared: Counter[int]) -> list[tuple[int, list[int]]]:
    """Return a few CRC-32s for each set of versions that has classes of its own."""
    masks: dict[int, int] = defaultdict(int)
    for bit, classes in enumerate(versions.values()):
        for each in classes:
            masks[each.crc] |= 1 << bit
    groups: dict[int, list[int]] = defaultdict(list)
    for crc, mask in sorted(masks.items()):
        if shared[crc] == 1:
            groups[mask].append(crc)
    return [(mask, crcs[:_PER_GROUP]) for mask, crcs in sorted(groups.items())]


def _folder(names: Iterable[str]) -> str:
    """Return the longest folder that all names are in, with a final slash; or ""."""
    found: str | None = None
    for name in names:
        folder = name[: name.rfind("/") + 1]
        if found is None:
            found = folder
        while not folder.startswith(found):
            found = found[: found.rstrip("/").rfind("/") + 1]
    return found or ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("jars", type=Path)
    parser.add_argument("--list", type=Path, default=HERE / "jar_index.txt")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    artifacts = wanted(options.list.read_text())
    download(options.jars, artifacts)
    found: dict[str, dict[str, list[Class]]] = {}
    for name, versions in artifacts.items():
        for version in versions:
            if (jar := place(options.jars, name, version)).exists():
                found.setdefault(name, {})[version] = classes_of(jar)
            else:
                print(f"{name} {version}: not found")
    data = index(found)
    options.output.write_bytes(data)
    print(f"{len(found)} artifacts, {sum(map(len, found.values()))} versions, {len(data)} bytes")


if __name__ == "__main__":
    main()
