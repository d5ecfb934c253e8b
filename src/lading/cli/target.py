"""The options and the first half of every command that reads a target: up to its inventory."""

import argparse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from lading import scan
from lading.cache import Cache
from lading.catalog import ARCHIVE_CATALOGERS, CATALOGERS, OS_ARCHIVE_CATALOGERS, OS_CATALOGERS
from lading.catalog.cataloger import Cataloger
from lading.catalog.inventory import Inventory
from lading.cli.limits import add_limit_arguments, limits_from
from lading.cli.opening import open_image
from lading.cli.progress import reading, size, tell
from lading.errors import UsageError
from lading.image import images_of
from lading.image.manifest import Platform, parse_platform
from lading.image.source import Opened
from lading.image.target import PURL, STDIN, Target, parse
from lading.model.package import Release
from lading.model.result import Result
from lading.scan import Choices, inventory, verified

_ARCHIVES = "archives"
_TARGETS = """\
TARGET is a path, recognised by what is there, or says it with a scheme:
  oci:DIR[:TAG or @DIGEST]     an OCI image layout
  oci-archive:FILE[:TAG]       a layout in a tar archive, packed or not
  docker-archive:FILE[:NAME]   what `docker save` writes
  dir:PATH                     a root file system (dir:/ is this machine), or a source tree
  file:PATH                    one file: a jar, a program, a lock file; a package (.deb, .rpm,
                               .apk, .whl, ...) and what it holds
  registry:NAME[:TAG]          an image in a registry; also NAME@DIGEST
  docker:NAME, podman:NAME, containerd:NAME    an image that a local engine has
  sbom:FILE                    an SBOM: CycloneDX, SPDX, Syft's, or package URLs
  purl:PURL                    one package, such as purl:pkg:npm/lodash@4.17.20
  -                            an archive or an SBOM from standard input
What is no path is looked up in the local engines that answer, then in the registry.
"""


def add_target_arguments(
    parser: argparse.ArgumentParser, names: Sequence[str] = ("target",)
) -> None:
    """Add TARGET, or several of other names, and what chooses the parts of it to read."""
    parser.epilog = _TARGETS
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    for name in names:
        parser.add_argument(name, metavar=name.upper(), help="what to read, see below")
    group = parser.add_argument_group("what is read")
    which = group.add_mutually_exclusive_group()
    which.add_argument("--platform", metavar="OS/ARCH[/VARIANT]", help="which image of an index")
    which.add_argument(
        "--all-platforms", action="store_true", help="all images of an index, with --format json"
    )
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
        help="only these, or with +NAME these too; comma-separated: "
        + ", ".join(one.name for one in (*CATALOGERS, *ARCHIVE_CATALOGERS))
        + f"; {_ARCHIVES} for all that read packages as files",
    )
    group.add_argument(
        "--verify",
        action="store_true",
        help="list files that are not as their package installed them; reads the layers twice more",
    )
    group.add_argument(
        "--deleted",
        action="store_true",
        help="list packages and files that upper layers took away, but lower ones still hold",
    )
    group.add_argument(
        "--strict", action="store_true", help="exit 4 when there were problems (1 wins)"
    )
    add_limit_arguments(parser)


def targets_from(options: argparse.Namespace) -> tuple[Target, ...]:
    """Return the target, or with --all-platforms one target for each image that it may mean."""
    _platform(options)  # wrong usage shows before the target is looked at
    _catalogers(options)
    _release(options.distro)
    options.limits = limits_from(options)
    target = parse(options.target)
    if not options.all_platforms:
        return (target,)
    if target.is_path:
        return images_of(target, options.limits)
    from lading.cli.door import door_from
    from lading.sources import images_of_any

    return images_of_any(target, options.limits, door_from(options.settings))


