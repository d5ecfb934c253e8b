"""`lading packages TARGET`: what is in an image, without holding it against advisories."""

import argparse

from lading import scan
from lading.cli.options import (
    add_output_arguments,
    add_view_arguments,
    outputs_from,
    write_results,
)
from lading.cli.target import add_target_arguments, opened_inventory, targets_from

_PROBLEMS = 4


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_target_arguments(parser)
    add_output_arguments(parser)
    add_view_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Print the inventory; exit 4 for problems with --strict, else 0."""
    outputs_from(options)  # wrong usage shows before anything is read
    results = []
    for target in targets_from(options):
        with opened_inventory(options, target) as (opened, found):
            results.append(scan.packages(opened, options.target, found))
    write_results(results, options)
    return _PROBLEMS if options.strict and any(one.problems for one in results) else 0
