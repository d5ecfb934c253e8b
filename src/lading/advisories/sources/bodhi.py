"""Updates of Fedora and EPEL, as Bodhi lists them (JSON, a page at a time).

Feed: https://bodhi.fedoraproject.org/updates/?type=security&status=stable, described at
https://bodhi.fedoraproject.org/docs/server_api/rest/updates.html. One advisory an update. Written
from that description; not yet held against the whole feed.
Quirks: builds are source packages, as name-version-release with the epoch apart. Vulnerabilities
are named in the titles of bugs, or in the update's. Updates for bugs that name none are left out.
"""

import re
from typing import Annotated

import msgspec

from lading.advisories.errata import Rpm, mended, vulnerabilities
from lading.advisories.format import Extent, Format, Parsed, utc
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
_NVR = re.compile(r"(?P<name>\S+)-(?P<version>[^-\s]+)-(?P<release>[^-\s]+)")
_PREFIXES = {"FEDORA": "Fedora", "FEDORA-EPEL": "EPEL", "FEDORA-EPEL-NEXT": "EPEL"}


class _Build(msgspec.Struct):
    nvr: _Text
    epoch: int | None = None


class _Bug(msgspec.Struct):
    title: str | None = None


class _Release(msgspec.Struct):
    id_prefix: _Text
    version: _Text


class _Update(msgspec.Struct):
    release: _Release
    builds: list[_Build]
    alias: _Text | None = None
    updateid: _Text | None = None
    type: str = ""
    severity: str | None = None
    title: str | None = None
    url: str | None = None
    date_submitted: str | None = None
    date_modified: str | None = None
    date_stable: str | None = None
    bugs: list[_Bug] | None = None


class _Page(msgspec.Struct):
    updates: list[msgspec.Raw]


_decode_page = msgspec.json.Decoder(_Page).decode
_decode = msgspec.json.Decoder(_Update).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory an update; one that cannot be read is rejected alone."""
    feed = feed or "bodhi"
    try:
        page = _decode_page(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no page of updates: {error}") from error
    found: list[Advisory] = []
    rejected: list[tuple[str, str]] = []
    for number, raw in enumerate(page.updates):
        try:
            one = _advisory(_decode(raw), feed)
        except (msgspec.MsgspecError, RecursionError, InvalidRecord) as error:
            rejected.append((f"update {number}", str(error)))
            continue
        if one is not None:
            found.append(one)
    return Parsed(feed=feed, advisories=tuple(found), as_of=as_of, rejected=tuple(rejected))


def _advisory(update: _Update, feed: str) -> Advisory | None:
    """Return what an update mends; None for one of bugs only."""
    titles = [bug.title or "" for bug in update.bugs or ()]
    named = vulnerabilities(*titles, update.title or "")
    if update.type != "security" and not named:
        return None
    id = update.alias or update.updateid
    base = _PREFIXES.get(update.release.id_prefix)
    if id is None or base is None:
        raise InvalidRecord("no id, or a release that is neither Fedora's nor EPEL's")
    rating = (update.severity or "").lower()
    return Advisory(
        id=id,
        feed=feed,
        modified=utc(update.date_modified) or utc(update.date_stable),
        published=utc(update.date_stable) or utc(update.date_submitted),
        upstream=named,
        title=(update.title or "")[:1024] or None,
        rating=None if rating in ("", "unspecified") else rating,
        references=(update.url,) if update.url else (),
        affected=mended(
            (_rpm(one) for one in update.builds), f"{base}:{update.release.version.lower()}"
        ),
    )


def _rpm(build: _Build) -> Rpm:
    found = _NVR.fullmatch(build.nvr)
    if found is None or not 0 <= (build.epoch or 0) < 1 << 31:
        raise InvalidRecord(f"no build of a package: {build.nvr[:80]!r}")
    return Rpm(
        name=found["name"],
        epoch=str(build.epoch or 0),
        version=found["version"],
        release=found["release"],
        arch="src",
    )


def _recognises(members: frozenset[str]) -> bool:
    return {"updates", "pages", "rows_per_page"} <= members


BODHI = Format(name="bodhi", extent=Extent.PART, recognises=_recognises, parse=parse)
