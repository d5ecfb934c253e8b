"""A stretch of a program that zlib packed into its bytes, within a bound."""

import zlib

from lading.errors import CatalogError


def unpacked(
    data: bytes | memoryview, most: int, what: str, *, wbits: int = zlib.MAX_WBITS
) -> bytes:
    """Return the bytes; CatalogError, which begins with `what`, when they are damaged or too many.

    `most` is a number of bytes; `wbits` says which header zlib expects.
    """
    inflater = zlib.decompressobj(wbits)
    try:
        found = inflater.decompress(data, most)
    except zlib.error as error:
        raise CatalogError(f"{what} is damaged") from error
    if not inflater.eof:
        raise CatalogError(f"{what} is {'too large' if len(found) == most else 'cut off'}")
    return found
