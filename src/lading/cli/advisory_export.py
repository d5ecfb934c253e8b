"""`lading advisories export`: the database for others, as a bundle, in a folder or a registry."""

import argparse
import tempfile
from pathlib import Path

from lading.advisories import FILE
from lading.advisories.exporting import export
from lading.advisories.publishing import Published, publish
from lading.advisories.shelf import FolderShelf, Shelf
from lading.cli.advisory_database import say
from lading.cli.advisory_update import registry_shelf
from lading.errors import UsageError

_REGISTRY = "registry:"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("file", nargs="?", type=Path, metavar="FILE", help="the bundle to write")
    where.add_argument(
        "--to",
        metavar="PLACE",
        help="registry:REF, or a folder for a web server: whole, and as a delta from what is there",
    )
    parser.add_argument(
        "--since", type=Path, metavar="BUNDLE", help="write only what changed since this bundle"
    )
    parser.add_argument("--key", type=Path, metavar="KEY.pem", help="sign with this Ed25519 key")


def run(options: argparse.Namespace) -> int:
    """Write the bundle and say what is in it."""
    if options.to is not None and options.since is not None:
        raise UsageError("--since is for a FILE; --to finds out itself what is there")
    with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
        database = _database(options, Path(scratch))
        if options.to is None:
            header = export(database, options.file, since=options.since, key=options.key)
            print(f"{options.file}: {header.kind} bundle, state {header.to}")
        else:
            _tell(publish(database, _shelf(options), key=options.key), options)
    return 0


def _database(options: argparse.Namespace, scratch: Path) -> Path:
    """Return the database asked for, or the user's own, or a copy of the snapshot."""
    if options.advisories is not None:
        return Path(options.advisories)
    own = Path(options.settings.data_dir) / FILE
    if own.is_file():
        return own
    from lading.advisories.bundled import copy_bundled

    copy_bundled(scratch / FILE)
    return scratch / FILE


def _shelf(options: argparse.Namespace) -> Shelf:
    if options.to.startswith(_REGISTRY):
        return registry_shelf(options.to.removeprefix(_REGISTRY), options, is_pushed=True)
    if "://" in options.to:
        raise UsageError(f"--to {options.to}: a folder or registry:REF; copy the folder from there")
    return FolderShelf(Path(options.to))


def _tell(published: Published, options: argparse.Namespace) -> None:
    for offer in published.offers:
        print(f"{options.to}: {offer.kind} bundle of {offer.size:,} bytes, state {offer.to}")
    if not published.offers:
        print(f"{options.to}: has state {published.state} already")
    if published.note is not None:
        say(options, published.note)
