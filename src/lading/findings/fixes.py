"""Which versions end a vulnerability in a package, and what is said where none does."""

from collections.abc import Iterable, Sequence

from lading.errors import InvalidVersion, UsageError
from lading.model.advisory import EventKind, tier_of
from lading.model.finding import Fix, FixState
from lading.model.match import Answer, Match
from lading.versions import key, scheme_of

_STATES = {str(state): state for state in FixState}


def fix_of(matches: Sequence[Match]) -> Fix:
    """Return the fix that the deciding matches of one package know of.

    Without a version the distribution's own word counts; a record that only names the last affected
    version leaves open whether there is a fix, and so does one that could not be compared, or that
    lists a version which its fixes do not explain.
    """
    versions = dict.fromkeys(text for match in matches for text in match.fixed)
    if versions:
        scheme = scheme_of(matches[0].package.type) or "generic"
        return Fix(state=FixState.FIXED, versions=_rising(versions, scheme))
    states = (match.candidate.affected.state for match in matches)
    said = next((_STATES[state] for state in states if state in _STATES), None)
    open_ended = all(map(_says_no_fix, matches))
    return Fix(state=said or (FixState.NOT_FIXED if open_ended else FixState.UNKNOWN))


def _says_no_fix(match: Match) -> bool:
    if match.answer is not Answer.AFFECTED:
        return False
    affected = match.candidate.affected
    kinds = [[event.kind for event in one.events] for one in affected.ranges if one.type != "GIT"]
    if any(EventKind.LAST_AFFECTED in some for some in kinds):
        return False
    is_listed = match.package.version in affected.versions and tier_of(affected) is None
    return not (is_listed and kinds and all(map(_is_closed, kinds)))


def _is_closed(kinds: Sequence[EventKind]) -> bool:
    """Say whether every introduction of a range has its fix."""
    return kinds.count(EventKind.FIXED) >= kinds.count(EventKind.INTRODUCED)


def _rising(versions: Iterable[str], scheme: str) -> tuple[str, ...]:
    """Return the versions, smallest first; those that cannot be read come last."""
    readable, unreadable = [], []
    for text in versions:
        try:
            readable.append((key(scheme, text), text))
        except (InvalidVersion, UsageError):
            unreadable.append(text)
    readable.sort(key=lambda pair: pair[0])
    return (*(text for _, text in readable), *sorted(unreadable))
