"""`--max-memory` and `--timeout` into limits of what is read."""

import argparse
import math
import re
import time
from collections.abc import Callable

from lading.errors import UsageError
from lading.image.contents import Contents
from lading.image.limits import MIB, Limits

_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"([0-9]{1,15})([KMGT]?)(?:i?B)?", re.IGNORECASE)
_PROGRAM = 96 * MIB  # what Lading takes beside the contents of files
_LEAST = 128 * MIB


def add_limit_arguments(parser: argparse.ArgumentParser) -> None:
    """Add both options; read them with `limits_from`."""
    group = parser.add_argument_group("limits", "what lies beyond one is a problem in the result")
    group.add_argument(
        "--max-memory",
        metavar="SIZE",
        help="such as 256M or 1G (at least 128M): files too large for it are not read",
    )
    group.add_argument(
        "--timeout", metavar="SECONDS", help="stop reading then, and report what was read"
    )


def limits_from(
    options: argparse.Namespace, *, clock: Callable[[], float] = time.monotonic
) -> Limits:
    """Return the limits, the time beginning now; UsageError for a value that is none."""
    contents = Limits().contents.most
    if options.max_memory is not None:
        contents = min(contents, _size(options.max_memory) - _PROGRAM)
    if options.timeout is None:
        return Limits(contents=Contents(contents))
    end = clock() + _seconds(options.timeout)
    return Limits(contents=Contents(contents), is_late=lambda: clock() >= end)


def _size(text: str) -> int:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise UsageError(f"--max-memory: {text!r} is no size; write 256M or 1G")
    size = int(found[1]) * _UNITS[found[2].upper()]
    if size < _LEAST:
        raise UsageError(f"--max-memory: {text} is too little; give {_LEAST // MIB}M or more")
    return size


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0 < seconds < math.inf:
        raise UsageError(f"--timeout: {text!r} is no number of seconds above zero")
    return seconds
