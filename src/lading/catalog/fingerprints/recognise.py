"""Data of an executable into the programs and libraries that it holds, each with its proof."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lading.catalog.constants import Read
from lading.catalog.dynamic import Links
from lading.catalog.fingerprints import FINGERPRINTS
from lading.catalog.fingerprints.fingerprint import Fingerprint, Way

_ALONE = re.compile(rb"(?<![ -~])((?:v|jq-)?\d{1,4}\.[\w.+:~-]{1,60})(?=\0)")
_NUMBER = tuple(b"%c" % byte for byte in b"0123456789.")
_PACKED = re.compile(rb"(\d)(\d\d)(\d\d)")
_MOST = 16  # versions of one program in one file: beyond that it is a list, not a program

_BY_WAY = {way: tuple(one for one in FINGERPRINTS if one.way is way) for way in Way}
_WORDLESS = tuple(one for one in _BY_WAY[Way.NEAR] if one.word is None)
_BY_WORD = {
    word: tuple(one for one in _BY_WAY[Way.NEAR] if one.word == word)
    for word in sorted({one.word for one in _BY_WAY[Way.NEAR] if one.word is not None})
}
_LETTERS = bytes(byte if chr(byte).isalpha() and byte < 128 else 32 for byte in range(256))
_SHARED = tuple(one for one in _BY_WAY[Way.WHOLE] if one.may_be_shared)
_SONAMES = tuple(file for one in _BY_WAY[Way.NAMED] for file in one.files)


class Hit(NamedTuple):
    """One program or library, recognised."""

    fingerprint: Fingerprint
    version: str
    proof: bytes

    @property
    def is_exact(self) -> bool:
        """Whether name and version were read in one text that several builds are known to have."""
        return self.fingerprint.way is Way.NEAR and self.fingerprint.is_proven

    def is_part_of(self, name: str) -> bool:
        """Return whether it is a library in a file of that name which is something else."""
        return self.fingerprint.is_library and not is_file_of(self.fingerprint, name)


def recognise(windows: bytes, read: Read, links: Links) -> Iterator[Hit]:
    """Yield what the data holds, each version once.

    Most files have nothing like a version, or none that fits: what costs more is done for the rest.
    """
    if not windows:
        return
    seen: set[tuple[str, str]] = set()
    for hit in (
        *_near(windows, read, links),
        *_alone(windows, read, links),
        *_packed(windows, read, links),
    ):
        key = hit.fingerprint.name, hit.version
        if key not in seen:
            seen.add(key)
            yield hit


def is_file_of(fingerprint: Fingerprint, name: str | None) -> bool:
    """Return whether a file of this name (or soname) is the program's own."""
    return name is not None and any(
        name == file or (name.startswith(file) and not name[len(file)].isalpha())
        for file in fingerprint.files
    )


def _near(windows: bytes, read: Read, links: Links) -> Iterator[Hit]:
    for one in _candidates(windows):
        if one.anchor in windows:
            found = _found(one, windows)
            if 0 < len(found) <= _MOST and _holds(one, read, links):
                yield from found


def _candidates(windows: bytes) -> Iterator[Fingerprint]:
    """Yield those whose word is there: to split a text is quicker than a hundred searches."""
    yield from _WORDLESS
    words = frozenset(windows.translate(_LETTERS).split())
    for word in sorted(words & _BY_WORD.keys()):
        yield from _BY_WORD[word]


def _alone(windows: bytes, read: Read, links: Links) -> Iterator[Hit]:
    """Yield what is known by a text elsewhere, or by its soname, where one version fits it."""
    versions = dict.fromkeys(_ALONE.findall(windows))
    if not versions:
        return
    texts = b"\0%b\0" % b"\0".join(versions)
    whole = _BY_WAY[Way.WHOLE] if links.soname is None else _SHARED
    for one in (*whole, *_called(links.soname)):
        if not one.pattern.search(texts):
            continue
        found = _found(one, texts)
        if one.build:
            found = _built(one, found, windows)
        if len(found) == 1 and _holds(one, read, links):
            yield from found


def _called(soname: str | None) -> Iterable[Fingerprint]:
    """Return the fingerprints of libraries that call themselves so."""
    if soname is None or not soname.startswith(_SONAMES):
        return ()
    return (one for one in _BY_WAY[Way.NAMED] if is_file_of(one, soname))


def _built(one: Fingerprint, found: list[Hit], windows: bytes) -> list[Hit]:
    """Return the longest of the versions that a text goes on from with the marks of a build."""
    for hit in sorted(found, key=lambda hit: len(hit.version), reverse=True):
        version = hit.version.encode()
        start = windows.find(version)
        while start >= 0:
            end = start + len(version)
            begins = windows[start - 1 : start] not in _NUMBER
            if begins and one.build and one.build.match(windows, end):
                return [hit]
            start = windows.find(version, end)
    return []


def _packed(windows: bytes, read: Read, links: Links) -> Iterator[Hit]:
    """Yield those whose versions have no points; their anchors do, so that windows show them."""
    for one in _BY_WAY[Way.PACKED]:
        if one.anchor in windows:
            found = _distinct(hit for chunk in read() for hit in _found(one, chunk))
            if len(found) == 1 and _holds(one, read, links):
                yield from found


def _found(one: Fingerprint, data: bytes) -> list[Hit]:
    return _distinct(
        Hit(one, _version(one, b".".join(filter(None, hit.groups()))), hit[0])
        for hit in one.pattern.finditer(data)
    )


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    found: dict[str, Hit] = {}
    for hit in hits:
        found.setdefault(hit.version, hit)
    return list(found.values())


def _version(one: Fingerprint, text: bytes) -> str:
    if one.way is Way.PACKED and (parts := _PACKED.fullmatch(text)):
        return ".".join(str(int(part)) for part in parts.groups())
    return text.decode("ascii")


def _holds(one: Fingerprint, read: Read, links: Links) -> bool:
    """Return whether anchor and witnesses are there, and the file does not load the library."""
    loads = any(is_file_of(one, name) for name in links.needed)
    if loads and not is_file_of(one, links.soname):
        return False
    if one.absent and any(one.absent in chunk for chunk in read()):
        return False
    return all(any(text in chunk for chunk in read()) for text in (one.anchor, *one.witnesses))
