"""An inventory to bytes and back, so that an image whose layers are known is not merged again.

The bytes depend on the layers, the readers and the choices that `key_of` names, and on the code
that merges, which `_REVISION` stands for.
"""

from collections.abc import Sequence

import msgspec

from lading import __version__
from lading.catalog.cataloger import Cataloger
from lading.catalog.inventory import Inventory
from lading.catalog.remembered import readers
from lading.model.package import Release

_REVISION = 3  # goes up when the same facts give another inventory

_decode = msgspec.msgpack.Decoder(Inventory).decode  # made here: threads may ask at once


def key_of(
    layers: Sequence[str],
    catalogers: Sequence[Cataloger],
    release: Release | None,
    *,
    is_layered: bool,
    keep_deleted: bool,
) -> str:
    """Return what the inventory of these layers, lowest first, is known by."""
    chosen = f"{release} {is_layered} {keep_deleted}"
    return f"inventory {__version__} {_REVISION} {chosen} {readers(catalogers)} {'|'.join(layers)}"


def to_bytes(inventory: Inventory) -> bytes | None:
    """Return the inventory's bytes, or None where a text in it is no Unicode."""
    try:
        return msgspec.msgpack.encode(inventory)
    except UnicodeEncodeError:
        return None


def from_bytes(data: bytes) -> Inventory | None:
    """Return the inventory, or None for bytes of another form."""
    try:
        return _decode(data)
    except (ValueError, RecursionError):  # msgspec's own are ValueErrors
        return None
