"""What is not accepted: rules in their order, and the flags that stand for such rules."""

from dataclasses import dataclass
from enum import StrEnum

from lading.model.finding import FixState, Severity
from lading.policy.rule import Action, Rule, Subject


class Evaluation(StrEnum):
    FIRST = "first"  # the first rule that means a thing decides on it
    ALL = "all"  # every rule that means it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Rules, and the bounds of exceptions; nothing is forbidden by default."""

    source: str  # the file, or what else it is from
    evaluation: Evaluation = Evaluation.FIRST
    rules: tuple[Rule, ...] = ()
    exception_days: int | None = None  # the longest that an exception may run
    announce_days: int | None = None  # how long before its end one is announced


def from_flags(
    fail_on: Severity | None = None,
    *,
    only_fixed: bool = False,
    max_age_hours: float | None = None,
) -> Policy:
    """Return the policy that `--fail-on`, `--only-fixed` and `--max-age` stand for."""
    rules: list[Rule] = []
    if fail_on is not None:
        rules.append(
            Rule(
                name=f"--fail-on {fail_on}" + (" --only-fixed" if only_fixed else ""),
                action=Action.DENY,
                subject=Subject.FINDINGS,
                severity=fail_on,
                fix=(FixState.FIXED,) if only_fixed else (),
            )
        )
    if max_age_hours is not None:
        rules.append(
            Rule(
                name="--max-age",
                action=Action.DENY,
                subject=Subject.COVERAGE,
                coverage=("stale-feed", "no-advisories"),
                max_age_hours=max_age_hours,
            )
        )
    return Policy(source="flags", evaluation=Evaluation.ALL, rules=tuple(rules))
