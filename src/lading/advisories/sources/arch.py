"""Arch Linux's security tracker (one JSON list of groups).

Feed: https://security.archlinux.org/issues/all.json. One advisory a group of vulnerabilities
(`AVG-…`) in packages built from one source, which carries them on as its upstream. Written from the
tracker's own documentation (https://wiki.archlinux.org/title/Arch_Security_Team); not yet held
against the whole feed.
Quirks: `affected` is the version that was looked at, and everything before it is meant too; `fixed`
is null while there is no fix. Neither a group nor the list has a date.
"""

from typing import Annotated

import msgspec

from lading.advisories.errata import until
from lading.advisories.format import Extent, Format, Parsed
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected

_Text = Annotated[str, msgspec.Meta(min_length=1, max_length=1024)]
_STATES = {
    "vulnerable": "not-fixed",
    "testing": None,
    "fixed": None,
    "not affected": "not-affected",
}


class _Group(msgspec.Struct):
    name: _Text
    packages: list[_Text]
    status: _Text
    issues: list[_Text]
    severity: str = ""
    fixed: _Text | None = None
    advisories: list[_Text] | None = None


_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode
_decode = msgspec.json.Decoder(_Group).decode


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory a group, dated `as_of`; one that cannot be read is rejected alone."""
    feed = feed or "arch"
    try:
        groups = _decode_list(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRecord(f"no list of groups: {error}") from error
    found: list[Advisory] = []
    rejected: list[tuple[str, str]] = []
    for number, group in enumerate(groups):
        try:
            found.append(_advisory(_decode(group), feed, as_of))
        except (msgspec.MsgspecError, RecursionError) as error:
            rejected.append((f"group {number}", str(error)))
    return Parsed(feed=feed, advisories=tuple(found), as_of=as_of, rejected=tuple(rejected))


def _advisory(group: _Group, feed: str, as_of: str | None) -> Advisory:
    state = _STATES.get(group.status.lower(), "under-investigation")
    if state is None and group.fixed is None:
        state = "not-fixed"
    rating = group.severity.lower()
    return Advisory(
        id=group.name,
        feed=feed,
        modified=as_of,
        upstream=tuple(dict.fromkeys(group.issues)),
        related=tuple(dict.fromkeys(group.advisories or ())),
        rating=None if rating in ("", "unknown") else rating,
        references=(f"https://security.archlinux.org/{group.name}",),
        affected=tuple(
            Affected(
                ecosystem="Arch Linux",
                name=name,
                ranges=() if state == "not-affected" else (until(group.fixed),),
                state=state,
                statement=group.status if state is not None else None,
                of="binary",
            )
            for name in dict.fromkeys(group.packages)
        ),
    )


def _claims(head: bytes) -> bool:
    return head.lstrip().startswith(b"[") and b'"AVG-' in head


ARCH = Format(name="arch", extent=Extent.FEED, claims=_claims, parse=parse)
