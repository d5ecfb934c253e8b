"""What became of decisions to the lines that people must see: what ended, and what did nothing."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lading.model.decision import Decision, Outcome
from lading.report.text import plain, shorten

_SHOWN = 5  # of each outcome; the JSON has them all
_LONGEST = 300  # columns of one line
_QUIET = (Outcome.APPLIED, Outcome.SUPERSEDED)  # told by their number alone


class Line(NamedTuple):
    text: str
    is_warning: bool


def lines_on(decisions: Sequence[Decision] | None) -> Iterator[Line]:
    """Yield how many decisions did what, then those that need attention; nothing without any."""
    if not decisions:
        return
    counts = Counter(one.outcome for one in decisions)
    told = ", ".join(f"{counts[one]:,} {one}" for one in Outcome if counts[one])
    yield Line(f"Decisions: {told}.", is_warning=False)
    for outcome in Outcome:
        if outcome not in _QUIET:
            loud = [one for one in decisions if one.outcome is outcome]
            yield from _some(loud, f"- {outcome.capitalize()}: ")
    soon = [one for one in decisions if one.days_left is not None]
    yield from _some(sorted(soon, key=_days_left), "- Ends soon: ")


def _some(decisions: Sequence[Decision], label: str) -> Iterator[Line]:
    for one in decisions[:_SHOWN]:
        text = f"{one.about} ({one.source}): {one.reason}"
        if one.days_left is not None:
            text += f"; until {one.until}"
        yield Line(label + shorten(plain(text), _LONGEST), is_warning=True)
    if len(decisions) > _SHOWN:
        yield Line(f"{label}and {len(decisions) - _SHOWN:,} more", is_warning=True)


def _days_left(one: Decision) -> int:
    return one.days_left or 0
