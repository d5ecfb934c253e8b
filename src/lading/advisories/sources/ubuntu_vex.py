"""Ubuntu's statements on single vulnerabilities: OpenVEX documents.

Feed: https://documentation.ubuntu.com/security/security-updates/vex/, format:
https://github.com/openvex/spec. Products are package URLs with the release, and for what only
subscribers get the archive, as `distro`; ecosystems and tiers are made of these.
Quirks: each source package is listed with all its binaries for all architectures, which say the
same; they are kept only where their source is not listed. `fixed` names the version that the
archive has now, not the one that first had the fix, so it tells nothing of the versions between,
and gives no row here: Ubuntu's OSV records have the fix itself. Why a package stays as it is
(deferred, no longer supported) is said in words alone.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

import msgspec

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.advisories.releases import ubuntu
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range
from lading.model.finding import FixState

_ID = re.compile(r"CVE-\d{4}-\d{4,19}")
_USN = re.compile(r"USN-\d{1,6}-\d{1,4}$")
_PURL = re.compile(r"pkg:deb/ubuntu/(?P<name>[^@?#]+)(?:@[^?#]*)?\?(?P<qualifiers>[^#]+)")
_LONGEST = 1024  # characters of a statement
_MOST = 500_000  # products of one document
_EVER = (Range(type="ECOSYSTEM", events=(Event(kind=EventKind.INTRODUCED, version="0"),)),)
_WORDS = (
    ("no longer supported", FixState.END_OF_LIFE),
    ("end of life", FixState.END_OF_LIFE),
    ("deferred", FixState.DEFERRED),
    ("will not be fixed", FixState.WONT_FIX),
    ("ignored", FixState.WONT_FIX),
)


class _Vulnerability(msgspec.Struct):
    name: str
    aliases: Any = None


class _Product(msgspec.Struct):
    id: str = msgspec.field(name="@id")


class _Statement(msgspec.Struct):
    vulnerability: _Vulnerability
    status: str
    products: list[_Product]
    justification: str | None = None
    impact_statement: str | None = None
    action_statement: str | None = None
    status_notes: str | None = None
    timestamp: Any = None


class _Document(msgspec.Struct):
    statements: list[_Statement]
    timestamp: Any = None


_decode = msgspec.json.Decoder(_Document).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory a vulnerability, named as OSV names Ubuntu's (`UBUNTU-CVE-2026-1000`).

    A product that is no package of Ubuntu is rejected alone. InvalidRecord for no such document,
    and for one that has no package of Ubuntu.
    """
    try:
        document = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no VEX document: {error}") from error
    statements = document.statements
    if sum(len(one.products) for one in statements) > _MOST:
        raise InvalidRecord(f"a VEX document about more than {_MOST} products")
    feed = feed or "ubuntu/vex"
    modified = utc(document.timestamp) or as_of
    rejected: dict[tuple[str, str], None] = {}
    by_id: dict[str, list[_Statement]] = {}
    for one in statements:
        if _ID.fullmatch(one.vulnerability.name):
            by_id.setdefault(one.vulnerability.name, []).append(one)
        else:
            rejected[one.vulnerability.name[:80], "no id of a vulnerability"] = None
    advisories = tuple(_advisory(id, by_id[id], feed, modified, rejected) for id in sorted(by_id))
    if not any(one.affected or _mended(by_id[one.upstream[0]]) for one in advisories):
        raise InvalidRecord("a VEX document that names no package of Ubuntu")
    return Parsed(feed=feed, advisories=advisories, as_of=modified, rejected=tuple(rejected))


def _mended(statements: Iterable[_Statement]) -> bool:
    return any(
        one.status == "fixed" and _PURL.match(product.id)
        for one in statements
        for product in one.products
    )


def _advisory(
    id: str,
    statements: list[_Statement],
    feed: str,
    modified: str | None,
    rejected: dict[tuple[str, str], None],
) -> Advisory:
    aliases = statements[0].vulnerability.aliases
    texts = [one for one in aliases if isinstance(one, str)] if isinstance(aliases, list) else []
    affected = dict.fromkeys(
        affected for one in statements for affected in _affected(id, one, rejected)
    )
    return Advisory(
        id=f"UBUNTU-{id}",
        feed=feed,
        modified=modified,
        published=min((time for one in statements if (time := utc(one.timestamp))), default=None),
        upstream=(id,),
        related=tuple(dict.fromkeys(usn[0] for text in texts if (usn := _USN.search(text)))),
        references=tuple(text[:_LONGEST] for text in texts if text.startswith("https://")),
        affected=tuple(affected),
    )


def _affected(
    id: str, statement: _Statement, rejected: dict[tuple[str, str], None]
) -> Iterator[Affected]:
    state = _state(statement)
    if state is None:
        if statement.status != "fixed":
            rejected[id, f"no status that is known: {statement.status[:80]!r}"] = None
        return
    named: dict[str, dict[bool, dict[str, None]]] = {}  # distro → is it a source → names
    for product in statement.products:
        purl = _PURL.match(product.id)
        qualifiers = (
            dict(one.partition("=")[::2] for one in purl["qualifiers"].split("&")) if purl else {}
        )
        if purl is None or "distro" not in qualifiers:
            rejected[id, f"no package of Ubuntu: {product.id[:120]!r}"] = None
            continue
        place = named.setdefault(unquote(qualifiers["distro"]), {})
        is_source = qualifiers.get("arch") == "source"
        place.setdefault(is_source, {})[unquote(purl["name"])] = None
    for distro, by_kind in named.items():
        try:
            ecosystem, tier = ubuntu(distro)
        except InvalidRecord as error:
            rejected[id, str(error)] = None
            continue
        is_source = True in by_kind
        for name in by_kind[is_source]:
            yield Affected(
                ecosystem=ecosystem,
                name=name,
                ranges=() if state == "not-affected" else _EVER,
                state=state,
                of="source" if is_source else "binary",
                tier=tier,
                statement=_said(statement),
            )


def _state(statement: _Statement) -> str | None:
    match statement.status:
        case "not_affected":
            return "not-affected"
        case "under_investigation":
            return "under-investigation"
        case "affected":
            said = (_said(statement) or "").lower()
            return next((state for word, state in _WORDS if word in said), FixState.NOT_FIXED)
        case _:
            return None


def _said(statement: _Statement) -> str | None:
    texts = (
        statement.justification,
        statement.impact_statement or statement.action_statement or statement.status_notes,
    )
    return ": ".join(text for text in texts if text)[:_LONGEST] or None


UBUNTU_VEX = Format(
    name="ubuntu-vex",
    extent=Extent.RECORD,
    parse=parse,
    recognises=lambda members: {"@context", "statements"} <= members,
)
