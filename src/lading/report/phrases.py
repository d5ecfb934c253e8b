"""A finding to the sentences that formats for other tools show: what, where, and what to do.

Text from the image or a feed is made plain; a format adds the escapes that it needs.
"""

from lading.model.finding import Finding, FixState, Kind, Severity, Status
from lading.model.package import Package
from lading.report.text import plain, shorten

_LONGEST = 400  # columns of any text in a sentence
_NO_FIX = {
    FixState.FIXED: "It is fixed; the record does not say in which version.",
    FixState.NOT_FIXED: "There is no fix yet.",
    FixState.WONT_FIX: "Who maintains it will not fix it.",
    FixState.DEFERRED: "The fix is put off.",
    FixState.END_OF_LIFE: "The release gets no fixes any more.",
    FixState.UNKNOWN: "Whether there is a fix is not known.",
}
SCORES = {
    Severity.CRITICAL: 9.5,
    Severity.HIGH: 8.0,
    Severity.MEDIUM: 5.5,
    Severity.LOW: 2.0,
    Severity.NEGLIGIBLE: 0.1,
}
"""What stands for a severity where a number is asked for and no record has one."""


def brief(text: str, longest: int = _LONGEST) -> str:
    """Return foreign text on one line, and no more of it than fits."""
    return shorten(plain(text), longest)


def named(finding: Finding, package: Package | None) -> str:
    """Return the package and its version: `openssl 3.0.11-1`."""
    name = package.name if package else finding.package
    version = (package.version if package else finding.installed) or "of unknown version"
    return f"{brief(name)} {brief(version)}"


def remedy_of(finding: Finding) -> str:
    """Return what to do, in a sentence."""
    if finding.kind is Kind.MALICIOUS:
        return "The package itself is the attack: remove it, and treat what it saw as known."
    if finding.fix.state is FixState.FIXED and finding.fix.versions:
        return f"Fixed in {', '.join(map(brief, finding.fix.versions))}."
    return _NO_FIX[finding.fix.state]


def told(finding: Finding, package: Package | None) -> str:
    """Return what was found and what to do, in two or three sentences."""
    is_it = "may be affected by" if finding.status is not Status.AFFECTED else "is affected by"
    text = f"{named(finding, package)} {is_it} {brief(finding.id)} ({finding.severity})"
    title = f": {brief(finding.title).rstrip('.')}" if finding.title else ""
    return f"{text}{title}. {remedy_of(finding)}"
