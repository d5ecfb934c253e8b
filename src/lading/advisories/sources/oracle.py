"""Oracle Linux errata (OVAL): all in one document, or those of one release or one erratum.

Feed: https://linux.oracle.com/security/oval/ (`com.oracle.elsa-all.xml.bz2`). One advisory an
erratum, which carries the vulnerabilities that it mends on as its upstream.
Quirks: a document may hold any part of the feed, so it adds and takes nothing away. The same
packages are listed once for each architecture of the system, on which packages of others can be
installed too (`i686` and `noarch` on `x86_64`). Packages of modules stand below `Module NAME:STREAM
is enabled`. CVSS vectors stand behind a score, for v3 with their prefix. The one date is the
issue's.
"""

import re
from collections.abc import Iterable

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.advisories.markup import Node, root_of
from lading.advisories.oval import Bound, Definition, Document, Statement, parsed, range_of, read
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Vector

_ERRATUM = re.compile(r"EL[SBE]A-\d{4}-\d{1,9}(?:-\d+)?", re.IGNORECASE)
_VULNERABILITY = re.compile(r"CVE-\d{4}-\d{4,19}")
_CVSS2 = re.compile(r"AV:[LAN]/AC:[HML]/Au:[MSN]/C:[NPC]/I:[NPC]/A:[NPC]")
_CVSS = re.compile(r"CVSS:[34]\.\d/[A-Za-z:/]{1,200}")
_RELEASE = re.compile(r"Oracle Linux (\d{1,2})")
_ON = {"x86_64": ("i686", "noarch", "x86_64"), "i386": ("i386", "i586", "i686", "noarch")}

_Key = tuple[str, str, tuple[Bound, ...], str | None]  # release, name, bounds, module


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory an erratum; one that cannot be read is rejected alone.

    InvalidRecord for no OVAL document.
    """
    document = read(data)
    feed = feed or "oval/oracle"
    return parsed(document, lambda one: _advisory(one, document, feed), feed=feed, as_of=as_of)


def _advisory(definition: Definition, document: Document, feed: str) -> Advisory:
    metadata = definition.metadata
    advisory = metadata.first("advisory") or Node("advisory", {})
    title = " ".join(metadata.text_of("title").split())
    found = _ERRATUM.match(title)
    if found is None:
        raise InvalidRecord(f"its title names no erratum: {title[:80]!r}")
    id = found[0].upper()
    references = [one.attributes for one in metadata.all("reference")]
    names = [one.get("ref_id", "").strip() for one in references]
    names += [one.text.strip() for one in advisory.all("cve")]
    issued = utc(advisory.attribute_of("issued", "date"))
    platforms = [
        number[1]
        for affected in metadata.all("affected")
        for platform in affected.all("platform")
        if (number := _RELEASE.search(platform.text))
    ]
    return Advisory(
        id=id,
        feed=feed,
        modified=issued,
        published=issued,
        upstream=tuple(dict.fromkeys(name for name in names if _VULNERABILITY.fullmatch(name))),
        title=title[:1024],
        rating=advisory.text_of("severity").lower() or None,
        vectors=_vectors(id, advisory.all("cve")),
        references=tuple(url for one in references if (url := one.get("ref_url"))),
        affected=tuple(_packages(document.statements(definition), platforms)),
    )


def _vectors(id: str, vulnerabilities: Iterable[Node]) -> tuple[Vector, ...]:
    found: dict[str, None] = {}
    for one in vulnerabilities:
        for name, text in one.attributes.items():
            pattern = _CVSS2 if name == "cvss2" else _CVSS if name.startswith("cvss") else None
            if pattern is not None and (vector := pattern.search(text)):
                found[vector[0]] = None
    return tuple(Vector(source=id, vector=text, score=None) for text in found)


def _packages(statements: Iterable[Statement], platforms: list[str]) -> list[Affected]:
    """Return one a package, with the architectures of all systems that it is listed for."""
    arches: dict[_Key, set[str] | None] = {}
    for one in statements:
        releases = [one.release] if one.release else platforms
        if not releases:
            raise InvalidRecord("it does not say which release it is about")
        for release in releases:
            place = (release, one.name, one.bounds, one.module)
            some = arches.setdefault(place, set())
            if one.arch is None or some is None:
                arches[place] = None  # on all
            else:
                some.update(_ON.get(one.arch, (one.arch, "noarch")))
    return [
        Affected(
            ecosystem=f"Oracle Linux:{release}",
            name=name,
            ranges=(range_of(bounds),),
            module=module,
            arches=tuple(sorted(some or ())),
            of="binary",
        )
        for (release, name, bounds, module), some in arches.items()
    ]


def _claims(head: bytes) -> bool:
    return b"Oracle" in head and root_of(head) == "oval_definitions"


ORACLE = Format(name="oracle", extent=Extent.PART, claims=_claims, parse=parse)
