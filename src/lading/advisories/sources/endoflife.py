"""Ends of support of distributions' releases, one document a product, from endoflife.date.

Feed: https://endoflife.date/docs/api/v1/ (`/products/<product>`).
Quirks: a date can be missing where only a yes or no is known (`isEol`). What is called the end of
life is the last day of fixes for everybody, and what is extended beyond is for subscribers; but
Debian's long-term support, which is for everybody, is counted as extended there, and as the end
here. Products are named otherwise than os-release names systems.
"""

import re
from typing import Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Support

SYSTEMS = {
    "almalinux": ("almalinux", "AlmaLinux"),
    "alpine-linux": ("alpine", "Alpine"),
    "amazon-linux": ("amzn", "Amazon Linux"),
    "debian": ("debian", "Debian"),
    "fedora": ("fedora", "Fedora"),
    "opensuse": ("opensuse-leap", "openSUSE"),
    "oracle-linux": ("ol", "Oracle Linux"),
    "rhel": ("rhel", "Red Hat"),
    "rocky-linux": ("rocky", "Rocky Linux"),
    "sles": ("sles", "SUSE"),
    "ubuntu": ("ubuntu", "Ubuntu"),
}
"""Products there to ids of os-release, and to the ecosystems of their advisories."""

_OPEN_TO_ALL = frozenset(("debian",))  # their extended support is for everybody
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_RELEASE = re.compile(r"\d{1,4}(?:\.\d{1,4}){0,2}")


class _Release(msgspec.Struct, rename="camel"):
    name: str
    is_eol: Any = None
    eol_from: Any = None
    eoes_from: Any = None


class _Product(msgspec.Struct):
    name: str
    releases: list[msgspec.Raw]


class _Document(msgspec.Struct):
    result: _Product
    last_modified: Any = None


_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidRecord)
_decode = msgspec.json.Decoder(_Document).decode
_decode_release = msgspec.json.Decoder(_Release).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return how long the product's releases are supported; a broken release is rejected alone.

    InvalidRecord for no such document, and for a product that is no distribution we know.
    """
    try:
        document = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no ends of support: {error}") from error
    product = document.result.name
    if product not in SYSTEMS:
        raise InvalidRecord(f"ends of support of {product[:80]!r}, which is no known distribution")
    system, _ = SYSTEMS[product]
    found: dict[str, Support] = {}
    rejected: list[tuple[str, str]] = []
    for number, raw in enumerate(document.result.releases):
        try:
            one = _support(system, _decode_release(raw))
        except _BROKEN as error:
            rejected.append((f"releases[{number}]", str(error)))
            continue
        found[one.release] = one
    return Parsed(
        feed=feed or f"endoflife/{product}",
        support=tuple(found.values()),
        as_of=utc(document.last_modified) or as_of,
        rejected=tuple(rejected),
    )


def _support(system: str, release: _Release) -> Support:
    if not _RELEASE.fullmatch(release.name):
        raise InvalidRecord(f"no number of a release: {release.name[:80]!r}")
    ends, extended = _date(release.eol_from), _date(release.eoes_from)
    if system in _OPEN_TO_ALL and extended is not None:
        ends, extended = extended, None
    is_over = release.is_eol if isinstance(release.is_eol, bool) and ends is None else None
    return Support(system=system, release=release.name, ends=ends, extended=extended, ended=is_over)


def _date(value: object) -> str | None:
    return value if isinstance(value, str) and _DATE.fullmatch(value) else None


ENDOFLIFE = Format(
    name="endoflife",
    extent=Extent.FEED,
    parse=parse,
    recognises=lambda members: {"schema_version", "result"} <= members,
)
