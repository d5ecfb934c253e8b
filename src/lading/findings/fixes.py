"""Which versions end a vulnerability in a package, and what is said where none does."""

from collections.abc import Iterable, Sequence

from lading.errors import InvalidVersion, UsageError
from lading.model.advisory import EventKind
from lading.model.finding import Fix, FixState
from lading.model.match import Answer, Match
from lading.versions import key, scheme_of

_STATES = {str(state): state for state in FixState}


def fix_of(matches: Sequence[Match]) -> Fix:
    """Return the fix that the deciding matches of one package know of.

    Without a version the distribution's own word counts; a record that only names the last affected
    version leaves open whether there is a fix, and so does one that could not be compared.
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
    ends = {event.kind for one in match.candidate.affected.ranges for event in one.events}
    return match.answer is Answer.AFFECTED and EventKind.LAST_AFFECTED not in ends


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
