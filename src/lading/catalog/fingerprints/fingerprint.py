"""What a fingerprint is: text that only a program's own code holds, and how it tells the version.

Four ways, by how plainly the version is written:

- `near`: one text has both, as in `deflate 1.3.1 Copyright`. It is read wherever it stands.
- `whole`: the program is known by one text (`anchor`), and its version is written by itself
  somewhere else. It is read only where the file holds one such version.
- `packed`: the same, and the version is written without points: 20914 for 2.9.14.
- `named`: nothing but the name that a shared library gives itself tells what it is.

All but the first conclude; their packages are `inferred`. So are those of names that were met in
too few builds to be sure of what the text says in the others.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from lading.catalog.fingerprints.unproven import UNPROVEN

BARE = rb"(\d{1,4}\.\d{1,3}(?:\.\d{1,4}){0,2})"
"""A version as a text of its own."""

_START = rb"(?<![ -~])"
_WORD = re.compile(rb"(?<=[^A-Za-z])[A-Za-z]{2,}(?=[^A-Za-z])")


class Way(StrEnum):
    """How a fingerprint is looked for."""

    NEAR = "near"
    WHOLE = "whole"
    NAMED = "named"
    PACKED = "packed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """One way to recognise one program or library; several may share a name."""

    name: str
    cpe: str  # vendor:product, as NVD files it
    way: Way
    anchor: bytes  # literal without which nothing else is tried; empty for `named`
    pattern: re.Pattern[bytes]  # its groups are the version's parts; never without bound
    witnesses: tuple[bytes, ...] = ()  # literals that the file must hold as well
    absent: bytes = b""  # literal that only a fork of it holds
    files: tuple[str, ...] = ()  # how its own files' names begin: libcrypto, busybox
    part: bool = False  # never a file of its own: a runtime, the mark of a packer
    build: re.Pattern[bytes] | None = None  # what follows the version in a text: see `whole`

    @property
    def is_proven(self) -> bool:
        """Whether two versions of two kinds of origin were met: see `unproven`."""
        return self.name not in UNPROVEN

    @property
    def is_library(self) -> bool:
        """Whether it is found inside files that are something else."""
        return self.part or self.files[0].startswith("lib")

    @property
    def word(self) -> bytes | None:
        """The longest word that stands by itself wherever the anchor does; None without one."""
        starts_text = self.pattern.pattern.startswith(_START + self.anchor[:3])
        words = _WORD.findall((b" " if starts_text else b"x") + self.anchor)
        return max(words, key=len, default=None)

    @property
    def may_be_shared(self) -> bool:
        """Whether it is also found in shared libraries that have a name of their own."""
        return self.part or any(file.startswith("lib") for file in self.files)


def near(
    name: str,
    cpe: str,
    anchor: bytes,
    pattern: bytes,
    *,
    witnesses: tuple[bytes, ...] = (),
    absent: bytes = b"",
    files: tuple[str, ...] = (),
    part: bool = False,
) -> Fingerprint:
    """Return a fingerprint whose text holds the version, with a point between two digits."""
    return Fingerprint(
        name=name,
        cpe=cpe,
        way=Way.NEAR,
        anchor=anchor,
        pattern=re.compile(pattern),
        witnesses=witnesses,
        absent=absent,
        files=files or (name,),
        part=part,
    )


def whole(
    name: str,
    cpe: str,
    anchor: bytes,
    pattern: bytes = BARE,
    *,
    witnesses: tuple[bytes, ...] = (),
    absent: bytes = b"",
    files: tuple[str, ...] = (),
    build: bytes = b"",
) -> Fingerprint:
    """Return a fingerprint of two texts: the anchor, and a version anywhere in the file.

    With `build`, a pattern of what follows a version in another text (`7.0.15` and then the marks
    of the build), only the versions that such a text begins with count.
    """
    return Fingerprint(
        name=name,
        cpe=cpe,
        way=Way.WHOLE,
        anchor=anchor,
        pattern=_alone(pattern),
        witnesses=witnesses,
        absent=absent,
        files=files or (name,),
        build=re.compile(build) if build else None,
    )


def packed(
    name: str, cpe: str, anchor: bytes, pattern: bytes, *, files: tuple[str, ...] = ()
) -> Fingerprint:
    """Return a fingerprint like `whole`, of a version that is one number of five digits."""
    return Fingerprint(
        name=name,
        cpe=cpe,
        way=Way.PACKED,
        anchor=anchor,
        pattern=re.compile(rb"(?<![\w.])" + pattern + rb"(?=\0)"),
        files=files,
    )


def named(
    name: str,
    cpe: str,
    files: tuple[str, ...],
    pattern: bytes = BARE,
    *,
    witnesses: tuple[bytes, ...] = (),
) -> Fingerprint:
    """Return a fingerprint of a shared library by the name it gives itself (its soname)."""
    return Fingerprint(
        name=name,
        cpe=cpe,
        way=Way.NAMED,
        anchor=b"",
        pattern=_alone(pattern),
        witnesses=witnesses,
        files=files,
    )


def _alone(pattern: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a text of its own: its end is a NUL, its start follows no letter."""
    return re.compile(_START + pattern + rb"(?=\0)")
