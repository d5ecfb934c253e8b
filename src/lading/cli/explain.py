"""`lading explain TARGET ID`: why a vulnerability is, or is not, reported for a target."""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from lading import matching, scan
from lading.advisories import open_database
from lading.advisories.database import Database
from lading.cli.decisions import add_decision_arguments, decisions_from, policies_from
from lading.cli.options import plain_view
from lading.cli.output import write
from lading.cli.target import add_target_arguments, inventory_of, targets_from
from lading.errors import UsageError
from lading.findings import Register, claims
from lading.findings.explaining import Asked, explain
from lading.findings.names import vulnerabilities
from lading.matching.ecosystems import coordinates
from lading.model.advisory import Advisory
from lading.model.explanation import Explanation
from lading.model.package import Package, Release
from lading.model.result import Result
from lading.report.explanation import render_json, render_text

_MOST_ROUNDS = 4  # from a name to its aliases, and on to theirs
_LONGEST = 200  # characters of an id


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_target_arguments(parser)
    parser.add_argument("id", metavar="ID", help="a CVE, or the id of any advisory")
    parser.add_argument("--package", metavar="NAME", help="only of packages called so")
    parser.add_argument("--advisories", type=Path, metavar="FILE", help="advisory database to use")
    add_decision_arguments(parser)
    group = parser.add_argument_group("output")
    group.add_argument("--format", choices=("text", "json"), default="text", help="how to say it")
    group.add_argument("--output", metavar="FILE", help="where it goes (default: standard output)")
    group.add_argument(
        "--color",
        choices=("auto", "always", "never"),
        default="auto",
        help="auto: on a terminal, unless NO_COLOR is set",
    )


def run(options: argparse.Namespace) -> int:
    """Say why; return 0, whatever the answer is."""
    if options.all_platforms:
        raise UsageError("explain is about one image; choose it with --platform")
    if not 0 < len(options.id) <= _LONGEST:
        raise UsageError(f"an id has 1 to {_LONGEST} characters")
    settings, policies = options.settings, policies_from(options)
    (target,) = targets_from(options)
    with open_database(
        options.advisories, data_dir=settings.data_dir, cache_dir=settings.cache_dir
    ) as database:
        inventory, release = inventory_of(options, target)
        result = scan.judged(
            inventory,
            release,
            database,
            rules=policies,
            decisions=decisions_from(options, policies),
            now=options.now(),
            stale_after_hours=settings.stale_after_hours,
        )
        explanation = explained(options.id, options.package, result, release, database)
    write(_rendered(explanation, options), options.output)
    return 0


def _rendered(explanation: Explanation, options: argparse.Namespace) -> str:
    if options.format == "json":
        return render_json(explanation, target=options.target)
    view = plain_view(options, None if options.output else sys.stdout)
    return render_text(explanation, target=options.target, width=view.width, color=view.color)


def explained(
    id: str, package: str | None, result: Result, release: Release | None, database: Database
) -> Explanation:
    """Return why the vulnerability is, or is not, in the result."""
    names, known = _known(id, database)
    records = [replace(one, affected=database.affected(one)) for one in known]
    ecosystems = database.ecosystems()
    matched = matching.match(
        _concerned(result.packages, release, records, package),
        release,
        database.candidates_for,
        ecosystems,
        everything=True,
    )
    ids = {record.id for record in known}
    matches = [one for one in matched.matches if one.candidate.advisory in ids]
    advisories = database.advisories(ids)
    return explain(
        Asked(id=id, names=names, package=package),
        result=result,
        records=records,
        claims=claims(matches, advisories, Register((*advisories.values(), *known))),
        ecosystems=ecosystems,
    )


def _known(id: str, database: Database) -> tuple[frozenset[str], tuple[Advisory, ...]]:
    """Return the names of the vulnerability, and its records, however they are aliased.

    An erratum is several vulnerabilities, so its id is a name of none of them.
    """
    names = frozenset((id,))
    records = database.naming(names)
    for _ in range(_MOST_ROUNDS):
        spoken = (one for record in records for one in vulnerabilities(record))
        more = names.union(*(one for one in spoken if one & names))
        if more == names:
            break
        names, records = more, database.naming(more)
    return names, records


def _concerned(
    packages: tuple[Package, ...],
    release: Release | None,
    records: list[Advisory],
    name: str | None,
) -> list[Package]:
    """Return the packages that the records may be about, and the packages that own these."""
    about = {(one.ecosystem, one.name) for record in records for one in record.affected}
    chosen = {
        one.id: one
        for one in packages
        if one.name == name
        or any(tuple(place.coordinate) in about for place in coordinates(one, release).places)
    }
    by_id = {one.id: one for one in packages}
    owners = {one.owner for one in chosen.values()} - {None}
    return [by_id[id] for id in sorted({*chosen, *(id for id in owners if id in by_id)})]
