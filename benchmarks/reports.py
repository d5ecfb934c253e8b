"""How long each format takes for 10,000 findings over 2,000 packages, in seconds of processor time.

Each is rendered in turn, three times; the least is what it takes, the JSON is what it is held to.
"""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / name) for name in ("src", "tests")]

from lading.findings.difference import compare  # noqa: E402 - the path is set above
from lading.model.result import Result  # noqa: E402 - the path is set above
from lading.report import FORMATS, render  # noqa: E402 - the path is set above
from lading.report.difference import FORMATS as COMPARISONS  # noqa: E402 - the path is set above
from lading.report.view import Template, View  # noqa: E402 - the path is set above
from report.hostile import a_large_result  # noqa: E402 - the path is set above

_TEXT = (
    "{% for one in result.findings %}{{ one.id }} {{ packages[one.package].name }}\n{% endfor %}"
)
_TIMES = 3


def main() -> None:
    """Print seconds, the ratio to the JSON, and the size of each."""
    result = a_large_result()
    view = View(now=datetime(2026, 1, 1, tzinfo=UTC), template=Template(name="t", text=_TEXT))
    base = _least(lambda: render(result, view, "json"))[0]
    for format in FORMATS:
        _tell(format, *_least(partial(render, result, view, format)), base)
    smaller = a_large_result(9_000, 1_900)
    for format in COMPARISONS:
        took = _least(partial(_compared, smaller, result, view, format))
        _tell(f"diff {format}", *took, base)


def _compared(old: Result, new: Result, view: View, format: str) -> str:
    return COMPARISONS[format](compare(old, new), view)


def _least(work: Callable[[], str]) -> tuple[float, int]:
    best, size = float("inf"), 0
    for _ in range(_TIMES):
        start = time.process_time()
        size = len(work().encode())
        best = min(best, time.process_time() - start)
    return best, size


def _tell(name: str, seconds: float, size: int, base: float) -> None:
    print(f"{name:16} {seconds:6.2f} s {seconds / base:6.2f} x json {size:12,} bytes")


if __name__ == "__main__":
    main()
