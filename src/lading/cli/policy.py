"""`lading policy test`: what a policy would have blocked, told from saved results."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from lading.cli.common import add_common_arguments
from lading.cli.decisions import read_file
from lading.cli.output import write
from lading.cli.report import read_result
from lading.model.result import Breach, Verdict
from lading.policy import judge, read_policy
from lading.report.text import plain

SCHEMA = "lading.policy-test/1"
_BREACH = 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    test = actions.add_parser(
        "test", help="what it would have blocked; exit 1 for anything", allow_abbrev=False
    )
    test.add_argument("policy", type=Path, metavar="POLICY", help="the file of rules (TOML)")
    test.add_argument("results", nargs="+", metavar="RESULT.json", help="saved results")
    test.add_argument("--format", choices=("table", "json"), default="table")
    add_common_arguments(test, again=True)


def run(options: argparse.Namespace) -> int:
    """Hold each result against the policy; 1 when any would have been blocked, else 0."""
    policy = read_policy(read_file(options.policy), str(options.policy))
    judged = [
        (path, judge(read_result(path), (policy,), options.now())) for path in options.results
    ]
    text = _json(judged) if options.format == "json" else _table(judged)
    write(text, None)
    return 0 if all(verdict.passed for _, verdict in judged) else _BREACH


def _json(judged: Sequence[tuple[str, Verdict]]) -> str:
    results = [
        {
            "result": path,
            "pass": verdict.passed,
            "breaches": [_value(one) for one in verdict.breaches],
            "warnings": [_value(one) for one in verdict.warnings],
        }
        for path, verdict in judged
    ]
    return json.dumps({"schema": SCHEMA, "results": results}, indent=2, sort_keys=True) + "\n"


def _value(one: Breach) -> dict[str, str | None]:
    return {
        "finding": one.finding,
        "package": one.package,
        "coverage": one.coverage,
        "rule": one.rule,
    }


def _table(judged: Sequence[tuple[str, Verdict]]) -> str:
    lines = []
    for path, verdict in judged:
        word = "pass" if verdict.passed else f"blocked, by {len(verdict.breaches)}"
        warned = f", with {len(verdict.warnings)} warnings" if verdict.warnings else ""
        lines.append(f"{path}: {word}{warned}")
        lines += [f"  deny  {one.rule}: {_what(one)}" for one in verdict.breaches]
        lines += [f"  warn  {one.rule}: {_what(one)}" for one in verdict.warnings]
    return "".join(f"{plain(line)}\n" for line in lines)


def _what(one: Breach) -> str:
    return one.finding or one.package or one.coverage or "nothing named"
