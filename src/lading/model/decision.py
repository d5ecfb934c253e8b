"""What people decided of findings, and what became of each decision in one scan."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a decision did."""

    APPLIED = "applied"
    EXPIRED = "expired"  # an exception's last day is over: what it was for counts again
    ENDED = "ended"  # its condition holds no more
    UNMATCHED = "unmatched"  # nothing here is what it is about
    SUPERSEDED = "superseded"  # another statement on the same decided
    UNUSABLE = "unusable"  # the statement cannot be understood or acted upon


@dataclass(frozen=True, slots=True, kw_only=True)
class Vex:
    """The word of a VEX document that a suppression rests on, or that it can be told with.

    Terms: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
    """

    status: str  # not_affected, fixed
    justification: str | None = None  # OpenVEX's, as vulnerable_code_not_present
    impact: str | None = None  # why it is not affected, in words
    stated: str | None = None  # RFC 3339: when it was said
    source: str | None = None  # the document; None: an exception's own word


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One exception, or one statement of a VEX document, as this scan met it."""

    kind: str  # exception, vex
    source: str  # "<file>:<line>", "<file>#<statement>"
    about: str  # its scope, in words
    outcome: Outcome
    reason: str  # why that outcome
    by: str | None = None  # who decided
    until: str | None = None  # the last day, or moment
    days_left: int | None = None  # of what ends soon
    findings: tuple[str, ...] = ()  # "<finding id> <package id>" that it is about
