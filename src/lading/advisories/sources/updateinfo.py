"""Errata of rpm repositories (`updateinfo.xml`): Amazon, Fedora, EPEL, AlmaLinux, Rocky, Oracle.

Format: https://docs.pulpproject.org/pulp_rpm/ and createrepo_c's `updateinfo.xml`; each
distribution's own: https://alas.aws.amazon.com, https://bodhi.fedoraproject.org,
https://errata.almalinux.org, https://errata.rockylinux.org, https://linux.oracle.com/errata. A
repository's `repodata/repomd.xml` says where it is.
Quirks: what tells distributions apart is the form of an erratum's id. A repository has the packages
of one architecture and a document lists those alone, so errata of several add up under one id in
feeds of their own. Amazon's extras, livepatches and other repositories beside the main one are
named in the collection (`amazon-linux-2---kernel-5.15`): the tier. Fedora names vulnerabilities in
the titles of its bugs. Errata for bugs and enhancements that name no vulnerability are left out.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from lading.advisories.errata import Rpm, built_for, mended, vulnerabilities
from lading.advisories.format import Extent, Format, Parsed, utc
from lading.advisories.markup import Node, items, root_of
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory

_AMAZON = re.compile(r"ALAS(2022|2023|2)?([A-Z][A-Z0-9_.-]*?)?-\d{4}-\d+")
_AMAZON_COLLECTION = re.compile(r"amazon-linux-(ami|\d+)(?:---(\S+))?")
_FEDORA = re.compile(r"FEDORA(-EPEL(?:-NEXT)?)?-\d{4}-\w+")
_RELEASE = re.compile(
    r"(?:Fedora|EPEL)(?: Linux)? (?:Next )?(\d{1,3}|Rawhide)|FEDORA(?:-EPEL)?-(\d{1,3})"
)
_OF_RHEL = (
    (re.compile(r"AL[SBE]A-\d{4}:\w+"), "AlmaLinux"),
    (re.compile(r"R[LX][SBE]A-\d{4}:\w+"), "Rocky Linux"),
    (re.compile(r"EL[SBE]A-\d{4}-\w+(?:-\d+)?"), "Oracle Linux"),
)
_NAMES = {"Amazon Linux": "amazon", "Rocky Linux": "rocky", "Oracle Linux": "oracle"}
_RELATED = re.compile(r"RH[SBE]A-\d{4}:\d+")
_BESIDE = frozenset(("noarch", "src", "nosrc", "i386", "i486", "i586", "i686"))
_UNRATED = ("", "none", "unspecified")


class _Place(NamedTuple):
    """Whom an erratum is for."""

    ecosystem: str
    tier: str | None = None


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory an erratum; one that cannot be read is rejected alone.

    InvalidRecord for no such document, or one of a distribution that is not known.
    """
    found: list[Advisory] = []
    rejected: list[tuple[str, str]] = []
    arches: set[str] = set()
    for _, node in items(data, 1):
        try:
            erratum = _advisory(node, arches) if node.tag == "update" else None
        except InvalidRecord as error:
            rejected.append((node.text_of("id")[:80] or "an erratum without id", str(error)))
            continue
        if erratum is not None:
            found.append(erratum)
    if not found:
        why = f" can be read: {rejected[0][1]}" if rejected else " is about a vulnerability"
        raise InvalidRecord(f"no erratum in it{why}")
    feed = feed or _feed(found, arches)
    placed = tuple(replace(one, feed=feed) for one in found)
    return Parsed(feed=feed, advisories=placed, as_of=as_of, rejected=tuple(rejected))


def _feed(found: Iterable[Advisory], arches: set[str]) -> str:
    """Return distribution, release, tier and architecture that the document is about."""
    places = Counter((item.ecosystem, item.tier) for one in found for item in one.affected)
    ((ecosystem, tier), _) = places.most_common(1)[0] if places else (("other", None), 0)
    name, _, release = ecosystem.partition(":")
    parts = ["updateinfo", _NAMES.get(name, name.lower()), release, tier or ""]
    parts += arches if len(arches) == 1 else ()
    return "/".join(part for part in parts if part)


