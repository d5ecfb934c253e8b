"""`lading schema`: the JSON Schema of what Lading writes."""

import argparse

from lading.cli.output import write
from lading.report.schema import SCHEMAS, render


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "name",
        nargs="?",
        default=next(iter(SCHEMAS)),
        metavar="NAME",
        help=f"{', '.join(SCHEMAS)} (default: the first)",
    )
    parser.add_argument("--output", metavar="FILE", help="default: standard output")


def run(options: argparse.Namespace) -> int:
    """Print the schema; UsageError for a name of none."""
    write(render(options.name), options.output)
    return 0
