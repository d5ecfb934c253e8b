"""An OpenPGP signature, as an rpm header carries it, into the id of the key that made it.

Format: https://www.rfc-editor.org/rfc/rfc9580 (packets 4.2, signatures 5.2, issuer 5.2.3.12 and
5.2.3.35). Nothing is verified: the signature covers a package that is not here any more.
"""

import base64
import binascii
from collections.abc import Iterator

_SIGNATURE = 2  # the packet's number
_ISSUER, _FINGERPRINT = 16, 33  # subpackets
_ID = 8  # bytes


def key_id_of_text(text: str) -> str | None:
    """Return the key id of a signature in base64, or None."""
    try:
        return key_id(base64.b64decode(text, validate=False))
    except (binascii.Error, ValueError):
        return None


def key_id(packet: bytes) -> str | None:
    """Return the issuer's key id as 16 lower-case hex digits, or None where none is stated."""
    body = _body(packet)
    if body[:2] == b"\x03\x05" and len(body) >= 15:
        return body[7:15].hex()
    if body[:1] != b"\x04":
        return None
    hashed = int.from_bytes(body[4:6], "big")
    second = 6 + hashed
    unhashed = int.from_bytes(body[second : second + 2], "big")
    areas = (body[6:second], body[second + 2 : second + 2 + unhashed])
    stated = dict(pair for area in areas for pair in _subpackets(area))
    if len(issuer := stated.get(_ISSUER, b"")) == _ID:
        return issuer.hex()
    fingerprint = stated.get(_FINGERPRINT, b"")  # a version, then 20 bytes that end in the id
    return fingerprint[-_ID:].hex() if len(fingerprint) == 21 else None


def _body(packet: bytes) -> bytes:
    """Return what a signature packet of either form holds; nothing for other packets."""
    if len(packet) < 3 or not packet[0] & 0x80:
        return b""
    if packet[0] & 0x40:
        number, start = packet[0] & 0x3F, 1 + _length(packet, 1)[1]
    else:
        number, start = (packet[0] >> 2) & 0xF, 1 + (1, 2, 4, 0)[packet[0] & 3]
    return packet[start:] if number == _SIGNATURE else b""


def _subpackets(area: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(area):
        length, size = _length(area, at)
        at += size
        if not length or at + length > len(area):
            return
        yield area[at] & 0x7F, area[at + 1 : at + length]
        at += length


def _length(data: bytes, at: int) -> tuple[int, int]:
    """Return the length that stands at a place, and how many bytes state it."""
    first = data[at]
    if first < 192:
        return first, 1
    if first < 255:
        return ((first - 192) << 8) + int.from_bytes(data[at + 1 : at + 2], "big") + 192, 2
    return int.from_bytes(data[at + 1 : at + 5], "big"), 5
