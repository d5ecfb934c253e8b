"""A target into an opened image, wherever it is, with the base that the user knows it to have."""

import argparse
from dataclasses import replace

from lading.cli.progress import excused
from lading.image import open_target
from lading.image.base import known_base
from lading.image.known_bases import file_in, read_known
from lading.image.manifest import parse_platform
from lading.image.source import Opened
from lading.image.target import ANYWHERE, Target


def open_image(target: Target, options: argparse.Namespace) -> Opened:
    """Open it; errors are those of `lading.image.open_target` and `lading.sources.open_any`.

    `options` has `platform`, `limits` and `settings`. Where looking for an image takes a while,
    standard error says what is being tried.
    """
    platform = parse_platform(options.platform) if options.platform is not None else None
    if target.is_path:
        opened = open_target(target, platform, options.limits)
    else:
        # What speaks HTTP takes its time to import, and a path needs none of it.
        from lading.cli.door import door_from
        from lading.sources import open_any

        with excused(options, _search(target, offline=options.settings.offline)):
            opened = open_any(target, platform, options.limits, door_from(options.settings))
    if not opened.image.layers:
        return opened
    found = known_base(opened.image, read_known(file_in(options.settings.data_dir)))
    return replace(opened, image=replace(opened.image, base=found)) if found else opened


def _search(target: Target, *, offline: bool) -> str:
    if target.scheme != ANYWHERE:
        return f"asking for {target.given}"
    places = "local engines" + ("" if offline else ", then in its registry")
    return f"no file {target.reference!r}; looking for an image in {places}"
