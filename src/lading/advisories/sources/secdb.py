"""Security databases of Alpine, Wolfi and Chainguard: package → fixed version → vulnerabilities.

Format: https://gitlab.alpinelinux.org/alpine/infra/alpine-secdb. One advisory a vulnerability and
feed, named after both (`ALPINE-CVE-2020-1234`), which carries the vulnerability on as its upstream.
Quirks: fixed version "0" means that the package was never affected; one entry can hold several ids
(`CVE-2019-14904 GHSA-…`), and remarks in brackets.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range

_ID = re.compile(r"[A-Z][A-Z0-9]+-[A-Za-z0-9-]+")
_NAMES = {"Alpine": "ALPINE", "Wolfi": "WOLFI", "Chainguard": "CGR"}


class _Package(msgspec.Struct):
    name: str
    secfixes: dict[str, list[str]] = {}


class _Entry(msgspec.Struct):
    pkg: _Package


class _Document(msgspec.Struct):
    packages: list[_Entry]
    distroversion: str | None = None
    urlprefix: str = ""
    apkurl: str = ""


def ecosystem_of(document: _Document) -> str:
    """Return the OSV ecosystem that the document is about."""
    if document.distroversion:
        return f"Alpine:{document.distroversion}"
    return (
        "Chainguard"
        if "chainguard" in document.urlprefix or "cgr" in document.urlprefix
        else "Wolfi"
    )


def decode(data: bytes) -> _Document:
    """Return the document; InvalidRecord for what is no secdb."""
    try:
        value: Any = msgspec.json.decode(data)
        if isinstance(value, dict):
            # An empty repository is written as an object or as null.
            value["packages"] = [one for one in value.get("packages") or [] if one]
            for one in value["packages"]:
                fixes = one["pkg"].get("secfixes") or {}
                one["pkg"]["secfixes"] = {str(k): v or [] for k, v in fixes.items()}
        return msgspec.convert(value, _Document)
    except (
        msgspec.MsgspecError,
        UnicodeDecodeError,
        RecursionError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:
        raise InvalidRecord(f"no security database: {error}") from error


def parse(data: bytes, feed: str, as_of: str | None) -> Iterator[Advisory]:
    """Yield one advisory a vulnerability; `as_of` dates them, since the format does not."""
    document = decode(data)
    ecosystem = ecosystem_of(document)
    by_id: dict[str, dict[tuple[str, str], None]] = {}
    for entry in document.packages:
        for fixed, texts in entry.pkg.secfixes.items():
            for id in (id for text in texts for id in _ID.findall(text)):
                by_id.setdefault(id, {})[entry.pkg.name, fixed] = None
    prefix = _NAMES[ecosystem.partition(":")[0]]
    for id, places in sorted(by_id.items()):
        yield Advisory(
            id=f"{prefix}-{id}",
            feed=feed,
            modified=as_of,
            upstream=(id,),
            affected=tuple(_affected(ecosystem, name, fixed) for name, fixed in places),
        )


def _affected(ecosystem: str, name: str, fixed: str) -> Affected:
    if fixed.strip() == "0":
        return Affected(ecosystem=ecosystem, name=name, state="not-affected")
    events = (
        Event(kind=EventKind.INTRODUCED, version="0"),
        Event(kind=EventKind.FIXED, version=fixed.split(maxsplit=1)[0] if fixed.split() else fixed),
    )
    return Affected(
        ecosystem=ecosystem, name=name, ranges=(Range(type="ECOSYSTEM", events=events),)
    )
