"""`lading advisories update`: from the feeds' servers, or from what somebody exported for all."""

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lading.advisories.applying import Applied, apply_bundle
from lading.advisories.changes import NOTHING, Changes
from lading.advisories.choosing import USUAL, chosen, needed
from lading.advisories.mirrors import mirrored, parse_mirrors
from lading.advisories.publishing import update_from
from lading.advisories.shelf import FolderShelf, Offering, RegistryShelf, WebShelf
from lading.advisories.sources import Source
from lading.advisories.update import Outcome, refresh
from lading.advisories.writer import Writer
from lading.cli.advisory_database import (
    add_trust_argument,
    changes_value,
    check_online,
    list_reasons,
    open_for_writing,
    print_json,
    say,
    stamp,
    touched,
)
from lading.errors import UsageError
from lading.net import Fetch, http_fetch
from lading.report.text import plain

_LARGEST = 1 << 32  # bytes of one feed or bundle
_UNREADABLE = 3
_REGISTRY = "registry:"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--only",
        nargs="+",
        metavar="FEED",
        help="these feeds alone, as `status` names them, or those of an ecosystem: PyPI, Debian",
    )
    which.add_argument(
        "--for", dest="target", metavar="TARGET", help="only what the packages of this image need"
    )
    which.add_argument(
        "--from",
        dest="place",
        metavar="PLACE",
        help="what `export` put there: registry:REF, the URL or path of a folder or a bundle",
    )
    add_trust_argument(parser)
    parser.add_argument("--format", choices=("table", "json"), default="table")


def run(options: argparse.Namespace) -> int:
    """Update; 3 when a feed failed, else 0."""
    if options.trust and options.place is None:
        raise UsageError("--trust checks bundles, so it goes with --from; feeds are not signed")
    return _from_place(options) if options.place is not None else _from_servers(options)


def http_for(options: argparse.Namespace) -> Fetch:
    """Return what fetches, by the settings; UsageError for a mirror that is none."""
    settings = options.settings
    mirrors = parse_mirrors(settings.advisory_mirrors)
    fetch = http_fetch(largest=_LARGEST, ca_file=settings.ca_file, proxy=settings.proxy)
    return mirrored(fetch, mirrors)


def _from_servers(options: argparse.Namespace) -> int:
    check_online(options)
    sources = _sources(options)
    fetch = http_for(options)
    with open_for_writing(options) as writer:
        now = stamp(options.now())
        outcomes = refresh(
            sources, writer, fetch, now, lambda feed: say(options, f"fetching {feed}")
        )
        if not all(outcome.error for outcome in outcomes):
            with writer.transaction():
                writer.describe(built=now)
    _tell(outcomes, options)
    return _UNREADABLE if any(outcome.error for outcome in outcomes) else 0


def _sources(options: argparse.Namespace) -> Sequence[Source]:
    if options.target is not None:
        return needed(_ecosystems(options))
    return chosen(options.only) if options.only else USUAL


def _ecosystems(options: argparse.Namespace) -> set[str]:
    """Return the ecosystems that records on the target's packages may be filed under."""
    from lading.cli.target import add_target_arguments, inventory_of, targets_from
    from lading.matching.ecosystems import coordinates

    parser = argparse.ArgumentParser()
    add_target_arguments(parser)
    whole = parser.parse_args(["--", options.target], argparse.Namespace(**vars(options)))
    found: set[str] = set()
    for target in targets_from(whole):
        inventory, release = inventory_of(whole, target)
        for package in inventory.packages:
            places = coordinates(package, release).places
            found.update(place.coordinate.ecosystem for place in places)
    return found


def _tell(outcomes: Sequence[Outcome], options: argparse.Namespace) -> None:
    changes = NOTHING
    for outcome in outcomes:
        changes |= outcome.changes
        if options.format == "table":
            print(plain(_line(outcome)))
        list_reasons(options, f"{outcome.feed}: rejected", outcome.rejected)
    if options.format == "json":
        feeds = [
            {
                "name": one.feed,
                "records": one.records,
                "delta": one.is_delta,
                "error": one.error,
                "rejected": [{"record": where, "reason": why} for where, why in one.rejected],
            }
            for one in outcomes
        ]
        print_json({"feeds": feeds, "touched": changes_value(changes)})
    elif changes:
        print(touched(changes))


def _line(outcome: Outcome) -> str:
    if outcome.error is not None:
        return f"{outcome.feed}: failed, keeps its last state: {outcome.error}"
    if outcome.records is None:
        return f"{outcome.feed}: unchanged"
    what = "changed records" if outcome.is_delta else "records"
    return f"{outcome.feed}: {outcome.records:,} {what}, {len(outcome.rejected):,} rejected"


def _from_place(options: argparse.Namespace) -> int:
    place: str = options.place
    with open_for_writing(options) as writer:
        if _is_bundle(place):
            applied: tuple[Applied, ...] = (_take_one(place, writer, options),)
        else:
            offering = _offering(place, options)
            applied = update_from(
                offering,
                writer,
                trusted=options.trust,
                progress=lambda one: say(options, f"fetching {one.kind} ({one.size:,} bytes)"),
            )
    _tell_applied(applied, options)
    return 0


def _is_bundle(place: str) -> bool:
    """Tell a bundle from a folder of them: it is a file, or is called `….lading`."""
    return place.endswith(".lading") or ("://" not in place and Path(place).is_file())


def _offering(place: str, options: argparse.Namespace) -> Offering:
    if place.startswith(_REGISTRY):
        return registry_shelf(place.removeprefix(_REGISTRY), options, is_pushed=False)
    if "://" in place:
        check_online(options)
        return WebShelf(place, http_for(options))
    return FolderShelf(Path(place))


def registry_shelf(text: str, options: argparse.Namespace, *, is_pushed: bool) -> RegistryShelf:
    """Return the shelf behind an image reference."""
    from lading.cli.door import door_from
    from lading.sources.artefact import RegistryArtefact
    from lading.sources.reference import parse_reference

    door = door_from(options.settings)
    artefact = RegistryArtefact(parse_reference(text), door, is_pushed=is_pushed)
    return RegistryShelf(artefact, _REGISTRY + text)


def _take_one(place: str, writer: Writer, options: argparse.Namespace) -> Applied:
    if "://" not in place:
        return apply_bundle(Path(place), writer, options.trust)
    check_online(options)
    with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
        file = Path(scratch) / "bundle"
        with file.open("wb") as into:
            http_for(options)(place, into)
        return apply_bundle(file, writer, options.trust)


def _tell_applied(applied: Sequence[Applied], options: argparse.Namespace) -> None:
    changes: Changes = NOTHING
    for one in applied:
        changes |= one.changes
    if options.format == "json":
        print_json({"bundles": [bundle_value(one) for one in applied],
                    "touched": changes_value(changes)})  # fmt: skip
        return
    for one in applied:
        print(bundle_line(one))
    print(touched(changes) if applied else "unchanged: this is the newest state")


def bundle_value(applied: Applied) -> dict[str, object]:
    """Return what a bundle did, for JSON."""
    return {
        "kind": applied.kind,
        "state": applied.to,
        "exact": applied.is_exact,
        "records": applied.records,
        "gone": applied.gone,
    }


def bundle_line(applied: Applied) -> str:
    """Return what a bundle did, in words."""
    exact = "" if applied.is_exact else "; some records here are newer and stay"
    return (
        f"{applied.kind} bundle: {applied.records:,} records, {applied.gone:,} gone, "
        f"state {applied.to}{exact}"
    )
