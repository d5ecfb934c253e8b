"""CISA's catalogue of known exploited vulnerabilities.

Format: https://www.cisa.gov/known-exploited-vulnerabilities-catalog (JSON and its schema).
Quirk: ransomware use is `Known` or `Unknown`; the latter says nothing, and is kept as nothing.
"""

import re
from typing import Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Kev

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"CVE-\d{4}-\d{4,19}")


class _Row(msgspec.Struct, rename="camel"):
    date_added: str
    cve_id: str = msgspec.field(name="cveID")
    due_date: Any = None
    known_ransomware_campaign_use: Any = None


class _Catalogue(msgspec.Struct, rename="camel"):
    vulnerabilities: list[msgspec.Raw]
    date_released: Any = None


_decode = msgspec.json.Decoder(_Catalogue).decode
_decode_row = msgspec.json.Decoder(_Row).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the catalogue; an entry without CVE or date is rejected, the others stand."""
    try:
        catalogue = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no catalogue of exploited vulnerabilities: {error}") from error
    rows: list[tuple[str, Kev]] = []
    rejected: list[tuple[str, str]] = []
    for number, raw in enumerate(catalogue.vulnerabilities):
        try:
            rows.append(_row(raw))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidRecord) as error:
            rejected.append((f"vulnerabilities[{number}]", str(error)))
    return Parsed(
        feed=feed or "kev",
        kev=tuple(rows),
        as_of=utc(catalogue.date_released) or as_of,
        rejected=tuple(rejected),
    )


def _row(raw: msgspec.Raw) -> tuple[str, Kev]:
    row = _decode_row(raw)
    if not _ID.fullmatch(row.cve_id) or not _DATE.fullmatch(row.date_added):
        raise InvalidRecord(f"{row.cve_id[:80]!r} added {row.date_added[:80]!r}: no CVE or no date")
    due = row.due_date
    return row.cve_id, Kev(
        added=row.date_added,
        due=due if isinstance(due, str) and _DATE.fullmatch(due) else None,
        ransomware=True if row.known_ransomware_campaign_use == "Known" else None,
    )


def _recognises(members: frozenset[str]) -> bool:
    return "vulnerabilities" in members and bool(members & {"catalogVersion", "dateReleased"})


KEV = Format(name="kev", extent=Extent.FEED, recognises=_recognises, parse=parse)
