"""CISA's catalogue of known exploited vulnerabilities.

Format: https://www.cisa.gov/known-exploited-vulnerabilities-catalog (JSON and its schema).
"""

import msgspec

from lading.errors import InvalidRecord
from lading.model.advisory import Kev


class _Row(msgspec.Struct, rename="camel"):
    cve_id: str = msgspec.field(name="cveID")
    date_added: str
    due_date: str | None = None
    known_ransomware_campaign_use: str | None = None


class _Catalogue(msgspec.Struct, rename="camel"):
    vulnerabilities: list[_Row]
    date_released: str | None = None


def parse(data: bytes) -> tuple[str | None, tuple[tuple[str, Kev], ...]]:
    """Return (time of release, rows of (CVE, entry)); InvalidRecord for what is no catalogue."""
    try:
        catalogue = msgspec.json.decode(data, type=_Catalogue)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no catalogue of exploited vulnerabilities: {error}") from error
    rows = tuple(
        (
            row.cve_id,
            Kev(
                added=row.date_added,
                due=row.due_date,
                ransomware=True if row.known_ransomware_campaign_use == "Known" else None,
            ),
        )
        for row in catalogue.vulnerabilities
    )
    return catalogue.date_released, rows
