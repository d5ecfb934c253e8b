"""A Java archive that states no coordinates into the likeliest ones.

Sources, best first: a file name `artifact-version.jar`, as repositories store it
(https://maven.apache.org/repository/layout.html); the manifest; the folder of a pom.xml; the
packages of its classes. The group is left open unless one of them plainly gives it.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from lading.catalog.headers import Fields, first
from lading.catalog.java_groups import GROUPS
from lading.catalog.wording import word

_QUALIFIER = (
    r"(?:alpha|beta|milestone|snapshot|release|final|patch|incubating|android|redhat|jbossorg|"
    r"jre|jdk|ga|rc|cr|sp|pr|ea|dev|pre|m|b|v|r|fp)"
)
# No two parts can match the same text, so that hostile names cost no more than honest ones.
_VERSION = re.compile(
    rf"(v?[0-9]+(?:[._][A-Za-z0-9]+)*(?:[-+](?:{_QUALIFIER}[0-9]*|[0-9]+)(?:\.[A-Za-z0-9]+)*)*)"
    r"(?:-(?:all|exec|boot|plain|fat|uber|shaded|runner|tests|sources|jar-with-dependencies))?",
    re.IGNORECASE,
)
_ARTIFACT = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[._-][A-Za-z0-9]+)*")
_LONG_GROUP = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+){2,}")  # two parts are often a vendor
_UMBRELLAS = ("com.oracle", "com.sun", "org.apache", "org.codehaus", "org.eclipse")  # vendors only
_LONGEST_STEM = 200  # characters; file systems allow 255 bytes
_GROUP = re.compile(r"[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Coordinates of an artifact."""

    group: str | None
    artifact: str
    version: str | None
    licenses: tuple[str, ...] = ()
    is_agreed: bool = False  # the file name and the manifest give the same version


def stem_of(path: str) -> str:
    """Return the archive's file name without its extension."""
    return path.rpartition("/")[2].rpartition(".")[0]


def name_archive(
    path: str, manifest: Fields, groups: Mapping[str, str], folders: Collection[str]
) -> Named | None:
    """Return what the archive most likely is; None when it holds no code and says nothing.

    `groups` are those of the pom files in it, by artifact; `folders` those that hold its classes.
    """
    artifact, version = split_name(stem_of(path))
    stated = _version(manifest)
    is_agreed = version is not None and version == stated
    if version is None:
        artifact = _artifact(first(manifest, "implementation-title")) or artifact
        version = stated
    artifact_word = word(artifact)
    if artifact_word is None or (version is None and not folders):
        return None
    return Named(
        group=_group(artifact_word, manifest, groups, folders),
        artifact=artifact_word,
        version=version,
        licenses=_licenses(manifest),
        is_agreed=is_agreed,
    )


def split_name(stem: str) -> tuple[str, str | None]:
    """Return artifact and version of `artifact-version`; the version is None where none is."""
    if len(stem) <= _LONGEST_STEM:
        for separator in ("-", "_"):  # a Scala version comes after "_", before the artifact's
            for found in re.finditer(rf"{separator}(?=v?[0-9])", stem):
                version = _VERSION.fullmatch(stem, found.end())
                if version and found.start():
                    return stem[: found.start()], version[1]
    return stem, None


def _version(manifest: Fields) -> str | None:
    for name in ("implementation-version", "bundle-version"):
        version = word(first(manifest, name))
        if version and version[:64].strip("v")[:1].isdigit() and " " not in version:
            return version
    return None


def _artifact(text: str | None) -> str | None:
    return text if text and _ARTIFACT.fullmatch(text[:256]) else None


def _group(
    artifact: str, manifest: Fields, groups: Mapping[str, str], folders: Collection[str]
) -> str | None:
    if artifact in groups:
        return word(groups[artifact])
    for pattern, folder, group in GROUPS:
        if _fits(pattern, artifact) and any(_inside(one, folder) for one in folders):
            return group
    vendor = first(manifest, "implementation-vendor-id") or ""
    if _GROUP.fullmatch(vendor[:256]) and vendor not in _UMBRELLAS:
        return vendor
    symbolic = (first(manifest, "bundle-symbolicname") or "").partition(";")[0].strip()
    prefix = symbolic.removesuffix(f".{artifact}")
    return prefix if prefix != symbolic and _LONG_GROUP.fullmatch(prefix[:256]) else None


def _fits(pattern: str, artifact: str) -> bool:
    if pattern.endswith("*"):
        return artifact.startswith(pattern[:-1])
    return artifact == pattern


def _inside(folder: str, parent: str) -> bool:
    return folder == parent or folder.startswith(f"{parent}/")


def _licenses(manifest: Fields) -> tuple[str, ...]:
    license = word((first(manifest, "bundle-license") or "").partition(";")[0].strip(' "'))
    return (license,) if license else ()
