"""CSAF advisories and VEX documents: Red Hat's, SUSE's, and anybody's own.

Feeds: https://security.access.redhat.com/data/csaf/v2/ (`vex`, `advisories`) and
https://ftp.suse.com/pub/projects/security/ (`csaf-vex`, `csaf`). One document a vulnerability, or
an erratum. A record is named after the document, with the vendor before a bare CVE (`REDHAT-CVE-…`,
`SUSE-CVE-…`); where an erratum says different things of its vulnerabilities, it is one record for
each (`RHSA-2026:1/CVE-2026-2`).
Quirks: Red Hat's unfixed products have no version and mean every one; its `known_affected` says in
a remedy whether a fix is to come (`none_available`: Affected, Fix deferred; `no_fix_planned`: Will
not fix, Out of support scope). What it lists as not affected has versions, which are those of the
erratum that was looked at. SUSE calls fixed versions `recommended`. A document that was deleted
leaves its id and a status, and not even whose it was.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from urllib.parse import urlsplit

from lading.advisories.csaf.document import Csaf, Reference, Score, Vulnerability
from lading.advisories.csaf.statuses import statements, word
from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Vector

_CVE = re.compile(r"CVE-\d{4}-\d{4,19}")
_VENDORS = {"www.redhat.com": "redhat", "redhat.com": "redhat", "www.suse.com": "suse"}


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return the record of a document, or one for each vulnerability where it tells them apart.

    A product that cannot be told is rejected alone. InvalidRecord for no CSAF, or nobody's.
    """
    document = Csaf(data)
    feed = feed or _feed(document)
    rejected: list[tuple[str, str]] = []
    records = tuple(_records(document, feed, as_of, rejected))
    modified = records[0].modified if records else as_of
    return Parsed(feed=feed, advisories=records, as_of=modified, rejected=tuple(rejected))


def _feed(document: Csaf) -> str:
    publisher = document.header.publisher
    host = urlsplit(publisher.namespace).hostname if publisher and publisher.namespace else None
    if not host:
        raise InvalidRecord("the document does not say who published it")
    kind = "vex" if document.header.category.endswith("vex") else "advisories"
    return f"csaf/{_VENDORS[host]}/{kind}" if host in _VENDORS else f"csaf/{host}"


def _records(
    document: Csaf, feed: str, as_of: str | None, rejected: list[tuple[str, str]]
) -> Iterator[Advisory]:
    header = document.header
    modified = utc(header.tracking.current_release_date) or as_of
    is_gone = header.tracking.status == "deleted" or header.category == "csaf_withdrawn"
    base = Advisory(
        id=_name(header.tracking.id, feed),
        feed=feed,
        modified=modified,
        published=utc(header.tracking.initial_release_date),
        withdrawn=(modified or "deleted") if is_gone else None,
        title=header.title[:1024] or None,
        rating=word(header.aggregate_severity.text if header.aggregate_severity else ""),
        references=_urls(header.references),
    )
    known = _CVE.fullmatch(header.tracking.id)
    base = replace(base, upstream=(known[0],) if known else ())
    said = [_said(one, document, base, rejected) for one in document.vulnerabilities]
    if not said:
        yield base
    elif all(one.affected == said[0].affected for one in said):
        yield _joined(base, said)
    else:
        for one in said:
            id = f"{base.id}/{one.upstream[0]}" if one.upstream else base.id
            related = (base.id,) if id != base.id else ()
            yield replace(_joined(base, [one]), id=id, related=related)


def _name(id: str, feed: str) -> str:
    """Return the record's id: a vulnerability's is not the document's alone."""
    if not _CVE.fullmatch(id):
        return id
    return f"{feed.split('/')[1] if '/' in feed else feed}-{id}".upper()


def _joined(base: Advisory, said: list[Advisory]) -> Advisory:
    """Return the record with what it says of all these vulnerabilities, which is the same."""
    names = [*base.upstream, *(id for one in said for id in one.upstream)]
    return replace(
        base,
        upstream=tuple(dict.fromkeys(names)),
        rating=base.rating or next((one.rating for one in said if one.rating), None),
        vectors=tuple(dict.fromkeys(vector for one in said for vector in one.vectors)),
        cwes=tuple(dict.fromkeys(cwe for one in said for cwe in one.cwes)),
        references=tuple(
            dict.fromkeys([*base.references, *(url for one in said for url in one.references)])
        ),
        affected=said[0].affected,
    )


def _said(
    one: Vulnerability, document: Csaf, base: Advisory, rejected: list[tuple[str, str]]
) -> Advisory:
    """Return a record of what the document says of one vulnerability."""
    impacts = document.of(note for note in one.threats or () if note.category == "impact")
    rating = next((word(note.details) for note in impacts.get("", ())), None)
    cwes = [one.cwe, *(one.cwes or ())]
    vectors = [_vector(score) for score in (*(one.scores or ()), *(one.metrics or ()))]
    return Advisory(
        id=base.id,
        feed=base.feed,
        modified=base.modified,
        upstream=(one.cve,) if one.cve else (),
        rating=rating,
        vectors=tuple(
            Vector(source=base.id, vector=text, score=None)
            for text in dict.fromkeys(vectors)
            if text
        ),
        cwes=tuple(cwe.id for cwe in cwes if cwe is not None and cwe.id),
        references=_urls(one.references),
        affected=statements(document, one, base.rating or rating, rejected),
    )


def _vector(score: Score) -> str | None:
    score = score.content or score
    known = (score.cvss_v4, score.cvss_v3, score.cvss_v2)
    return next((one.vectorString for one in known if one is not None and one.vectorString), None)


def _urls(references: Iterable[Reference] | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.url for one in references or () if one.url))


CSAF = Format(
    name="csaf",
    extent=Extent.RECORD,
    recognises=lambda members: "document" in members,
    parse=parse,
)
