"""Security databases of Alpine, Wolfi and Chainguard: package → fixed version → vulnerabilities.

Format: https://gitlab.alpinelinux.org/alpine/infra/alpine-secdb. One advisory a vulnerability and
feed, named after both (`ALPINE-CVE-2020-1234`, `WOLFI-…`, `CGR-…`), which carries the vulnerability
on as its upstream: the format has no ids of its own.
Quirks: fixed version "0" means that the package was never affected; kept as the state
`not-affected`, since it answers what other sources claim. One text can hold several ids, of which
those beside a CVE name the same (`CVE-2016-9932 XSA-200`), and remarks (`CVE-2018-16452 (SMB)`).
Ids can be misspelt (`CVE_2019-2426`, `CVE 2018-16859`, `CVE-2017-8073.patch`) or still unassigned
(`CVE-????-?????  XSA-295`). An empty repository is written as null or as an object. Neither the
document nor its entries have a date.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from lading.advisories.format import Extent, Format, Parsed
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Event, EventKind, Range

_REMARK = re.compile(r"\([^()]*\)")
_CVE = re.compile(r"CVE[-_ ](\d{4}-\d{4,19})")
_OTHER = re.compile(
    r"(?<![A-Za-z0-9-])(?!CVE)[A-Za-z][A-Za-z0-9]+(?:-[A-Za-z0-9]+)*-\d[A-Za-z0-9-]*"
)
_GHSA = re.compile(r"GHSA(?:-[0-9a-z]{4}){3}")
_RELEASE = re.compile(r"edge|v\d+\.\d+")
_LONGEST = 1024  # characters of a name, a version, or a text with ids
_PREFIXES = {"Alpine": "ALPINE", "Wolfi": "WOLFI", "Chainguard": "CGR"}

_Fixes = Iterable[tuple[str, str, str]]  # (package, fixed version, text with ids)


class _Document(msgspec.Struct):
    packages: Any = None
    distroversion: str | None = None
    reponame: str = ""
    urlprefix: str = ""


_decode = msgspec.json.Decoder(_Document).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory a vulnerability, dated `as_of`; a broken entry is rejected alone.

    InvalidRecord for no JSON, no list of packages, or a release that is none.
    """
    try:
        document = _decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no security database: {error}") from error
    ecosystem = _ecosystem(document)
    feed = feed or _feed(ecosystem, document.reponame)
    rejected: list[tuple[str, str]] = []
    advisories = _advisories(_fixes(document.packages, rejected), ecosystem, feed, as_of, rejected)
    return Parsed(feed=feed, advisories=advisories, as_of=as_of, rejected=tuple(rejected))


def _ecosystem(document: _Document) -> str:
    """Return the OSV ecosystem that the document is about."""
    release = document.distroversion
    if release:
        if not _RELEASE.fullmatch(release):
            raise InvalidRecord(f"no release of Alpine: {release[:80]!r}")
        return f"Alpine:{release}"
    return "Chainguard" if re.search(r"chainguard|cgr", document.urlprefix) else "Wolfi"


def _feed(ecosystem: str, repository: str) -> str:
    name = "secdb/" + ecosystem.replace(":", "/").lower()
    if not ecosystem.startswith("Alpine"):
        return name
    return f"{name}/{repository if repository in ('main', 'community') else 'other'}"


def _fixes(packages: object, rejected: list[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    if not packages:
        return
    if not isinstance(packages, list):
        raise InvalidRecord("no security database: `packages` is no list")
    for number, entry in enumerate(packages):
        package = entry.get("pkg") if isinstance(entry, dict) else None
        name = package.get("name") if isinstance(package, dict) else None
        if not isinstance(package, dict) or not isinstance(name, str) or not _is_word(name):
            rejected.append((f"packages[{number}]", "no package with a name"))
            continue
        fixes = package.get("secfixes") or {}
        if not isinstance(fixes, dict):
            rejected.append((name, "`secfixes` is no object"))
            continue
        for fixed, texts in fixes.items():
            for text in texts if isinstance(texts, list) else (texts,) if texts else ():
                if _is_word(fixed) and _is_word(text):
                    yield name, fixed, text
                else:
                    rejected.append((f"{name} {fixed[:80]}", f"no text with ids: {text!r:.80}"))


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST


def _advisories(
    fixes: _Fixes,
    ecosystem: str,
    feed: str,
    as_of: str | None,
    rejected: list[tuple[str, str]],
) -> tuple[Advisory, ...]:
    places: dict[str, dict[tuple[str, str], None]] = {}
    aliases: dict[str, dict[str, None]] = {}
    related: dict[str, dict[str, None]] = {}
    for name, fixed, text in fixes:
        cves, others = _ids(text)
        if not cves and not others:
            rejected.append((f"{name} {fixed}", f"no id of a vulnerability in {text[:80]!r}"))
        for id in cves or others:
            places.setdefault(id, {})[name, fixed] = None
            for other in others if cves else ():
                same = len(cves) == 1 and _GHSA.fullmatch(other)
                (aliases if same else related).setdefault(id, {})[other] = None
    prefix = _PREFIXES[ecosystem.partition(":")[0]]
    return tuple(
        Advisory(
            id=f"{prefix}-{id}",
            feed=feed,
            modified=as_of,
            aliases=tuple(aliases.get(id, ())),
            upstream=(id,),
            related=tuple(related.get(id, ())),
            affected=tuple(_affected(ecosystem, name, fixed) for name, fixed in places[id]),
        )
        for id in sorted(places)
    )


def _ids(text: str) -> tuple[list[str], list[str]]:
    """Return the CVEs of an entry, and its other ids, which name the same."""
    text = _REMARK.sub(" ", text)
    cves = [f"CVE-{number}" for number in _CVE.findall(text)]
    others = _OTHER.findall(text) + _GHSA.findall(text)
    return list(dict.fromkeys(cves)), list(dict.fromkeys(others))


def _affected(ecosystem: str, name: str, fixed: str) -> Affected:
    if fixed.strip() == "0":
        return Affected(ecosystem=ecosystem, name=name, state="not-affected")
    events = (
        Event(kind=EventKind.INTRODUCED, version="0"),
        Event(kind=EventKind.FIXED, version=fixed.strip()),
    )
    return Affected(
        ecosystem=ecosystem, name=name, ranges=(Range(type="ECOSYSTEM", events=events),)
    )


def _recognises(members: frozenset[str]) -> bool:
    return "packages" in members and bool(members & {"apkurl", "urlprefix", "distroversion"})


SECDB = Format(name="secdb", extent=Extent.FEED, recognises=_recognises, parse=parse)
