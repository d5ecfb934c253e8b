"""`lading versions`: the version rules, usable by themselves."""

import argparse
import sys

from lading.cli.common import add_common_arguments
from lading.errors import UnreadableError, UsageError
from lading.versions import SCHEMES, compare, key

_SIGNS = {-1: "<", 0: "=", 1: ">"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare `compare SCHEME A B` and `sort SCHEME`."""
    parser.epilog = "Schemes: " + ", ".join(SCHEMES) + "."
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    one = actions.add_parser("compare", help="print <, = or >", allow_abbrev=False)
    one.add_argument("scheme", metavar="SCHEME")
    one.add_argument("a", metavar="A")
    one.add_argument("b", metavar="B")
    many = actions.add_parser("sort", help="sort the lines of standard input", allow_abbrev=False)
    many.add_argument("scheme", metavar="SCHEME")
    for action in (one, many):
        add_common_arguments(action, again=True)


def run(options: argparse.Namespace) -> int:
    """Print the answer; an unreadable version or an unknown scheme is an error with its reason."""
    if options.action == "compare":
        print(_SIGNS[compare(options.scheme, options.a, options.b)])
        return 0
    if options.scheme not in SCHEMES:
        raise UsageError(f"no version scheme {options.scheme!r}; known: {', '.join(SCHEMES)}")
    for line in sorted(_lines(), key=lambda text: key(options.scheme, text)):
        print(line)
    return 0


def _lines() -> list[str]:
    try:
        lines = [line.rstrip("\n") for line in sys.stdin]
    except UnicodeDecodeError as error:
        raise UnreadableError(f"standard input is no UTF-8 text: {error}") from error
    return [line for line in lines if line.strip()]
