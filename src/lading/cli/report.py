"""`lading report`: a saved result in any format, without the image."""

import argparse
import sys
from pathlib import Path
from typing import BinaryIO

from lading.cli.options import (
    add_output_arguments,
    add_view_arguments,
    outputs_from,
    write_reports,
)
from lading.errors import UnreadableError
from lading.model.result import Result
from lading.report.json import read

LARGEST = 512 << 20  # bytes; a result of a million packages stays below


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("result", metavar="RESULT.json", help="a saved result; - is standard input")
    add_output_arguments(parser)
    add_view_arguments(parser)


def run(options: argparse.Namespace) -> int:
    """Render the result; return 1 where its verdict is a breach.

    Raises UnreadableError for a file that holds no result, UsageError for what cannot be written.
    """
    outputs_from(options)  # wrong usage shows before anything is read
    result = read_result(options.result)
    write_reports(result, options)
    return 1 if result.verdict and not result.verdict.passed else 0


def read_result(path: str, *, largest: int = LARGEST) -> Result:
    """Return the result saved at `path`, `-` for standard input.

    Raises UnreadableError for what is no result, or has more than `largest` bytes.
    """
    name = "standard input" if path == "-" else repr(path)
    try:
        if path == "-":
            data = _bounded(sys.stdin.buffer, largest)
        else:
            with Path(path).open("rb") as file:
                data = _bounded(file, largest)
        return read(data)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UnreadableError(f"cannot read {name}: {reason}") from error
    except UnreadableError as error:
        raise UnreadableError(f"{name}: {error}") from error


def _bounded(file: BinaryIO, largest: int) -> bytes:
    data = file.read(largest + 1)
    if len(data) > largest:
        raise UnreadableError(f"it is larger than {largest:,} bytes, so it is no result")
    return data
