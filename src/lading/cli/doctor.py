"""`lading doctor`: what works on this machine and what does not, for people and for programs."""

import argparse
import json
from collections import Counter
from collections.abc import Sequence

from lading.cli.checks import Check, checks
from lading.cli.output import write
from lading.report.text import plain

_BROKEN = 4
_WIDEST = 28  # columns of a name


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the format."""
    parser.add_argument(
        "--format",
        choices=("table", "json"),
        default="table",
        help="table for people, json for programs (default: table)",
    )
    parser.epilog = "Exit codes: 0 nothing is broken, 4 something is; warnings do not count."


def run(options: argparse.Namespace) -> int:
    """Print all checks; return 4 when something that Lading needs is broken."""
    found = tuple(checks(options.settings, options.now()))
    write(_json(found) if options.format == "json" else _table(found), None)
    return _BROKEN if any(one.state == "broken" for one in found) else 0


def _table(found: Sequence[Check]) -> str:
    wide = min(max(len(one.name) for one in found), _WIDEST)
    lines = [f"{one.state:<8}{plain(one.name):<{wide}}  {plain(one.said)}" for one in found]
    counts = Counter(one.state for one in found)
    lines.append(
        f"{counts['ok']} ok, {counts['absent']} absent, {counts['warning']} warnings, "
        f"{counts['broken']} broken."
    )
    return "\n".join(lines) + "\n"


def _json(found: Sequence[Check]) -> str:
    rows = [{"name": one.name, "state": one.state, "said": plain(one.said)} for one in found]
    value = {"schema": "lading.doctor/1", "checks": rows}
    return json.dumps(value, indent=2, sort_keys=True) + "\n"
