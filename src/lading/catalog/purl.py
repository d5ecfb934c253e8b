"""Packages to package URLs.

Specification: https://github.com/package-url/purl-spec (types: PURL-TYPES).
"""

import re
import string

from packageurl import PackageURL

from lading.model.package import Package, Release

_OS_TYPES = frozenset(("deb", "apk", "rpm", "opkg", "alpm"))
_SAFE = frozenset(string.ascii_letters.encode() + string.digits.encode() + b"-._~")
_NAMESPACES = {"rhel": "redhat", "opensuse-leap": "opensuse", "opensuse-tumbleweed": "opensuse"}


def purl_of(package: Package, release: Release | None) -> str:
    """Return the purl; for OS packages with the distribution as namespace and qualifier."""
    namespace, name, version = None, package.name, package.version
    qualifiers: dict[str, str] = {}
    if package.type in _OS_TYPES:
        if release is not None and release.id:
            namespace = _NAMESPACES.get(release.id, release.id)
            qualifiers["distro"] = "-".join(filter(None, (release.id, release.version_id)))
        if package.arch:
            qualifiers["arch"] = package.arch
        if package.type == "rpm" and version and ":" in version:
            qualifiers["epoch"], version = version.split(":", 1)
    elif package.type == "maven":
        namespace, _, name = package.name.rpartition(":")
    elif package.type == "vscode-extension":
        namespace, _, name = package.name.partition(".")
    elif package.type in (
        "npm",
        "golang",
        "composer",
        "swift",
        "github",
        "ebuild",
        "huggingface",
        "generic",
    ):
        namespace, _, name = package.name.rpartition("/")
    if short := _plain(package.type, namespace, name, version, qualifiers):
        return short
    try:
        return PackageURL(
            type=package.type,
            namespace=namespace or None,
            name=name or package.name,
            version=version,
            qualifiers=qualifiers,
        ).to_string()
    except (ValueError, TypeError):  # a name of slashes or blanks alone, or that is no Unicode
        return f"pkg:{package.type}/{_quoted(package.name)}@{_quoted(version or '')}"


_UNCHANGED = re.compile(r"[a-z0-9][a-z0-9.-]*").fullmatch
_WRITTEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._~-]*").fullmatch
_AS_IS = frozenset(("deb", "apk", "rpm", "npm"))  # of these types, nothing is normalised but case


def _plain(
    type: str, namespace: str | None, name: str, version: str | None, qualifiers: dict[str, str]
) -> str | None:
    """Return the purl of parts that stand in it as they are, which is most; None for others."""
    if type not in _AS_IS or not _UNCHANGED(name) or not version or not _WRITTEN(version):
        return None
    if namespace and not _UNCHANGED(namespace):
        return None
    if not all(map(_WRITTEN, qualifiers.values())):
        return None
    more = "&".join(f"{key}={qualifiers[key]}" for key in sorted(qualifiers))
    place = f"{namespace}/{name}" if namespace else name
    return f"pkg:{type}/{place}@{version}{'?' if more else ''}{more}"


def _quoted(text: str) -> str:
    data = text.encode("utf-8", "backslashreplace")
    return "".join(chr(byte) if byte in _SAFE else f"%{byte:02X}" for byte in data)