def _advisory(node: Node, arches: set[str]) -> Advisory | None:
    """Return an erratum, and add the architectures of its packages; None for one of bugs only."""
    id = node.text_of("id")
    references = [one.attributes for some in node.all("references") for one in some.children]
    title = " ".join(node.text_of("title").split())
    ids = [one.get("id", "") for one in references if one.get("type", "").lower() == "cve"]
    named = vulnerabilities(*ids) or vulnerabilities(
        *(text for one in references for text in (one.get("title", ""), one.get("id", ""))), title
    )
    if node.attributes.get("type", "security") != "security" and not named:
        return None
    rpms = [*_rpms(node)]
    if not all(one.is_whole for one in rpms):
        raise InvalidRecord("a package without name or version")
    place = _place(id, node, rpms)
    arches.update(one.arch for one in rpms if one.arch and one.arch not in _BESIDE)
    rating = node.text_of("severity").lower()
    return Advisory(
        id=id,
        feed="",
        modified=utc(node.attribute_of("updated", "date"))
        or utc(node.attribute_of("issued", "date")),
        published=utc(node.attribute_of("issued", "date")),
        upstream=named,
        related=tuple(
            dict.fromkeys(
                other for one in references for other in _RELATED.findall(one.get("id", ""))
            )
        ),
        title=title[:1024] or None,
        rating=None if rating in _UNRATED else rating,
        references=tuple(dict.fromkeys(url for one in references if (url := one.get("href")))),
        affected=mended(rpms, place.ecosystem, tier=place.tier),
    )


def _collections(node: Node) -> Iterable[Node]:
    return (one for some in node.all("pkglist") for one in some.all("collection"))


def _rpms(node: Node) -> Iterable[Rpm]:
    for collection in _collections(node):
        module = collection.first("module")
        stream = None
        if module is not None and module.attributes.get("name"):
            stream = f"{module.attributes['name']}:{module.attributes.get('stream', '')}"
        for one in collection.all("package"):
            found = one.attributes
            yield Rpm(
                name=found.get("name", ""),
                epoch=found.get("epoch") or "0",
                version=found.get("version", ""),
                release=found.get("release", ""),
                arch=found.get("arch"),
                module=stream,
            )


def _place(id: str, node: Node, rpms: list[Rpm]) -> _Place:
    if amazon := _AMAZON.fullmatch(id):
        return _amazon(amazon, node)
    if fedora := _FEDORA.fullmatch(id):
        tag = "el" if fedora[1] else "fc"
        release = _fedora(node) or built_for(rpms, tag)
        if release is not None:
            return _Place(f"{'EPEL' if fedora[1] else 'Fedora'}:{release.lower()}")
    for pattern, name in _OF_RHEL:
        if pattern.fullmatch(id) and (release := built_for(rpms, "el")) is not None:
            return _Place(f"{name}:{release}")
    raise InvalidRecord(f"{id[:80]!r} is of no distribution and release that is known")


def _amazon(id: re.Match[str], node: Node) -> _Place:
    for one in _collections(node):
        if named := _AMAZON_COLLECTION.fullmatch(one.attributes.get("short", "")):
            return _Place(f"Amazon Linux:{named[1].replace('ami', '1')}", named[2])
    return _Place(f"Amazon Linux:{id[1] or '1'}", id[2].lower() if id[2] else None)


def _fedora(node: Node) -> str | None:
    texts = [node.text_of("release")]
    for one in _collections(node):
        texts += (one.text_of("name"), one.attributes.get("short", ""))
    for text in texts:
        if found := _RELEASE.search(text):
            return found[1] or found[2]
    return None


def _claims(head: bytes) -> bool:
    return root_of(head) == "updates"


UPDATEINFO = Format(name="updateinfo", extent=Extent.PART, claims=_claims, parse=parse)
