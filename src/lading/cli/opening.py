"""A target into an opened image, wherever it is, with the base that the user knows it to have."""

import argparse
import sys
from dataclasses import replace

from lading.image import open_target
from lading.image.base import known_base
from lading.image.known_bases import file_in, read_known
from lading.image.manifest import parse_platform
from lading.image.source import Opened
from lading.image.target import ANYWHERE, Target


def open_image(target: Target, options: argparse.Namespace) -> Opened:
    """Open it; errors are those of `lading.image.open_target` and `lading.sources.open_any`.

    `options` has `platform`, `limits` and `settings`. Says on standard error where an image that
    is no path is looked for, since that can take a while.
    """
    platform = parse_platform(options.platform) if options.platform is not None else None
    if target.is_path:
        opened = open_target(target, platform, options.limits)
    else:
        # What speaks HTTP takes its time to import, and a path needs none of it.
        from lading.cli.door import door_from
        from lading.sources import open_any

        if target.scheme == ANYWHERE and not options.quiet:
            _tell_search(target, offline=options.settings.offline)
        opened = open_any(target, platform, options.limits, door_from(options.settings))
    if not opened.image.layers:
        return opened
    found = known_base(opened.image, read_known(file_in(options.settings.data_dir)))
    return replace(opened, image=replace(opened.image, base=found)) if found else opened


def _tell_search(target: Target, *, offline: bool) -> None:
    from lading.report.text import plain

    places = "local engines" + ("" if offline else ", then in its registry")
    name = plain(target.reference)
    print(f"lading: no file {name!r}; looking for an image in {places}", file=sys.stderr)
