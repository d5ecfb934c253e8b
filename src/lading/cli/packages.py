"""`lading packages TARGET`: what is in an image, without holding it against advisories."""

import argparse

from lading.cli.options import (
    add_output_arguments,
    add_view_arguments,
    outputs_from,
    write_results,
)
from lading.cli.target import add_target_arguments, inventory_of, targets_from

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
        result, _ = inventory_of(options, target)
        results.append(result)
    write_results(results, options)
    return _PROBLEMS if options.strict and any(one.problems for one in results) else 0
