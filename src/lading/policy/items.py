"""What of a result's coverage a policy can speak of: one item for each gap, with its kind."""

from collections.abc import Iterator
from typing import NamedTuple

from lading.model.decision import Outcome
from lading.model.result import Result

KINDS = {
    "unknown-distribution": "no operating system was recognised",
    "end-of-life": "the operating system is no longer supported",
    "unknown-support": "nobody knows how long the operating system is supported",
    "no-advisories": "there were no advisories to hold packages against",
    "partial-advisories": "the advisory database is a part of each feed",
    "stale-feed": "a feed without news for long; `max_age` says how long",
    "unexplained": "an executable that no package accounts for",
    "modified": "a file that is not as its package installed it (`--verify`)",
    "problem": "something could not be read",
    "unmatched": "a package that no advisory data was held against",
    "note": "anything else that is not covered",
    "expired-exception": "an exception that is over, and was for something here",
    "unused-exception": "an exception that nothing here is what it is about",
}
"""Every kind, and what it means."""


class Item(NamedTuple):
    kind: str  # a key of KINDS
    text: str
    path: str | None = None
    age_hours: float | None = None  # of a feed; None: unknown, or no feed
    is_stale: bool = False


def items_of(result: Result) -> Iterator[Item]:
    """Yield every gap of the result; feeds all, since a rule may set its own bound."""
    yield from _of_system(result)
    yield from _of_advisories(result)
    coverage = result.coverage
    for file in coverage.unexplained:
        yield Item("unexplained", f"unexplained executable {file.path}", file.path)
    for changed in coverage.modified or ():
        yield Item("modified", f"{changed.path}: {changed.state}", changed.path)
    for problem in result.problems:
        place = f" {problem.path}" if problem.path else ""
        yield Item("problem", f"{problem.stage}{place}: {problem.reason}", problem.path)
    for package in coverage.unmatched:
        yield Item("unmatched", f"{package.package}: {package.reason}")
    for note in coverage.notes:
        yield Item("note", note)
    for one in result.decisions or ():
        is_exception = one.kind == "exception"
        if is_exception and one.outcome is Outcome.EXPIRED and one.findings:
            yield Item("expired-exception", f"{one.source}: {one.about}: {one.reason}")
        if is_exception and one.outcome is Outcome.UNMATCHED:
            yield Item("unused-exception", f"{one.source}: {one.about}: {one.reason}")


def _of_system(result: Result) -> Iterator[Item]:
    system = result.image.os
    if system is None:
        yield Item("unknown-distribution", KINDS["unknown-distribution"])
        return
    name = system.pretty_name or system.id
    if system.supported is False:
        yield Item("end-of-life", f"{name} is supported no more since {system.end_of_life}")
    if system.supported is None:
        yield Item("unknown-support", f"{name}: {KINDS['unknown-support']}")


def _of_advisories(result: Result) -> Iterator[Item]:
    advisories = result.advisories
    if advisories is None or not advisories.feeds:
        yield Item("no-advisories", "no advisory feed")
        return
    if advisories.partial:
        yield Item("partial-advisories", KINDS["partial-advisories"])
    for feed in advisories.feeds:
        age = "unknown age" if feed.age_hours is None else f"{feed.age_hours:g} hours old"
        yield Item(
            "stale-feed",
            f"feed {feed.name}: {age}",
            age_hours=feed.age_hours,
            is_stale=feed.stale,
        )
