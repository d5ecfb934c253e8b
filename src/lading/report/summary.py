"""A result to the statements below its findings: totals, and what bounds their meaning."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from lading.model.finding import Finding, Severity
from lading.model.problem import Problem
from lading.model.result import (
    Advisories,
    Breach,
    Coverage,
    Deleted,
    FeedAge,
    Modified,
    Result,
    Verdict,
)
from lading.report.decided import lines_on
from lading.report.layout import Style
from lading.report.text import plain, shorten
from lading.report.view import View, is_fixable

_SHOWN = 5  # of each kind; the JSON has them all
_LOUDNESS = {"changed": 0, "missing": 1, "configuration": 2}  # of modified files, loudest first
_LONGEST = 400  # columns of any text in a statement


class Statement(NamedTuple):
    """One sentence or two, and how loud."""

    text: str
    style: Style | None = None


_REFRESH = Statement(
    "To refresh them: `lading advisories update`, or `lading advisories import PATH` from files."
)


def statements(result: Result, view: View) -> Iterator[Statement]:
    """Yield what must stand below any list of findings or packages; the verdict comes last."""
    if result.findings is None:
        yield _inventory(result)
    else:
        yield from _totals(result, result.findings, view)
    yield from _coverage(result.coverage, view)
    yield from _modified(result.coverage.modified)
    yield from _deleted(result.deleted)
    yield from _problems(result.problems)
    for text, is_warning in lines_on(result.decisions):
        yield Statement(text, Style.WARNING if is_warning else None)
    if result.findings is not None:
        yield from _feeds(result.advisories, view.now)
    if result.verdict:
        if result.verdict.warnings:
            yield Statement(f"Warned of: {_rules(result.verdict.warnings)}", Style.WARNING)
        yield _verdict(result.verdict)


def gaps(result: Result) -> tuple[str, ...]:
    """Return why an absence of findings proves little here; empty where it proves what it can."""
    coverage, advisories, system = result.coverage, result.advisories, result.image.os
    feeds = advisories.feeds if advisories else ()
    stale = sum(feed.stale for feed in feeds)
    reasons = (
        (not result.packages, "no packages were found"),
        (not feeds, "there were no advisories to compare with"),
        (advisories and advisories.partial, "the advisory database is a partial snapshot"),
        (stale, _count(stale, "feed is stale", "feeds are stale")),
        (system and system.supported is False, "the operating system is no longer supported"),
        (coverage.unmatched, f"{_packages(coverage.unmatched)} without advisory data"),
        (coverage.unexplained, f"{_executables(coverage.unexplained)} unexplained"),
        (coverage.notes, "not everything is covered, as said below"),
        (result.problems, f"{_count(len(result.problems), 'problem', 'problems')} on the way"),
    )
    return tuple(text for reason, text in reasons if reason)


def _inventory(result: Result) -> Statement:
    counts = Counter(package.type for package in result.packages)
    types = ", ".join(f"{count:,} {type}" for type, count in sorted(counts.items()))
    return Statement(_packages(result.packages) + (f": {types}." if types else "."), Style.STRONG)


def _totals(result: Result, findings: Sequence[Finding], view: View) -> Iterator[Statement]:
    active = [finding for finding in findings if finding.suppressed is None]
    counts = Counter(finding.severity for finding in active)
    affected = len({finding.package for finding in active})
    yield Statement(
        f"{_count(len(active), 'finding', 'findings')}: "
        + ", ".join(f"{counts[severity]:,} {severity}" for severity in Severity)
        + f"; {sum(map(is_fixable, active)):,} fixable"
        + f"; {affected:,} of {_packages(result.packages)} affected.",
        Style.STRONG,
    )
    hidden = [finding.severity for finding in active if not view.shows(finding)]
    if hidden:
        unknown = hidden.count(Severity.UNKNOWN)
        yield Statement(
            f"{len(hidden):,} of them not listed here, as --severity or --fixable asks"
            + (f"; {unknown:,} of these of unknown severity." if unknown else ".")
        )
    if len(active) < len(findings):
        yield Statement(f"{len(findings) - len(active):,} more suppressed by exceptions or VEX.")
    if not active:
        yield _nothing(gaps(result))


def _nothing(reasons: Sequence[str]) -> Statement:
    if not reasons:
        return Statement("No package here is known to be affected, as far as the feeds know.")
    return Statement(
        f"This does not mean that nothing is wrong: {'; '.join(reasons)}.", Style.WARNING
    )


def _coverage(coverage: Coverage, view: View) -> Iterator[Statement]:
    text = (
        f"Coverage: {_count(coverage.files, 'file', 'files')}, "
        f"{_count(coverage.executables, 'executable', 'executables')}, "
        f"{len(coverage.unexplained):,} unexplained"
    )
    if coverage.unexplained:
        room = max(view.width // 2, 20)
        text += ": " + _some([shorten(plain(item.path), room) for item in coverage.unexplained])
    if coverage.unmatched:
        reasons = Counter(item.reason for item in coverage.unmatched)
        ordered = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
        told = _some([f"{_brief(reason)} ({count:,})" for reason, count in ordered])
        text += f"; {_packages(coverage.unmatched)} without advisory data: {told}"
    incomplete = coverage.unexplained or coverage.unmatched
    yield Statement(text + ".", Style.WARNING if incomplete else None)
    for note in coverage.notes[:_SHOWN]:
        yield Statement(f"Not covered: {_brief(note)}", Style.WARNING)
    yield from _rest(len(coverage.notes), "not covered")


def _modified(modified: Sequence[Modified] | None) -> Iterator[Statement]:
    if modified is None:
        return
    if not modified:
        yield Statement("Verified: every file that a digest is kept of is as it was installed.")
        return
    counts = Counter(one.state for one in modified)
    told = ", ".join(f"{count:,} {state}" for state, count in sorted(counts.items()))
    files = _count(len(modified), "file is", "files are")
    yield Statement(f"Verified: {files} not as installed: {told}.", Style.WARNING)
    for one in sorted(modified, key=lambda one: _LOUDNESS.get(one.state, 0))[:_SHOWN]:
        place = "" if one.layer is None else f", layer {one.layer}"
        yield Statement(f"- {_brief(one.path)}: {one.state}{place}; {_brief(one.package)}")
    yield from _rest(len(modified), "files not as installed")


def _deleted(deleted: Deleted | None) -> Iterator[Statement]:
    if deleted is None:
        return
    if not deleted.packages and not deleted.files:
        yield Statement("Deleted: nothing; all that the layers hold is in the image.")
        return
    files = _count(len(deleted.files), "file", "files")
    yield Statement(
        f"Deleted, but still in the layers: {_packages(deleted.packages)}, {files}.", Style.WARNING
    )
    for one in deleted.packages[:_SHOWN]:
        yield Statement(f"- {_brief(one.purl)}: layer {one.layer}, gone in layer {one.deleted_in}")
    yield from _rest(len(deleted.packages), "deleted packages")
    for file in deleted.files[:_SHOWN]:
        yield Statement(
            f"- {_brief(file.path)}: layer {file.layer}, gone in layer {file.deleted_in}"
        )
    yield from _rest(len(deleted.files), "deleted files")


def _problems(problems: Sequence[Problem]) -> Iterator[Statement]:
    if problems:
        yield Statement(f"{_count(len(problems), 'problem', 'problems')}:", Style.WARNING)
    for problem in problems[:_SHOWN]:
        place = f" {_brief(problem.path)}" if problem.path else ""
        yield Statement(
            f"- {problem.stage}{place}: {_brief(problem.reason)}; {_brief(problem.effect)}"
        )
    yield from _rest(len(problems), "problems")


def _rest(total: int, what: str) -> Iterator[Statement]:
    if total > _SHOWN:
        yield Statement(f"…and {total - _SHOWN:,} more {what}, see --format json")


def _feeds(advisories: Advisories | None, now: datetime) -> Iterator[Statement]:
    feeds = advisories.feeds if advisories else ()
    if advisories is None or not feeds:
        yield Statement("Advisories: none, so nothing could be found.", Style.WARNING)
        yield _REFRESH
        return
    ages = {_brief(feed.name): _age(feed, now) for feed in feeds}
    dated = sorted((age, name) for name, age in ages.items() if age is not None)
    text = f"Advisories: {_count(len(feeds), 'feed', 'feeds')}"
    text += f", {_count(sum(feed.records for feed in feeds), 'record', 'records')}"
    if dated:
        (newest, _), (oldest, name) = dated[0], dated[-1]
        text += f"; last change {_span(newest)} ago; longest without one: {name}, {_span(oldest)}"
    yield Statement(text + ".")
    stale = [_brief(feed.name) for feed in feeds if feed.stale]
    if stale:
        told = [
            f"{name} ({'age unknown' if (age := ages[name]) is None else f'{_span(age)} old'})"
            for name in stale
        ]
        yield Statement(f"Stale: {_some(told)}.", Style.WARNING)
    if advisories.partial:
        yield Statement(
            "The advisory database is a partial snapshot: it holds a part of each feed, so findings"
            " are missing.",
            Style.WARNING,
        )
    if stale or advisories.partial:
        yield _REFRESH


def _age(feed: FeedAge, now: datetime) -> float | None:
    """Return hours since the newest change in the feed, or as the scan saw it."""
    try:
        as_of = datetime.fromisoformat(feed.as_of or "")
    except ValueError:
        return feed.age_hours
    aware = as_of if as_of.tzinfo else as_of.replace(tzinfo=UTC)
    return (now - aware).total_seconds() / 3600


def _span(hours: float) -> str:
    if hours < 1:
        return "less than an hour"
    if hours < 48:
        return _count(round(hours), "hour", "hours")
    return _count(round(hours / 24), "day", "days")


def _verdict(verdict: Verdict) -> Statement:
    if verdict.passed:
        return Statement("Verdict: pass", Style.GOOD)
    told = _rules(verdict.breaches)
    return Statement(": ".join(["Verdict: breach", *([told] if told else [])]), Style.BAD)


def _rules(breaches: Sequence[Breach]) -> str:
    """Return each rule with what it decided on: how many findings, and what else."""
    rules: dict[str, list[str]] = {}
    for breach in breaches:
        broken = rules.setdefault(_brief(breach.rule), [])
        if breach.finding is None:
            broken.append(_brief(breach.coverage or breach.package or ""))
    counts = Counter(_brief(breach.rule) for breach in breaches)
    told = []
    for rule, items in rules.items():
        found = counts[rule] - len(items)
        count = [_count(found, "finding", "findings")] if found else []
        told.append(f"{rule} ({'; '.join([*count, *([_some(items)] if items else [])])})")
    return ", ".join(told)


def _brief(text: str) -> str:
    """Return foreign text on one line, and no more of it than a person reads."""
    return shorten(plain(text), _LONGEST)


def _some(texts: Sequence[str]) -> str:
    shown = ", ".join(texts[:_SHOWN])
    return shown if len(texts) <= _SHOWN else f"{shown} and {len(texts) - _SHOWN:,} more"


def _packages(items: Iterable[object]) -> str:
    return _count(len(tuple(items)), "package", "packages")


def _executables(items: Iterable[object]) -> str:
    return _count(len(tuple(items)), "executable", "executables")


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
