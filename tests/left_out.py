"""Says at the end of a run how many slow and registry tests it left out, in one process or more."""

from typing import Any

import pytest

_LEFT_OUT = pytest.StashKey[int]()
_NAME = "left_out"  # in what a process of pytest-xdist hands back


def pytest_deselected(items: list[pytest.Item]) -> None:
    """Count; what `-k` and paths leave out is not meant."""
    for item in items:
        if item.get_closest_marker("slow") or item.get_closest_marker("registry"):
            item.config.stash[_LEFT_OUT] = item.config.stash.get(_LEFT_OUT, 0) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the count to the process that prints, where this is one of several."""
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[_NAME] = session.config.stash.get(_LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Take the count; every process collects all tests, so they all count the same."""
    count = getattr(node, "workeroutput", {}).get(_NAME, 0)
    node.config.stash[_LEFT_OUT] = max(count, node.config.stash.get(_LEFT_OUT, 0))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    count = config.stash.get(_LEFT_OUT, 0)
    if count:
        terminalreporter.write_line(
            f"{count} slow or registry tests were left out; scripts/check runs them."
        )
