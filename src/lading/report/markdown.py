"""A result to markdown for the comment on a pull request: the verdict, the worst, the rest folded.

Dialect: https://github.github.com/gfm/. Text from an image or a feed stands in code spans and
blocks alone, where neither markup nor mentions nor links mean anything.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lading.model.finding import Finding, FixState, Kind, Severity
from lading.model.result import Result
from lading.report.headings import remedies
from lading.report.identifiers import page_of
from lading.report.order import canonical
from lading.report.phrases import brief
from lading.report.rows import Group, groups
from lading.report.summary import statements
from lading.report.text import plain, shorten
from lading.report.view import Grouping, View

LONGEST = 60_000  # characters: a comment on GitHub holds 65,536, on GitLab more

_OPEN = 10  # packages that are shown without a click
_IDS = 5  # vulnerabilities of a package that are named
_NAME = 100  # columns of a name
_BELOW = 12_000  # characters of what stands below the list
_HEAD = "| package | installed | fixed in | worst | findings |\n|---|---|---|---|---|"
_BAR = "\\|"  # in a table, in code too
_TICKS = re.compile("`+")
_MARKS = {
    Severity.CRITICAL: "🟣",
    Severity.HIGH: "🔴",
    Severity.MEDIUM: "🟠",
    Severity.LOW: "🟡",
    Severity.NEGLIGIBLE: "⚪",
    Severity.UNKNOWN: "❔",
}


def render(result: Result, view: View) -> str:
    """Return the comment, of at most LONGEST characters; what had no room is counted."""
    result = canonical(result)
    parts = [f"### {_verdict(result)} {code(result.target)}", _totals(result)]
    below = _below(result, view)
    if result.findings is not None:
        found = groups(result, replace(view, group_by=Grouping.PACKAGE))
        ends = remedies(result)
        rows = [_row(group, ends) for group in found]
        parts += _tables(rows, LONGEST - len(below) - 1000)
    return "\n\n".join([*parts, below]) + "\n"


def code(text: str, room: int = _NAME) -> str:
    """Return foreign text as a code span, empty for none."""
    text = shorten(plain(text), room)
    fence = "`" * (max(map(len, _TICKS.findall(text)), default=0) + 1)
    pad = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{pad}{text}{pad}{fence}" if text else ""


def block(lines: Sequence[str]) -> str:
    """Return lines as a code block that none of them can end."""
    longest = max((len(ticks) for line in lines for ticks in _TICKS.findall(line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join((f"{fence}text", *lines, fence))


def folded(summary: str, body: str) -> str:
    """Return a part that opens with a click; `summary` is ours."""
    return f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"


def _verdict(result: Result) -> str:
    if result.verdict is None:
        return "📦 Inventory of"
    return "✅ Passes:" if result.verdict.passed else "❌ Does not pass:"


def _totals(result: Result) -> str:
    if result.findings is None:
        return f"{len(result.packages):,} packages; nobody looked for vulnerabilities."
    active = [finding for finding in result.findings if finding.suppressed is None]
    counts = Counter(finding.severity for finding in active)
    told = [
        f"{_MARKS[severity]} {counts[severity]:,} {severity}"
        for severity in Severity
        if counts[severity]
    ]
    fixable = sum(finding.fix.state is FixState.FIXED for finding in active)
    suppressed = len(result.findings) - len(active)
    return (
        f"**{len(active):,} findings** in {len(result.packages):,} packages"
        + (f": {' · '.join(told)}" if told else "")
        + f"; {fixable:,} fixable"
        + (f"; {suppressed:,} more suppressed" if suppressed else "")
        + "."
    )


def _tables(rows: Sequence[str], room: int) -> Iterator[str]:
    if rows:
        yield "\n".join((_HEAD, *rows[:_OPEN]))
        room -= sum(map(len, rows[:_OPEN]))
    more: list[str] = []
    for row in rows[_OPEN:]:
        room -= len(row) + 1
        if room < 0:
            break
        more.append(row)
    if more:
        yield folded(f"{len(more):,} more packages", "\n".join((_HEAD, *more)))
    left = len(rows) - len(more) - min(len(rows), _OPEN)
    if left:
        yield f"{left:,} more packages have no room here; other formats list them all."


def _row(group: Group, ends: dict[str, str]) -> str:
    row, findings = group.first, [row.finding for row in group.rows]
    versions = row.finding.fix.versions[:1] if len(findings) == 1 else ()
    fixed = ends.get(row.finding.package) or "".join(versions)
    worst = row.finding
    told = [_id(finding) for finding in findings[:_IDS]]
    if len(findings) > _IDS:
        told.append(f"{len(findings) - _IDS:,} more")
    cells = (
        code(row.name),
        code(row.version or "") or "unknown",
        code(fixed) or "",
        f"{_MARKS[worst.severity]} {worst.severity}" + _exploited(findings),
        ", ".join(told),
    )
    return f"| {' | '.join(cell.replace('|', _BAR) for cell in cells)} |"


def _exploited(findings: Sequence[Finding]) -> str:
    marks = []
    if any(finding.kind is Kind.MALICIOUS for finding in findings):
        marks.append("malicious")
    if any(finding.kev for finding in findings):
        marks.append("exploited")
    return f" (**{', '.join(marks)}**)" if marks else ""


def _id(finding: Finding) -> str:
    page = page_of(finding.id)
    return f"[{code(finding.id)}]({page})" if page else code(finding.id)


def _below(result: Result, view: View) -> str:
    told = [brief(text) for text, _ in statements(result, view)]
    kept: list[str] = []
    room = _BELOW
    for line in told:
        room -= len(line) + 1
        if room < 0:
            break
        kept.append(line)
    return folded("Coverage, advisories and the verdict", block(kept))
