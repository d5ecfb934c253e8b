r"""NVD's records of CVEs: how bad, of which weakness, and for a few programs which versions.

Feed: https://nvd.nist.gov/vuln/data-feeds (version 2.0, one document a year), of one form with the
pages of the API: https://nvd.nist.gov/developers/vulnerabilities. Also one record by itself.
Versions are kept for programs of `lading.model.product` alone, under the ecosystem `NVD` by
`vendor:product`: what packages are called elsewhere, CPE names do not tell.
Quirks: a configuration says what is vulnerable and, with `vulnerable: false`, what it runs on or
with; the latter is never affected, and a product counts only where that other part can be a Linux
system. So do names for another platform (`target_sw`). A version has its patch level by the side
(`7.2`, `p2`). An excluded start is written as the start with `.0.1` behind it. Rejected records are
withdrawn. Documents of cut pages say that there is more (`totalResults`): none takes records away.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range, Vector
from lading.model.product import ECOSYSTEM, PRODUCTS

_ID = re.compile(r"CVE-\d{4}-\d{4,19}")
_CWE = re.compile(r"CWE-\d{1,6}")
_PART = re.compile(r"((?:[^:\\]|\\.)*)(?::|$)", re.DOTALL)
_PATCH = re.compile(r"p\d{1,4}")
_LONGEST = 1024  # characters of a version, a vector or an address
_TITLE = 200  # characters of a description, which can be pages
_MOST_REFERENCES = 50
_KNOWN = frozenset(product for products in PRODUCTS.values() for product in products)
_METRICS = ("cvssMetricV40", "cvssMetricV31", "cvssMetricV30", "cvssMetricV2")
_ANY = frozenset(("*", "-"))
_LINUX = frozenset(
    ("linux", "debian", "canonical", "redhat", "fedoraproject", "opensuse", "suse", "oracle")
)  # vendors of systems that images hold


class _Match(msgspec.Struct, rename="camel"):
    vulnerable: bool
    criteria: str
    version_start_including: str | None = None
    version_start_excluding: str | None = None
    version_end_including: str | None = None
    version_end_excluding: str | None = None


class _Node(msgspec.Struct, rename="camel"):
    cpe_match: list[_Match] = []
    negate: bool = False


class _Configuration(msgspec.Struct):
    nodes: list[_Node]
    operator: str | None = None
    negate: bool = False


class _Cve(msgspec.Struct, rename="camel"):
    id: str
    published: Any = None
    last_modified: Any = None
    vuln_status: Any = None
    descriptions: Any = None
    metrics: Any = None
    weaknesses: Any = None
    references: Any = None
    configurations: list[_Configuration] = []


class _Item(msgspec.Struct):
    cve: _Cve


class _Document(msgspec.Struct):
    vulnerabilities: list[msgspec.Raw]
    timestamp: Any = None


_BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, InvalidRecord)
_decode = msgspec.json.Decoder(_Document).decode
_decode_item = msgspec.json.Decoder(_Item).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the records of a document; a broken one is rejected alone.

    InvalidRecord for no document of NVD.
    """
    try:
        document = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no records of NVD: {error}") from error
    feed = feed or "nvd"
    found: list[Advisory] = []
    rejected: list[tuple[str, str]] = []
    for number, raw in enumerate(document.vulnerabilities):
        try:
            found.append(_advisory(_decode_item(raw).cve, feed))
        except _BROKEN as error:
            rejected.append((f"vulnerabilities[{number}]", str(error)))
    return Parsed(
        feed=feed,
        advisories=tuple(found),
        as_of=utc(document.timestamp) or as_of,
        rejected=tuple(rejected),
    )


