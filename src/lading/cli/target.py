"""The options and the first half of every command that reads a target: up to its inventory."""

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lading.cache import Cache
from lading.catalog import CATALOGERS, OS_CATALOGERS
from lading.catalog.cataloger import Cataloger
from lading.catalog.inventory import Inventory
from lading.errors import UsageError
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.manifest import parse_platform
from lading.image.source import Opened
from lading.image.target import parse
from lading.model.package import Release
from lading.scan import Choices, Progress, inventory

_TARGETS = """\
TARGET is a path, recognised by what is there, or says it with a scheme:
  oci:DIR[:TAG or @DIGEST]     an OCI image layout
  oci-archive:FILE[:TAG]       a layout in a tar archive, packed or not
  docker-archive:FILE[:NAME]   what `docker save` writes
  dir:PATH                     a root file system (dir:/ is this machine)
"""


def add_target_arguments(parser: argparse.ArgumentParser) -> None:
    """Add TARGET and what chooses the parts of it to read."""
    parser.epilog = _TARGETS
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("target", metavar="TARGET", help="what to read, see below")
    group = parser.add_argument_group("what is read")
    group.add_argument("--platform", metavar="OS/ARCH[/VARIANT]", help="which image of an index")
    group.add_argument(
        "--mode",
        choices=("basic", "enhanced"),
        default="enhanced",
        help="basic: packages of the operating system only (default: enhanced, all)",
    )
    group.add_argument("--distro", metavar="ID:VERSION", help="instead of what the image says")
    group.add_argument(
        "--exclude", metavar="GLOB", action="append", default=[], help="paths not to catalog"
    )
    group.add_argument(
        "--catalogers",
        metavar="LIST",
        help="comma-separated names: " + ", ".join(one.name for one in CATALOGERS),
    )
    group.add_argument(
        "--strict", action="store_true", help="exit 4 when there were problems (1 wins)"
    )


@contextmanager
def opened_inventory(options: argparse.Namespace) -> Iterator[tuple[Opened, Inventory]]:
    """Open the target and take its inventory, with progress on a terminal; close it at the end."""
    platform = parse_platform(options.platform) if options.platform is not None else None
    choices = Choices(
        catalogers=_catalogers(options),
        exclude=tuple(options.exclude),
        release=_release(options.distro),
        workers=options.settings.workers,
        cache=None if options.no_cache else Cache(options.settings.cache_dir / "layers"),
    )
    opened = open_target(parse(options.target), platform, Limits())
    try:
        with _progress(options) as progress:
            found = inventory(opened, choices, progress)
        yield opened, found
    finally:
        opened.close()


def _catalogers(options: argparse.Namespace) -> tuple[Cataloger, ...]:
    known = {one.name: one for one in (OS_CATALOGERS if options.mode == "basic" else CATALOGERS)}
    if options.catalogers is None:
        return tuple(known.values())
    names = [name.strip() for name in options.catalogers.split(",") if name.strip()]
    if not names:
        raise UsageError(f"--catalogers names none; there are {', '.join(known)}")
    for name in names:
        if name not in known:
            raise UsageError(f"--catalogers: no {name!r}; there are {', '.join(known)}")
    return tuple(one for name, one in known.items() if name in names)


def _release(text: str | None) -> Release | None:
    if text is None:
        return None
    id, colon, version = text.partition(":")
    if not id or not colon or not version:
        raise UsageError(f"--distro: {text!r} is not ID:VERSION, such as debian:12")
    return Release(id=id, version_id=version, path="--distro")


@contextmanager
def _progress(options: argparse.Namespace) -> Iterator[Progress]:
    """Draw a bar on standard error when it is a terminal, and nothing otherwise."""
    if options.quiet or not sys.stderr.isatty():
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("reading layers"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("layers", total=None)
        update: Callable[[int, int], None] = lambda done, total: bar.update(  # noqa: E731 - one call
            task, completed=done, total=total
        )
        yield update


def _nothing(done: int, total: int) -> None:
    """Take progress that nobody sees."""
