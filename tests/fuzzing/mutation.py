"""A valid input into ones that are nearly so: bits, stretches, numbers, words, values, members.

Formats are told by the bytes: JSON has its values replaced, archives their members mutated, tars
get their checksums back, so that damage reaches beyond the first check.
"""

import io
import json
import random
import re
import zipfile
from collections.abc import Callable, Sequence
from typing import Literal

_WORDS = (
    b"\0", b"\xff", b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xe2\x80\xae", b"\r",
    b"\n", b"\r\n", b"\x1b[31m", b"\t", b" ", b"\x85", b"\xe2\x80\xa8", b"..", b"/../", b"//",
    b"%s", b"${x}", b"%00", b"null", b"true", b"[]", b"{}", b'""', b'"', b"'", b"[", b"]", b"{",
    b"}", b"(", b")", b"<", b">", b"<!--", b"]]>", b"&a;", b"#", b"=", b":", b";", b",", b"-",
    b"*", b"&", b"!", b"|", b">-", b"---\n", b"0", b"-1", b"1e999", b"NaN", b"Infinity",
    b"2147483648", b"18446744073709551616", b"-9223372036854775809", b"9" * 5000, b"0x",
    b"\\u0000", b"\\ud800", b"\\", b'"""', b"\'\'\'", b"1.0", b"~", b"^", b"@", b"+",
)  # fmt: skip
_NUMBERS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, (1 << 64) - 1)
_VALUES: tuple[object, ...] = (
    None, True, False, 0, -1, 2**70, 1.5, float("inf"), "", "\0", "\ud800", "a\nb", "x" * 3000,
    " ", "1.0", [], {}, [[]], [None], [1], [""], {"": ""}, {"name": 1}, {"name": [], "version": {}},
    "../../x", "/",
)  # fmt: skip
_VALUE = re.compile(rb'"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|\b\d[\d.]*\b|[\w.@/+-]+')
_NESTED = ((b"[", b"]"), (b"{", b"}"), (b'{"a":', b"}"), (b"(", b")"), (b"<a>", b"</a>"))


