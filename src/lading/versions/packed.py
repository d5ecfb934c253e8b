"""A version's key as bytes that sort the same, so that a database can compare versions.

A key is numbers, texts and tuples of these, nested; Python puts them in order item by item, and a
tuple that ends below all that goes on. The bytes keep that: a tuple ends with 0, a text with 0 (its
own 0 and 1 are escaped), a number starts with how long it is. No key's bytes begin another's. Keys
that compare by a rule of their own (Maven's) have none, nor have absurdly long numbers.
"""

from functools import lru_cache

from lading.versions import key

_END = b"\0"
_OPEN = b"\1"  # of a tuple or a text; a number at the same place is an error in Python too
_ZERO = 0x60
_ONE_BYTE = range(-0x40, 0x90)  # numbers of one byte, 0x20 to 0xEF
_LONG = 15  # bytes: no version means a longer number, though one may have it


@lru_cache(maxsize=1 << 14)
def pack(scheme: str, version: str) -> bytes | None:
    """Return the bytes of the version's key, None where there are none: they are for speed alone.

    Raises InvalidVersion and UsageError as `key` does.
    """
    return pack_key(key(scheme, version))


def pack_key(key: object) -> bytes | None:
    """Return the bytes of numbers and texts in nested tuples, None where there are none."""
    parts: list[bytes] = []
    return b"".join(parts) if _packed((key,), parts) else None


def after(packed: bytes) -> bytes:
    """Return what sorts just above: above this version and below every higher one."""
    return packed + b"\0"


def _packed(items: tuple[object, ...], into: list[bytes]) -> bool:
    """Add the bytes of the items; return False where one of them has none."""
    for item in items:
        if isinstance(item, int):
            number = _USUAL.get(item) or _number(item)
            if number is None:
                return False
            into.append(number)
        elif isinstance(item, str):
            into.append(_OPEN + _escaped(item) + _END if item else _EMPTY)
        elif isinstance(item, tuple):
            into.append(_OPEN)
            if not _packed(item, into):
                return False
            into.append(_END)
        else:
            return False
    return True


def _escaped(text: str) -> bytes:
    data = text.encode(errors="surrogatepass")
    if b"\0" in data or b"\1" in data:
        data = data.replace(b"\1", b"\1\2").replace(b"\0", b"\1\1")
    return data


def _number(value: int) -> bytes | None:
    if value in _ONE_BYTE:
        return bytes((_ZERO + value,))
    size = abs(value)
    length = (size.bit_length() + 7) // 8
    if length > _LONG:
        return None
    if value > 0:
        return bytes((0xEF + length,)) + size.to_bytes(length, "big")
    return bytes((0x20 - length,)) + ((1 << 8 * length) - 1 - size).to_bytes(length, "big")


_EMPTY = _OPEN + _END
_USUAL = {value: _number(value) for value in range(-0x40, 0x400)}
