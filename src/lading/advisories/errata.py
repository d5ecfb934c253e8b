"""What the errata of rpm distributions have in common: names, versions, architectures, releases.

An erratum lists the rpms that mend its vulnerabilities, each once an architecture. Ids and the
`dist` tag of versions (`.el9_2`, `.fc40`, `.amzn2023`) are those of
https://docs.fedoraproject.org/en-US/packaging-guidelines/DistTag/.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lading.model.advisory import Affected, Event, EventKind, Range

_VULNERABILITY = re.compile(r"\bCVE-\d{4}-\d{4,19}\b")
_LONGEST = 1024  # characters of a name, a version, an architecture
_SOURCES = ("src", "nosrc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rpm:
    """One rpm that mends what its erratum is about."""

    name: str
    epoch: str
    version: str
    release: str
    arch: str | None = None
    module: str | None = None  # "name:stream"

    @property
    def is_whole(self) -> bool:
        """Whether name and version can be told, and are no longer than such are."""
        texts = (self.name, self.version, self.release)
        return all(0 < len(text) <= _LONGEST for text in texts) and self.epoch.isdigit()


def mended(rpms: Iterable[Rpm], ecosystem: str, *, tier: str | None = None) -> tuple[Affected, ...]:
    """Return one a package and version, with the architectures that it is listed for."""
    arches: dict[tuple[str, str, str | None, bool], dict[str, None]] = {}
    for one in rpms:
        version = f"{one.epoch}:{one.version}-{one.release}"
        place = (one.name, version, one.module, one.arch in _SOURCES)
        some = arches.setdefault(place, {})
        if one.arch and one.arch not in _SOURCES:
            some[one.arch] = None
    return tuple(
        Affected(
            ecosystem=ecosystem,
            name=name,
            ranges=(until(version),),
            module=module,
            arches=tuple(sorted(some)),
            of="source" if is_source else "binary",
            tier=tier,
        )
        for (name, version, module, is_source), some in arches.items()
    )


def until(version: str | None) -> Range:
    """Return the range from the beginning to the fix; without an end where there is none."""
    events = [Event(kind=EventKind.INTRODUCED, version="0")]
    if version is not None:
        events.append(Event(kind=EventKind.FIXED, version=version))
    return Range(type="ECOSYSTEM", events=tuple(events))


def vulnerabilities(*texts: str) -> tuple[str, ...]:
    """Return the CVEs that the texts name, each once."""
    return tuple(dict.fromkeys(id for text in texts for id in _VULNERABILITY.findall(text)))


def built_for(rpms: Iterable[Rpm], tag: str) -> str | None:
    """Return the release that most rpms are built for, by their dist tag (`el`, `fc`)."""
    pattern = re.compile(rf"[.+]{tag}(\d{{1,4}})(?!\d)")
    found = [number[1] for one in rpms if (number := pattern.search(one.release))]
    return max(sorted(set(found)), key=found.count, default=None)