class Mutator:
    """Makes inputs of inputs; the same from the same seed."""

    def __init__(self, chance: random.Random, seeds: Sequence[bytes]) -> None:
        self._chance = chance
        self._seeds = seeds
        self._ways: tuple[Callable[[bytearray], None], ...] = (
            self._flip, self._flip, self._byte, self._number, self._number, self._word,
            self._word, self._cut, self._remove, self._repeat, self._splice, self._value,
            self._value, self._line, self._nest, self._swap,
        )  # fmt: skip

    def mutated(self, data: bytes) -> bytes:
        """Return the input with a few changes."""
        chance = self._chance.random()
        if data[:2] == b"PK" and chance < 0.7:
            return self._archive(data)
        if data[:1] in b"{[" and chance < 0.5:
            return self._document(data)
        changed = bytearray(data)
        for _ in range(1 if chance < 0.4 else self._chance.randrange(1, 6)):
            self._chance.choice(self._ways)(changed)
        if len(data) > 511 and data[257:262] == b"ustar":
            _mend(changed)
        return bytes(changed[: 1 << 20])

    def _at(self, data: bytearray) -> int:
        return self._chance.randrange(len(data) + 1)

    def _stretch(self, data: bytearray) -> slice:
        start = self._at(data)
        longest = self._chance.choice((4, 16, 64, 1024))
        return slice(start, start + self._chance.randrange(1, longest))

    def _flip(self, data: bytearray) -> None:
        if data:
            data[self._chance.randrange(len(data))] ^= 1 << self._chance.randrange(8)

    def _byte(self, data: bytearray) -> None:
        if data:
            data[self._chance.randrange(len(data))] = self._chance.choice(
                (0, 1, 0x7F, 0x80, 0xFF, 0x22, 0x0A, 0x2F)
            )

    def _number(self, data: bytearray) -> None:
        width = self._chance.choice((1, 2, 4, 8))
        number = self._chance.choice(_NUMBERS) & (256**width - 1)
        at = self._at(data)
        order: Literal["little", "big"] = self._chance.choice(("little", "big"))
        data[at : at + width] = number.to_bytes(width, order)

    def _word(self, data: bytearray) -> None:
        where = self._stretch(data) if self._chance.random() < 0.5 else slice(self._at(data), 0)
        data[where.start : max(where.start, where.stop)] = self._chance.choice(_WORDS)

    def _cut(self, data: bytearray) -> None:
        del data[self._at(data) :]

    def _remove(self, data: bytearray) -> None:
        del data[self._stretch(data)]

    def _repeat(self, data: bytearray) -> None:
        where = self._stretch(data)
        data[where.start : where.start] = data[where] * self._chance.choice((1, 2, 30, 1000))

    def _splice(self, data: bytearray) -> None:
        other = bytearray(self._chance.choice(self._seeds))
        data[self._stretch(data)] = other[self._stretch(other)]

    def _swap(self, data: bytearray) -> None:
        one, two = self._stretch(data), self._stretch(data)
        data[one], data[two] = data[two], data[one]

    def _line(self, data: bytearray) -> None:
        lines = bytes(data).split(b"\n")
        at = self._chance.randrange(len(lines))
        match self._chance.randrange(4):
            case 0:
                del lines[at]
            case 1:
                lines.insert(self._chance.randrange(len(lines) + 1), lines[at])
            case 2:
                lines[at] = b" " * self._chance.choice((1, 2, 4, 500)) + lines[at]
            case _:
                lines[at] = lines[at].lstrip()
        data[:] = b"\n".join(lines)

    def _nest(self, data: bytearray) -> None:
        open, close = self._chance.choice(_NESTED)
        depth = self._chance.choice((2, 50, 1200, 20000))
        data[self._stretch(data)] = open * depth + close * depth

    def _value(self, data: bytearray) -> None:
        """Replace a quoted text, a number or a word by what another type looks like."""
        start = self._at(data)
        found = _VALUE.search(data, start) or _VALUE.search(data)
        if found:
            data[found.start() : found.end()] = self._chance.choice(_WORDS)

    def _document(self, data: bytes) -> bytes:
        try:
            tree = json.loads(data)
        except (ValueError, RecursionError):
            return data[: self._chance.randrange(len(data) + 1)]
        for _ in range(self._chance.randrange(1, 4)):
            tree = self._changed(tree)
        return json.dumps(tree).encode()

    def _changed(self, value: object) -> object:
        """Return the value with something in it replaced, removed or renamed."""
        if not value or not isinstance(value, (dict, list)) or self._chance.random() < 0.15:
            return self._chance.choice(_VALUES)
        if isinstance(value, list):
            at = self._chance.randrange(len(value))
            return [*value[:at], self._changed(value[at]), *value[at + 1 :]]
        key = self._chance.choice(list(value))
        if self._chance.random() < 0.1:
            return {name: inner for name, inner in value.items() if name != key}
        if self._chance.random() < 0.1:
            return value | {str(self._chance.choice(_VALUES)): value[key]}
        return value | {key: self._changed(value[key])}

    def _archive(self, data: bytes) -> bytes:
        """Write the archive anew with one of its members mutated or renamed."""
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                members = [(one.filename, archive.read(one)) for one in archive.infolist()[:50]]
        except Exception:  # noqa: BLE001 - zipfile and zlib raise many kinds for a mutated archive
            return data[: self._chance.randrange(len(data) + 1)]
        if not members:
            return data[:-1]
        at = self._chance.randrange(len(members))
        name, content = members[at]
        if self._chance.random() < 0.1:
            name += self._chance.choice(_WORDS).decode("latin-1")
        members[at] = name, self.mutated(content)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in dict(members).items():
                archive.writestr(zipfile.ZipInfo(member), content)
        return buffer.getvalue()


def _mend(data: bytearray) -> None:
    """Give every tar header its right checksum."""
    for at in range(0, len(data) - 511, 512):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + 512])
