"""AlmaLinux's errata (JSON), in both forms that it publishes.

Feed: https://errata.almalinux.org/9/errata.full.json (`{"data": […]}`) and `errata.json` (a list,
with dates in milliseconds). One advisory an erratum, named as in its OSV database. Written from
https://wiki.almalinux.org/documentation/errata.html; not yet held against the whole feed.
Quirks: the release stands in the versions alone (`.el9_2`). Errata for bugs and enhancements that
name no vulnerability are left out.
"""

import re
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from lading.advisories.errata import Rpm, built_for, mended, vulnerabilities
from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
_ERRATUM = re.compile(r"AL[SBE]A-\d{4}:\w+")
_HEAD = re.compile(rb'"(?:updateinfo_)?id"\s*:\s*"AL[SBE]A-')


class _Package(msgspec.Struct):
    name: _Text
    version: _Text
    release: _Text
    epoch: str | int | None = None
    arch: str | None = None


class _Module(msgspec.Struct):
    name: _Text
    stream: _Text


class _List(msgspec.Struct):
    packages: list[_Package] | None = None
    module: _Module | None = None


class _Reference(msgspec.Struct):
    id: str | None = None
    type: str | None = None
    href: str | None = None


class _Erratum(msgspec.Struct):
    id: str | None = None
    updateinfo_id: str | None = None
    type: str = ""
    title: str | None = None
    severity: str | None = None
    issued_date: Any = None
    updated_date: Any = None
    packages: list[_Package] | None = None
    modules: list[_Module] | None = None
    pkglist: _List | None = None
    references: list[_Reference] | None = None


class _Document(msgspec.Struct):
    data: list[msgspec.Raw]


_decode_list = msgspec.json.Decoder(list[msgspec.Raw] | _Document).decode
_decode = msgspec.json.Decoder(_Erratum).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory an erratum; one that cannot be read is rejected alone."""
    feed = feed or "almalinux"
    try:
        document = _decode_list(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no list of errata: {error}") from error
    errata = document.data if isinstance(document, _Document) else document
    found: list[Advisory] = []
    rejected: list[tuple[str, str]] = []
    for number, raw in enumerate(errata):
        try:
            one = _advisory(_decode(raw), feed)
        except (msgspec.MsgspecError, RecursionError, InvalidRecord) as error:
            rejected.append((f"erratum {number}", str(error)))
            continue
        if one is not None:
            found.append(one)
    return Parsed(feed=feed, advisories=tuple(found), as_of=as_of, rejected=tuple(rejected))


def _advisory(erratum: _Erratum, feed: str) -> Advisory | None:
    """Return what an erratum mends; None for one of bugs only."""
    id = erratum.updateinfo_id or erratum.id or ""
    if not _ERRATUM.fullmatch(id):
        raise InvalidRecord(f"{id[:80]!r} is no erratum")
    references = erratum.references or []
    named = vulnerabilities(*(one.id or "" for one in references), erratum.title or "")
    if erratum.type != "security" and not named:
        return None
    rpms = _rpms(erratum)
    release = built_for(rpms, "el")
    if release is None:
        raise InvalidRecord(f"{id}: no version in it says which release it is about")
    if not all(one.is_whole for one in rpms):
        raise InvalidRecord(f"{id}: a package without name or version")
    issued = _date(erratum.issued_date)
    return Advisory(
        id=id,
        feed=feed,
        modified=_date(erratum.updated_date) or issued,
        published=issued,
        upstream=named,
        title=(erratum.title or "")[:1024] or None,
        rating=(erratum.severity or "").lower() or None,
        references=tuple(dict.fromkeys(one.href for one in references if one.href)),
        affected=mended(rpms, f"AlmaLinux:{release}"),
    )


def _rpms(erratum: _Erratum) -> list[Rpm]:
    some = erratum.pkglist or _List(packages=erratum.packages)
    modules = {f"{one.name}:{one.stream}" for one in (some.module, *(erratum.modules or ())) if one}
    module = modules.pop() if len(modules) == 1 else None  # of several: it is not said whose
    return [
        Rpm(
            name=one.name,
            epoch=str(one.epoch or 0),
            version=one.version,
            release=one.release,
            arch=one.arch,
            module=module if ".module" in one.release else None,
        )
        for one in some.packages or ()
    ]


def _date(value: object) -> str | None:
    """Return a date that is a text, or milliseconds, alone or in `{"$date": …}`."""
    if isinstance(value, dict):
        value = value.get("$date")
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            seconds = value / 1000 if value > 1e11 else value
            return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
        except (ValueError, OverflowError, OSError):
            return None
    return utc(value)


def _claims(head: bytes) -> bool:
    start = head.lstrip()[:20].replace(b" ", b"").replace(b"\n", b"")
    return start.startswith((b"[", b'{"data"')) and _HEAD.search(head) is not None


ALMALINUX = Format(name="almalinux", extent=Extent.PART, claims=_claims, parse=parse)
