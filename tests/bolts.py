"""Bolt database files built from their format: a table of keys to bytes, or to tables (buckets).

Every bucket gets a page of its own, split into `leaf` elements a page below one branch page when it
has more; small ones can be written inline.
"""

from collections.abc import Mapping
from struct import pack
from typing import Union

PAGE = 4096

Table = Mapping[bytes, Union[bytes, "Table"]]


def a_bolt(table: Table, *, leaf: int = 1000, inline: bool = False, transaction: int = 7) -> bytes:
    """The bytes of a database whose root bucket is the table."""
    writer = _Writer(leaf, inline)
    root = writer.bucket(table)
    older = _meta(0, root, transaction - 1, writer.next)
    newer = _meta(1, root, transaction, writer.next)
    pages = b"".join(writer.pages[number] for number in sorted(writer.pages))
    return older + newer + pages


class _Writer:
    def __init__(self, leaf: int, inline: bool) -> None:
        self.pages: dict[int, bytes] = {}
        self.next = 2
        self._leaf = leaf
        self._inline = inline

    def bucket(self, table: Table) -> int:
        """Write a bucket's pages and return its root."""
        rows = [self._row(key, value) for key, value in sorted(table.items())]
        if len(rows) <= self._leaf:
            return self._put(_leaf_page(rows))
        parts = [rows[at : at + self._leaf] for at in range(0, len(rows), self._leaf)]
        children = [(part[0][1], self._put(_leaf_page(part))) for part in parts]
        return self._put(_branch_page(children))

    def _row(self, key: bytes, value: "bytes | Table") -> tuple[int, bytes, bytes]:
        if isinstance(value, bytes):
            return 0, key, value
        if self._inline and all(isinstance(inner, bytes) for inner in value.values()):
            page = _leaf_page([self._row(*item) for item in sorted(value.items())])
            return 1, key, pack("<QQ", 0, 0) + page
        return 1, key, pack("<QQ", self.bucket(value), 0)

    def _put(self, page: bytes) -> int:
        number = self.next
        overflow = (len(page) - 1) // PAGE
        head = pack("<Q", number) + page[8:12] + pack("<I", overflow)
        self.pages[number] = (head + page[16:]).ljust((overflow + 1) * PAGE, b"\0")
        self.next += overflow + 1
        return number


def _leaf_page(rows: list[tuple[int, bytes, bytes]]) -> bytes:
    elements, body = b"", b""
    for index, (flags, key, value) in enumerate(rows):
        position = (len(rows) - index) * 16 + len(body)
        elements += pack("<IIII", flags, position, len(key), len(value))
        body += key + value
    return pack("<QHHI", 0, 0x02, len(rows), 0) + elements + body


def _branch_page(children: list[tuple[bytes, int]]) -> bytes:
    elements, body = b"", b""
    for index, (key, number) in enumerate(children):
        position = (len(children) - index) * 16 + len(body)
        elements += pack("<IIQ", position, len(key), number)
        body += key
    return pack("<QHHI", 0, 0x01, len(children), 0) + elements + body


def _meta(number: int, root: int, transaction: int, pages: int) -> bytes:
    fields = pack("<IIIIQQQQQ", 0xED0CDAED, 2, PAGE, 0, root, 0, pages, pages, transaction)
    total = 0xCBF29CE484222325
    for byte in fields:
        total = (total ^ byte) * 0x100000001B3 % 2**64
    return (pack("<QHHI", number, 0x04, 0, 0) + fields + pack("<Q", total)).ljust(PAGE, b"\0")
