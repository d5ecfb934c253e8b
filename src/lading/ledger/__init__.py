"""Who explains each executable file: proofs in, counts of explained and the unexplained out.

A file is explained by a package whose own record lists it (with `--verify`: and whose digest it
has), or that it is itself, as a Go binary is. A script is also explained by the folder of a
language package that it lies in, and so is a source file that is marked executable; a binary is
not, since anything can be dropped there. A file that was changed after its package installed it is
not explained by that package's list.
"""

from collections import Counter
from collections.abc import Iterable, Set

from lading.catalog.inventory import Executable
from lading.model.package import Package
from lading.model.result import Proofs, Unexplained

_SOURCES = (".js", ".cjs", ".mjs", ".ts", ".json", ".md", ".rb", ".php", ".txt", ".yml", ".html")


def explain(
    executables: Iterable[Executable],
    packages: Iterable[Package],
    *,
    is_layered: bool,
    proven: Set[str] = frozenset(),
    changed: Set[str] = frozenset(),
) -> tuple[Proofs, tuple[Unexplained, ...]]:
    """Return how many are explained by what, and those that are not, by path.

    `proven` are paths whose content is as a package recorded it, `changed` those where it is not.
    """
    homes = _homes(packages)
    proofs: Counter[str] = Counter()
    unexplained = []
    for file in executables:
        proof = _proof(file, homes, proven, changed)
        if proof is not None:
            proofs[proof] += 1
            continue
        layer = file.layer if is_layered else None
        unexplained.append(
            Unexplained(path=file.paths[0], layer=layer, size=file.size, kind=file.kind)
        )
    return Proofs(**proofs), tuple(sorted(unexplained, key=lambda item: item.path))


def _proof(
    file: Executable, homes: frozenset[str], proven: Set[str], changed: Set[str]
) -> str | None:
    """Return the strongest proof, a field of Proofs; None where there is none."""
    if any(path in proven for path in file.paths):
        return "digest"
    is_changed = any(path in changed for path in file.paths)
    if file.owner is not None and not (file.is_listed and is_changed):
        return "list" if file.is_listed else "content"
    if _is_text(file) and not is_changed and _lives_in(file, homes):
        return "directory"
    return None


def _is_text(file: Executable) -> bool:
    return file.kind == "script" or (file.kind == "executable" and file.paths[0].endswith(_SOURCES))


def _homes(packages: Iterable[Package]) -> frozenset[str]:
    """Return the folders that language packages fill, where no record lists their files."""
    return frozenset(
        home
        for package in packages
        for path in package.paths
        if (home := _home(package, path)) is not None
    )


def _home(package: Package, path: str) -> str | None:
    folder, _, file = path.rpartition("/")
    match package.type:
        case "npm" if file == "package.json":
            return folder
        case "gem" if file.endswith(".gemspec"):  # specifications/[default/]NAME-VERSION.gemspec
            top, found, _ = path.partition("/specifications/")
            return f"{top}/gems/{file.removesuffix('.gemspec')}" if found else None
        case "composer" if path.endswith("/composer/installed.json"):
            return f"{folder.removesuffix('/composer')}/{package.name}"
        case _:
            return None


def _lives_in(file: Executable, homes: frozenset[str]) -> bool:
    return any(_within(path, homes) for path in file.paths)


def _within(path: str, homes: frozenset[str]) -> bool:
    while path := path.rpartition("/")[0]:
        if path in homes:
            return True
    return False
