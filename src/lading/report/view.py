"""How a person wants to see a result: never what is in it, and never its verdict."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lading.model.finding import Finding, FixState, Severity

RANK = {severity: rank for rank, severity in enumerate(Severity)}
"""Worst first, from 0."""


class Sort(StrEnum):
    SEVERITY = "severity"
    PACKAGE = "package"
    ID = "id"


class Grouping(StrEnum):
    PACKAGE = "package"
    VULNERABILITY = "vulnerability"
    LAYER = "layer"
    PATH = "path"
    NONE = "none"


COLUMNS = (
    "id", "severity", "score", "epss", "package", "version", "type", "arch", "fix", "marks",
    "layer", "evidence", "licenses", "path", "title",
)  # fmt: skip
"""Every column a table can show, in the order it shows them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What `--template` names."""

    name: str  # of the file; its ending says whether it writes markup
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What `--severity`, `--fixable`, `--sort`, `--group-by`, `--columns` and `--color` say."""

    now: datetime  # with a time zone; feed ages are told from here
    width: int = 100  # columns of the terminal; fewer than 40 count as 40
    color: bool = False
    severity: Severity | None = None  # the mildest to show; None: all
    fixable: bool = False  # only what has a fix
    sort: Sort = Sort.SEVERITY
    group_by: Grouping = Grouping.PACKAGE
    columns: tuple[str, ...] = ()  # of COLUMNS, in the order wanted; empty: the table chooses
    most: int | None = None  # lines of findings that a table lists; None: all
    template: Template | None = None  # for the format of that name alone

    def shows(self, finding: Finding) -> bool:
        """Tell whether the finding is listed; totals count it all the same."""
        return (
            finding.suppressed is None
            and (self.severity is None or RANK[finding.severity] <= RANK[self.severity])
            and (not self.fixable or is_fixable(finding))
        )


def is_fixable(finding: Finding) -> bool:
    """Tell whether a version without the vulnerability exists."""
    return finding.fix.state is FixState.FIXED
