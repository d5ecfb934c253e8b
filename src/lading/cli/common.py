"""Options that every command and each of its actions takes: settings, cache, network, clock."""

import argparse
from pathlib import Path
from typing import Any


def add_common_arguments(parser: argparse.ArgumentParser, *, again: bool = False) -> None:
    """Add the options; `again` for an action of a command that has them already."""
    group = parser.add_argument_group("common options")
    flag = {"action": "store_true"} | kept(again=again)
    text = kept(again=again)
    group.add_argument("--config", type=Path, metavar="FILE", help="settings file to read", **text)
    group.add_argument("--cache", metavar="DIR", help="where to keep what can be rebuilt", **text)
    group.add_argument("--no-cache", help="read every layer again", **flag)
    group.add_argument("--offline", help="never use the network", **flag)
    group.add_argument(
        "--now", metavar="TIME", help="the clock (RFC 3339), for repeatable output", **text
    )
    group.add_argument("-q", "--quiet", help="no messages, only results", **flag)
    group.add_argument("-v", "--verbose", help="say more on standard error", **flag)


def kept(*, again: bool) -> dict[str, Any]:
    """Return what keeps an action's default from replacing what stands before the action."""
    return {"default": argparse.SUPPRESS} if again else {}
