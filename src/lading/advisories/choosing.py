"""Which feeds a user means: by their names, by ecosystem, or by what a target holds."""

from collections.abc import Iterable, Sequence

from lading.advisories.sources import SOURCES, Source
from lading.errors import UsageError

# Facts on vulnerabilities and releases, whatever package they are of.
_OF_ALL = ("epss", "kev")

# Those that nobody has to ask for by name.
USUAL = tuple(one for one in SOURCES if not one.is_large)


def chosen(names: Sequence[str]) -> tuple[Source, ...]:
    """Return the feeds of these names, and those that speak of ecosystems of these names.

    UsageError for a name that is neither.
    """
    found: list[Source] = []
    for name in names:
        meant = [
            one for one in SOURCES if one.name == name or (one in USUAL and speaks_of(one, name))
        ]
        if not meant:
            known = ", ".join(one.name for one in SOURCES)
            raise UsageError(
                f"--only: no feed {name}, nor one of an ecosystem {name}; there are {known}"
            )
        found += meant
    return tuple(one for one in SOURCES if one in found)


def needed(ecosystems: Iterable[str]) -> tuple[Source, ...]:
    """Return the feeds that speak of any of the ecosystems, and those that are of all."""
    wanted = tuple(ecosystems)
    return tuple(
        one for one in USUAL if one.name in _OF_ALL or any(speaks_of(one, name) for name in wanted)
    )


def speaks_of(source: Source, ecosystem: str) -> bool:
    """Tell whether a feed may have records of the ecosystem, with or without a release."""
    return any(
        own == ecosystem or own.startswith(f"{ecosystem}:") or ecosystem.startswith(f"{own}:")
        for own in ecosystems_of(source)
    )


def ecosystems_of(source: Source) -> tuple[str, ...]:
    """Return what the feed says that it speaks of, or what its name says."""
    if source.ecosystems:
        return source.ecosystems
    match source.name.split("/"):
        case ["osv", ecosystem]:
            return (ecosystem,)
        case ["secdb", "alpine", release, _]:
            return (f"Alpine:{release}",)
        case ["secdb", name]:
            return (name.capitalize(),)
        case _:
            return ()
