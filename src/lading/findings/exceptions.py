"""A file of exceptions to values: what somebody decided not to act upon, why, and until when.

Format: docs/exceptions.md. TOML, one `[[exception]]` for each; UsageError names file and line.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase

from lading.errors import UsageError
from lading.findings.scope import SCOPE_KEYS, Scope, scope_from
from lading.findings.tables import Table, read_tables
from lading.model.finding import Finding, FixState, Severity
from lading.model.image import Image
from lading.model.package import Package

JUSTIFICATIONS = (
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
)
"""Of VEX, why something is not affected.

https://www.cisa.gov/sites/default/files/publications/VEX_Status_Justification_Jun22.pdf
"""

KEYS = (
    "vulnerability", *SCOPE_KEYS, "image", "reason", "author", "added", "until", "until_fixed",
    "while_severity_below", "justification", "impact",
)  # fmt: skip
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """One exception, as its file has it."""

    source: str  # "<file>:<line>"
    vulnerabilities: tuple[str, ...]  # ids or aliases; empty: all of the packages
    scope: Scope
    images: tuple[str, ...]  # globs of the reference or the target; empty: all
    reason: str
    author: str
    until: date | datetime  # a date is the last day, in UTC
    added: date | datetime | None
    until_fixed: bool
    severity_below: Severity | None
    justification: str | None  # of JUSTIFICATIONS: makes it a VEX statement, "not affected"
    impact: str | None

    @property
    def about(self) -> str:
        """What it is about, in words."""
        images = f"image {', '.join(self.images)}" if self.images else ""
        parts = (", ".join(self.vulnerabilities), self.scope.text, images)
        return "; ".join(part for part in parts if part)

    def is_over(self, now: datetime) -> bool:
        """Say whether its last day, or its moment, is past."""
        if isinstance(self.until, datetime):
            return now > self.until
        return now.date() > self.until

    def days_left(self, now: datetime) -> int:
        """Return whole days until its last one; 0 on that day."""
        return (_day(self.until) - now.date()).days

    def is_for(self, image: Image, target: str) -> bool:
        """Say whether it holds for this image, by its reference or as the user named it."""
        names = (image.reference, image.digest, target)
        return not self.images or any(
            fnmatchcase(name, one) for name in names if name for one in self.images
        )

    def is_about(self, finding: Finding, package: Package | None, image: Image) -> bool:
        """Say whether the finding is in its scope; what cannot be told is not."""
        names = (finding.id, *finding.aliases)
        if self.vulnerabilities and not _fold(self.vulnerabilities) & _fold(names):
            return False
        if self.scope.is_open:
            return True
        return package is not None and self.scope.covers(package, image.base) is True

    def ended_by(self, finding: Finding) -> str | None:
        """Return why its condition holds no more of the finding; None where it holds."""
        if self.until_fixed and finding.fix.state is FixState.FIXED:
            return f"there is a fix: {', '.join(finding.fix.versions) or 'in a version not named'}"
        below = self.severity_below
        if below is not None and finding.severity is Severity.UNKNOWN:
            return f"its severity is unknown, and so not known to be below {below}"
        if below is not None and _RANK[finding.severity] <= _RANK[below]:
            return f"its severity is {finding.severity}, which is not below {below}"
        return None


def read_exceptions(data: bytes, file: str) -> tuple[Exemption, ...]:
    """Return the exceptions of a file; UsageError with file, line and reason."""
    top = read_tables(data, file)
    top.only(("exception",))
    return tuple(map(_exemption, top.tables("exception")))


def check_lengths(exceptions: Iterable[Exemption], most_days: int | None, now: datetime) -> None:
    """Refuse exceptions that run longer than a policy allows, counted from when they were added.

    One that does not say when it was added is counted from today.
    """
    for one in exceptions if most_days is not None else ():
        begin = _day(one.added) if one.added is not None else now.date()
        days = (_day(one.until) - begin).days
        if most_days is not None and days > most_days:
            raise UsageError(
                f"{one.source}: until {one.until} is {days} days ahead; the policy allows "
                f"{most_days}, so choose {begin + timedelta(days=most_days)} or earlier"
            )


def _exemption(table: Table) -> Exemption:
    table.only(KEYS)
    reason, author = table.text("reason"), table.text("author")
    until, added = table.moment("until"), table.moment("added")
    if reason is None or author is None or until is None:
        wanted = {"reason": reason, "author": author, "until": until}
        missing = ", ".join(name for name, value in wanted.items() if value is None)
        table.fail(None, f"this exception has no {missing}; each needs reason, author and until")
    vulnerabilities, scope = table.texts("vulnerability"), scope_from(table)
    if not vulnerabilities and scope.is_open:
        table.fail(None, "this exception names no vulnerability, package, path or layer")
    justification = table.choice("justification", JUSTIFICATIONS)
    if justification is not None and not vulnerabilities:
        table.fail("justification", "a justification needs a vulnerability that it is about")
    impact = table.text("impact")
    if impact is not None and justification is None:
        table.fail("impact", "impact tells a justification in words, and there is none")
    below = table.choice("while_severity_below", [str(one) for one in Severity][:-1])
    return Exemption(
        source=f"{table.file}:{table.line}",
        vulnerabilities=vulnerabilities,
        scope=scope,
        images=table.texts("image"),
        reason=reason,
        author=author,
        until=until,
        added=added,
        until_fixed=table.flag("until_fixed") or False,
        severity_below=Severity(below) if below is not None else None,
        justification=justification,
        impact=impact,
    )


def _fold(names: Iterable[str]) -> frozenset[str]:
    return frozenset(name.upper() for name in names)


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def written(moment: date | datetime) -> str:
    """Return a day as it is written, or a moment as RFC 3339 UTC."""
    if isinstance(moment, datetime):
        return moment.isoformat().replace("+00:00", "Z")
    return moment.isoformat()
