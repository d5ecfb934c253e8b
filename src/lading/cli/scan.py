"""`lading scan TARGET`: the whole way from an image to findings and a verdict."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from lading import config, scan
from lading.advisories import open_database
from lading.advisories.database import Database
from lading.cli.decisions import add_decision_arguments, decisions_from, policies_from
from lading.cli.options import (
    add_output_arguments,
    add_view_arguments,
    outputs_from,
    write_results,
)
from lading.cli.progress import phase
from lading.cli.target import add_target_arguments, inventory_of, targets_from
from lading.errors import UsageError
from lading.findings.deciding import Decisions
from lading.image.target import Target
from lading.model.finding import Severity
from lading.model.result import Result
from lading.policy import Policy, from_flags

_BREACH = 1
_PROBLEMS = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_target_arguments(parser)
    group = parser.add_argument_group("what it is held against")
    group.add_argument("--advisories", type=Path, metavar="FILE", help="advisory database to use")
    group.add_argument(
        "--max-age", metavar="DURATION", help="older feeds breach the policy: 36h, 7d, 2w"
    )
    group.add_argument(
        "--fail-on",
        metavar="SEVERITY",
        choices=[severity.value for severity in Severity],
        help="exit 1 for findings this bad or worse: critical, high, medium, low, negligible; "
        "unknown counts only when it is named",
    )
    group.add_argument(
        "--only-fixed", action="store_true", help="--fail-on counts only what has a fix"
    )
    add_decision_arguments(parser)
    add_output_arguments(parser)
    add_view_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print the findings; exit 1 for a breach of the policy, 4 for --strict problems, else 0."""
    outputs_from(options)  # wrong usage shows before anything is read
    results = results_of(options)
    write_results(results, options)
    if any(one.verdict is not None and not one.verdict.passed for one in results):
        return _BREACH
    return _PROBLEMS if options.strict and any(one.problems for one in results) else 0


def results_of(options: argparse.Namespace) -> list[Result]:
    """Return the result of each image that the target means."""
    if options.only_fixed and options.fail_on is None:
        raise UsageError("--only-fixed narrows --fail-on, which is not given")
    flags = from_flags(
        Severity(options.fail_on) if options.fail_on else None,
        only_fixed=options.only_fixed,
        max_age_hours=config.hours(options.max_age) if options.max_age else None,
    )
    policies = (*policies_from(options), flags)
    decisions = decisions_from(options, policies)
    settings = options.settings
    with open_database(
        options.advisories, data_dir=settings.data_dir, cache_dir=settings.cache_dir
    ) as database:
        return [
            _scan(target, policies, decisions, database, options)
            for target in targets_from(options)
        ]


def _scan(
    target: Target,
    policies: Sequence[Policy],
    decisions: Decisions | None,
    database: Database,
    options: argparse.Namespace,
) -> Result:
    settings = options.settings
    inventory, release = inventory_of(options, target)
    packages, built = len(inventory.packages), database.built
    with phase(options, f"comparing {packages:,} packages with advisories built {built}"):
        result = scan.judged(
            inventory,
            release,
            database,
            rules=policies,
            decisions=decisions,
            now=options.now(),
            stale_after_hours=settings.stale_after_hours,
        )
    return replace(result, config=str(settings.source) if settings.source else None)