def parse_record(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the one record of a document; InvalidRecord where its id or versions are none."""
    try:
        advisory = _advisory(_decode_item(data).cve, feed or "nvd")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no record of NVD: {error}") from error
    return Parsed(feed=feed or "nvd", advisories=(advisory,), as_of=advisory.modified or as_of)


def _advisory(cve: _Cve, feed: str) -> Advisory:
    if not _ID.fullmatch(cve.id):
        raise InvalidRecord(f"no id of a CVE: {cve.id[:80]!r}")
    modified = utc(cve.last_modified)
    is_rejected = cve.vuln_status == "Rejected"
    urls = (one.get("url") for one in _objects(cve.references))
    return Advisory(
        id=cve.id,
        feed=feed,
        modified=modified,
        published=utc(cve.published),
        withdrawn=(modified or "rejected") if is_rejected else None,
        title=_title(cve.descriptions),
        vectors=tuple(dict.fromkeys(_vectors(cve))),
        cwes=tuple(dict.fromkeys(_cwes(cve.weaknesses))),
        references=tuple(
            dict.fromkeys(url for url in urls if isinstance(url, str) and len(url) <= _LONGEST)
        )[:_MOST_REFERENCES],
        affected=tuple(_affected(cve.configurations, withdrawn=is_rejected)),
    )


def _objects(value: object) -> Iterator[dict[str, Any]]:
    items = value if isinstance(value, list) else ()
    return (item for item in items if isinstance(item, dict))


def _title(descriptions: object) -> str | None:
    texts = (one.get("value") for one in _objects(descriptions) if one.get("lang") == "en")
    text = next((text for text in texts if isinstance(text, str) and text), None)
    return text if text is None or len(text) <= _TITLE else text[: _TITLE - 1] + "…"


def _vectors(cve: _Cve) -> Iterator[Vector]:
    """Yield newest generation first, and in each NVD's own before others'."""
    metrics = cve.metrics if isinstance(cve.metrics, dict) else {}
    for generation in _METRICS:
        for one in sorted(_objects(metrics.get(generation)), key=_is_secondary):
            data = one.get("cvssData")
            vector = data.get("vectorString") if isinstance(data, dict) else None
            if isinstance(vector, str) and 0 < len(vector) <= _LONGEST:
                yield Vector(source=cve.id, vector=vector, score=None)


def _is_secondary(metric: dict[str, Any]) -> bool:
    return metric.get("type") != "Primary"


def _cwes(weaknesses: object) -> Iterator[str]:
    for one in _objects(weaknesses):
        for text in _objects(one.get("description")):
            value = text.get("value")
            if isinstance(value, str) and _CWE.fullmatch(value):
                yield value


def _affected(configurations: Iterable[_Configuration], *, withdrawn: bool) -> Iterator[Affected]:
    ranges: dict[str, dict[Range, None]] = {}
    versions: dict[str, dict[str, None]] = {}
    for match in _vulnerable(configurations):
        product, version = _product(match.criteria)
        if product not in _KNOWN or version is None:
            continue
        ranges.setdefault(product, {})
        if version == "*":
            ranges[product][_range(match)] = None
        else:
            versions.setdefault(product, {})[version] = None
    for product, found in ranges.items():
        yield Affected(
            ecosystem=ECOSYSTEM,
            name=product,
            ranges=tuple(found),
            versions=tuple(versions.get(product, ())),
            withdrawn=withdrawn,
        )


def _vulnerable(configurations: Iterable[_Configuration]) -> Iterator[_Match]:
    for one in configurations:
        if one.negate or any(node.negate for node in one.nodes):
            continue
        for node in one.nodes:
            others = [other for other in one.nodes if other is not node]
            if one.operator != "AND" or all(map(_can_be_linux, others)):
                yield from (match for match in node.cpe_match if match.vulnerable)


def _can_be_linux(node: _Node) -> bool:
    parts = ([*_PART.findall(match.criteria), *"     "] for match in node.cpe_match)
    return any(part[2] == "o" and part[3] in _LINUX for part in parts)


def _product(criteria: str) -> tuple[str, str | None]:
    """Return `vendor:product` and the version, `*` for a range; None where it is for others.

    A name is cpe:2.3:part:vendor:product:version:update:edition:language:sw_edition:target_sw:…
    """
    if len(criteria) > _LONGEST:
        raise InvalidRecord("a CPE name without end")
    parts = _PART.findall(criteria)
    if len(parts) < 13 or parts[:3] != ["cpe", "2.3", "a"]:
        return "", None
    _, _, _, vendor, product, version, update, edition, _, _, target, *_ = parts
    if version == "-" or edition not in _ANY or not (target in _ANY or target == "linux"):
        return f"{vendor}:{product}", None
    if version != "*" and update not in _ANY:
        version += update if _PATCH.fullmatch(update) else f"-{update}"
    return f"{vendor}:{product}", version.replace("\\", "")


def _range(match: _Match) -> Range:
    start = match.version_start_including or "0"
    if match.version_start_excluding:
        start = f"{match.version_start_excluding}.0.1"
    events = [Event(kind=EventKind.INTRODUCED, version=start)]
    if match.version_end_excluding:
        events.append(Event(kind=EventKind.FIXED, version=match.version_end_excluding))
    elif match.version_end_including:
        events.append(Event(kind=EventKind.LAST_AFFECTED, version=match.version_end_including))
    if any(len(event.version) > _LONGEST for event in events):
        raise InvalidRecord("a version without end")
    return Range(type="ECOSYSTEM", events=tuple(events))


NVD = Format(
    name="nvd",
    extent=Extent.PART,
    parse=parse,
    recognises=lambda members: {"vulnerabilities", "resultsPerPage"} <= members,
)
NVD_RECORD = Format(
    name="nvd-record",
    extent=Extent.RECORD,
    parse=parse_record,
    recognises=lambda members: members == {"cve"},
)