@contextmanager
def opened_inventory(
    options: argparse.Namespace, target: Target
) -> Iterator[tuple[Opened, Inventory]]:
    """Open the target and take its inventory, with progress on a terminal; close it at the end."""
    choices = _choices(options, is_file=target.scheme == "file")
    opened = open_image(target, options)
    opened = replace(opened, notes=(*opened.notes, *target.notes, *_left_out(opened, options)))
    try:
        _tell(options, target, opened)
        with reading(options, [layer.size for layer in opened.image.layers]) as progress:
            found = inventory(opened, choices, progress)
            if options.verify:
                found = verified(opened, found)
        tell(options, f"found {len(found.packages):,} packages in {found.files:,} files")
        yield opened, found
    finally:
        opened.close()


def _tell(options: argparse.Namespace, target: Target, opened: Opened) -> None:
    image = opened.image
    sizes = [layer.size or 0 for layer in image.layers]
    cache = "no cache" if options.no_cache else f"cache {options.settings.cache_dir / 'layers'}"
    layers = f"{len(sizes)} layers, {size(sum(sizes))} stored, {image.digest}, " if sizes else ""
    tell(options, f"reading {opened.kind} {target.given}: {layers}{cache}")


def _left_out(opened: Opened, options: argparse.Namespace) -> Iterator[str]:
    """Say what --all-platforms means, where an archive or an engine gives one image at a time."""
    if options.all_platforms:
        for label in opened.others:
            yield f"{label} is in the index too, and was not read; choose it with --platform"


def inventory_of(options: argparse.Namespace, target: Target) -> tuple[Result, Release | None]:
    """Return what the target holds or lists, and the release that its OS packages are of."""
    document = None
    if target.scheme in ("sbom", PURL, STDIN):
        from lading.cli.described import document_of

        document = document_of(target, options)
    if document is None:
        with opened_inventory(options, target) as (opened, found):
            return scan.packages(opened, options.target, found), found.release
    if options.verify:
        raise UsageError("--verify needs the files themselves, which an SBOM or a purl has not")
    release = _release(options.distro) or document.release
    kind = PURL if target.scheme == PURL else "sbom"
    return scan.described(document, options.target, kind, release), release


def _platform(options: argparse.Namespace) -> Platform | None:
    return parse_platform(options.platform) if options.platform is not None else None


def _choices(options: argparse.Namespace, *, is_file: bool) -> Choices:
    return Choices(
        catalogers=_catalogers(options, is_file=is_file),
        exclude=tuple(options.exclude),
        release=_release(options.distro),
        workers=options.settings.workers,
        cache=None if options.no_cache else Cache(options.settings.cache_dir / "layers"),
        keep_deleted=options.deleted,
    )


def _catalogers(options: argparse.Namespace, *, is_file: bool = False) -> tuple[Cataloger, ...]:
    """Return those named; those of the mode where only `+NAME` or nothing is.

    Packages that lie in an image as files are not installed, so their readers must be asked for.
    """
    is_basic = options.mode == "basic"
    usual = OS_CATALOGERS if is_basic else CATALOGERS
    archives = tuple(
        one for one in ARCHIVE_CATALOGERS if not is_basic or one in OS_ARCHIVE_CATALOGERS
    )
    known = {one.name: one for one in (*usual, *archives)}
    groups = {_ARCHIVES: [one.name for one in archives]}
    if options.catalogers is None:
        return (*usual, *archives) if is_file else usual
    names = [name.strip() for name in options.catalogers.split(",") if name.strip()]
    if not names:
        raise UsageError(f"--catalogers names none; there are {', '.join(known)}")
    chosen = set()
    if all(name.startswith("+") for name in names):
        chosen |= {one.name for one in usual}
    for name in (name.removeprefix("+") for name in names):
        if name not in known and name not in groups:
            raise UsageError(f"--catalogers: no {name!r}; there are {', '.join(known)}")
        chosen |= set(groups.get(name, [name]))
    return tuple(one for name, one in known.items() if name in chosen)


def _release(text: str | None) -> Release | None:
    if text is None:
        return None
    id, colon, version = text.partition(":")
    if not id or not colon or not version:
        raise UsageError(f"--distro: {text!r} is not ID:VERSION, such as debian:12")
    return Release(id=id, version_id=version, path="--distro")
