"""Photon OS vulnerability data (one JSON list a release).

Feed: https://packages.vmware.com/photon/photon_cve_metadata/ (`cve_data_photon5.0.json`), described
at https://github.com/vmware/photon/wiki/Security-Advisories. One advisory a vulnerability, named
`PHOTON-CVE-…`. Written from that description; not yet held against the whole feed.
Quirks: the release stands in the versions alone (`.ph5`). `aff_ver` is a sentence; `res_ver` is the
fixed version, or `NA`. Entries have no date.
"""

import re
from collections import Counter
from typing import Annotated

import msgspec

from lading.advisories.errata import until
from lading.advisories.format import Extent, Format, Parsed
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Vector

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
_VULNERABILITY = re.compile(r"CVE-\d{4}-\d{4,19}")
_DIST = re.compile(r"\.ph(\d{1,2})$")
_NONE = ("", "na", "n/a", "none")


class _Entry(msgspec.Struct):
    cve_id: _Text
    pkg: _Text
    cve_score: float | None = None
    aff_ver: str = ""
    res_ver: str = ""
    status: str = ""


_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode = msgspec.json.Decoder(_Entry).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory a vulnerability, dated `as_of`; a broken entry is rejected alone.

    InvalidRecord for no such list, or one whose release cannot be told.
    """
    try:
        raw = _decode_list(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no list of vulnerabilities: {error}") from error
    entries: list[_Entry] = []
    rejected: list[tuple[str, str]] = []
    for number, one in enumerate(raw):
        try:
            entry = _decode(one)
        except (msgspec.MsgspecError, RecursionError) as error:
            rejected.append((f"entry {number}", str(error)))
            continue
        if _VULNERABILITY.fullmatch(entry.cve_id):
            entries.append(entry)
        else:
            rejected.append((f"entry {number}", f"{entry.cve_id[:80]!r} is no vulnerability"))
    release = _release(entries)
    feed = feed or f"photon/{release}"
    advisories = _advisories(entries, f"Photon OS:{release}", feed, as_of)
    return Parsed(feed=feed, advisories=advisories, as_of=as_of, rejected=tuple(rejected))


def _release(entries: list[_Entry]) -> str:
    found = Counter(tag[1] for one in entries if (tag := _DIST.search(one.res_ver.strip())))
    if not found:
        raise InvalidRecord("no version in it says which release of Photon OS it is about")
    return f"{found.most_common(1)[0][0]}.0"


def _advisories(
    entries: list[_Entry], ecosystem: str, feed: str, as_of: str | None
) -> tuple[Advisory, ...]:
    by_id: dict[str, list[_Entry]] = {}
    for one in entries:
        by_id.setdefault(one.cve_id, []).append(one)
    return tuple(
        Advisory(
            id=f"PHOTON-{id}",
            feed=feed,
            modified=as_of,
            upstream=(id,),
            vectors=_vectors(id, some),
            affected=tuple(dict.fromkeys(_affected(one, ecosystem) for one in some)),
        )
        for id, some in by_id.items()
    )


def _vectors(id: str, entries: list[_Entry]) -> tuple[Vector, ...]:
    scores = [one.cve_score for one in entries if one.cve_score and 0 < one.cve_score <= 10]
    if not scores:
        return ()
    return (Vector(source=f"PHOTON-{id}", vector=None, score=max(scores)),)


def _affected(entry: _Entry, ecosystem: str) -> Affected:
    fixed = entry.res_ver.strip()
    if entry.status.strip().lower().replace("-", " ") == "not affected":
        return Affected(
            ecosystem=ecosystem, name=entry.pkg, state="not-affected", statement=entry.status
        )
    if fixed.lower() in _NONE:
        return Affected(
            ecosystem=ecosystem,
            name=entry.pkg,
            ranges=(until(None),),
            state="not-fixed",
            statement=entry.aff_ver[:200] or None,
        )
    return Affected(ecosystem=ecosystem, name=entry.pkg, ranges=(until(fixed),))


def _claims(head: bytes) -> bool:
    return head.lstrip().startswith(b"[") and b'"cve_id"' in head and b'"res_ver"' in head


PHOTON = Format(name="photon", extent=Extent.FEED, claims=_claims, parse=parse)
