"""Debian versions: epoch, upstream version, Debian revision.

Order: https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
Validity is what `dpkg --compare-versions` decides: what dpkg only warns about (a version that
starts with a letter, a character outside the policy's set) is accepted, what it refuses is
InvalidVersion. Blank text, which dpkg takes for "no version", is InvalidVersion too.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_SPACES = " \t\n\v\f\r"
_EPOCH = re.compile(r"[+-]?[0-9]+")
_LARGEST_EPOCH = 2**31 - 1
_PART = re.compile(r"([^0-9]*)([0-9]*)")

DebKey = tuple[int, tuple[int, ...], tuple[int, ...]]


def key(text: str) -> DebKey:
    """Return a tuple that sorts as dpkg sorts `text`; raise InvalidVersion where dpkg refuses."""
    version = bounded("deb", text).strip(_SPACES)
    if not version:
        raise InvalidVersion("deb", text, "it is blank")
    if any(character in version for character in _SPACES + "\0"):
        raise InvalidVersion("deb", text, "it has a space inside")
    before, colon, after = version.partition(":")
    epoch, rest = (_epoch(text, before), after) if colon else (0, version)
    upstream, hyphen, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    if hyphen and not revision:
        raise InvalidVersion("deb", text, "nothing follows its last hyphen")
    if not upstream:
        raise InvalidVersion("deb", text, "it has no upstream version")
    return epoch, _part(upstream), _part(revision)


def _epoch(text: str, epoch: str) -> int:
    if not _EPOCH.fullmatch(epoch):
        raise InvalidVersion("deb", text, "its epoch is no number")
    number = int(epoch)
    if not 0 <= number <= _LARGEST_EPOCH:
        raise InvalidVersion("deb", text, f"its epoch is not within 0 and {_LARGEST_EPOCH}")
    return number


def _part(text: str) -> tuple[int, ...]:
    """Return weights, 0, number, weights, 0, number, …, 0.

    Each 0 stands for the end of a run, where `~` (-1) sorts below and all else above.
    """
    key: list[int] = []
    for others, digits in _PART.findall(text)[:-1] or [("", "")]:
        key += [_weight(byte) for byte in others.encode(errors="surrogatepass")]
        key += 0, int(digits or 0)
    key.append(0)
    return tuple(key)


def _weight(byte: int) -> int:
    """Return where dpkg places a byte that is no digit: `~`, letters, then everything else."""
    if byte == ord("~"):
        return -1
    if byte >= 0x80:
        return byte  # dpkg reads chars as signed: byte - 256 + 256
    return byte if chr(byte).isalpha() else byte + 256
