"""The database onto a shelf for others, and from a shelf into the database by the shortest way."""

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lading.advisories.applying import APPLIED, Applied, apply_bundle
from lading.advisories.bundle import Header
from lading.advisories.exporting import export
from lading.advisories.shelf import Index, Offer, Offering, Shelf, verify
from lading.advisories.signing import digest_of_file
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, LadingError
from lading.net import NetworkError

_MOST_DELTAS = 30  # that are kept on a shelf
_MOST_BUNDLES = 1000  # on a list, of which a way is looked for
_LARGEST = 16 << 30  # bytes of one bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What was put on the shelf; no offers: it has this state already."""

    state: str
    offers: tuple[Offer, ...]
    note: str | None = None  # why there is no delta from what was there


def publish(database: Path, shelf: Shelf, *, key: Path | None = None) -> Published:
    """Put the database on the shelf: whole, and as a delta from what is there.

    Errors are those of `export` and of the shelf.
    """
    before = shelf.index()
    with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
        folder = Path(scratch)
        whole = export(database, folder / "whole", key=key)
        if before is not None and before.newest == whole.to:
            return Published(state=whole.to, offers=())
        offers = {folder / "whole": _offer(folder / "whole", whole)}
        note = None
        if before is not None:
            try:
                delta = _delta(database, shelf, before, folder, key)
                offers[folder / "delta"] = _offer(folder / "delta", delta)
            except LadingError as error:
                note = f"no delta from what was there: {error}"
        old = [one for one in before.bundles if one.kind == "delta"] if before and not note else []
        index = Index(
            newest=whole.to,
            built=whole.built,
            bundles=[*offers.values(), *old[: _MOST_DELTAS - 1]],
        )
        shelf.publish(index, {offer.file: file for file, offer in offers.items()})
    return Published(state=whole.to, offers=tuple(offers.values()), note=note)


def _delta(database: Path, shelf: Shelf, before: Index, folder: Path, key: Path | None) -> Header:
    base = next((one for one in before.bundles if one.kind == "full"), None)
    if base is None:
        raise AdvisoryError("the list has no whole bundle")
    shelf.fetch(base, folder / "base")
    verify(folder / "base", base)
    return export(database, folder / "delta", since=folder / "base", key=key)


def _offer(file: Path, header: Header) -> Offer:
    name = header.to if header.from_ is None else f"{header.from_}-{header.to}"
    return Offer(
        file=f"{name}.lading",
        kind=header.kind,
        from_=header.from_,
        to=header.to,
        size=file.stat().st_size,
        digest=digest_of_file(file),
    )


def update_from(
    shelf: Offering,
    writer: Writer,
    *,
    trusted: Iterable[Path] = (),
    progress: Callable[[Offer], None] = lambda _: None,
) -> tuple[Applied, ...]:
    """Bring the database to the newest state on the shelf; return what was applied, in order.

    The smallest chain of deltas that leads there is taken, else the whole bundle. AdvisoryError or
    NetworkError when it cannot be had; each bundle is applied whole or not at all.
    """
    keys = tuple(trusted)
    index = shelf.index()
    if index is None or not index.bundles:
        raise AdvisoryError("there is no advisory bundle there")
    here = writer.recall(APPLIED)
    if here == index.newest:
        return ()
    done: list[Applied] = []
    try:
        for offer in chain(index, here):
            done.append(_take(offer, shelf, writer, keys, progress))
    except LadingError:
        if offer.kind == "full":
            raise
        done.append(_take(_whole(index), shelf, writer, keys, progress))
    return tuple(done)


def chain(index: Index, here: str | None) -> tuple[Offer, ...]:
    """Return the bundles that lead from a state to the newest one with the fewest bytes."""
    costs: dict[str, tuple[int, tuple[Offer, ...]]] = {}
    if here is not None:
        costs[here] = (0, ())
    deltas = [one for one in index.bundles if one.kind == "delta"][:_MOST_BUNDLES]
    for _ in deltas:  # as many rounds as a way can have steps, or until nothing gets better
        better = False
        for one in deltas:
            known = costs.get(one.from_ or "")
            if known is None:
                continue
            size = known[0] + one.size
            if one.to not in costs or size < costs[one.to][0]:
                costs[one.to] = (size, (*known[1], one))
                better = True
        if not better:
            break
    way = costs.get(index.newest)
    whole = next((one for one in index.bundles if _is_whole(one, index)), None)
    if way is not None and (whole is None or way[0] <= whole.size):
        return way[1]
    return (_whole(index),)


def _whole(index: Index) -> Offer:
    for one in index.bundles:
        if _is_whole(one, index):
            return one
    raise AdvisoryError("no way leads from the state of this database to what is offered")


def _is_whole(offer: Offer, index: Index) -> bool:
    return offer.kind == "full" and offer.to == index.newest


def _take(
    offer: Offer,
    shelf: Offering,
    writer: Writer,
    trusted: tuple[Path, ...],
    progress: Callable[[Offer], None],
) -> Applied:
    progress(offer)
    if offer.size > _LARGEST:
        raise NetworkError(f"{offer.file}: more than {_LARGEST} bytes")
    with tempfile.TemporaryDirectory(prefix="lading-") as scratch:
        file = Path(scratch) / "bundle"
        shelf.fetch(offer, file)
        verify(file, offer)
        return apply_bundle(file, writer, trusted)
