"""Writers of rpm's databases: headers, and the files that hold them, as small as they can be."""

import sqlite3
import struct
import zlib
from collections.abc import Sequence
from contextlib import closing

TEXT, NUMBERS, TEXTS = 6, 4, 8  # types of a record
Value = str | list[str] | list[int]
NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
VENDOR, LICENCE, ARCH, SOURCE_RPM, MODULE = 1011, 1014, 1022, 1044, 5096
PROVIDES, REQUIRES, INDEXES, BASES, FOLDERS = 1047, 1049, 1116, 1117, 1118


def a_header(name: str = "thing", version: str = "1", release: str = "2", **others: Value) -> bytes:
    """Other tags by their name here, in lower case: `epoch=[1]`, `source_rpm="…"`."""
    named: dict[int, Value] = {NAME: name, VERSION: version, RELEASE: release}
    named |= {int(globals()[key.upper()]): value for key, value in others.items()}
    return header_of(sorted(named.items()))


def header_of(tags: Sequence[tuple[int, Value]]) -> bytes:
    index, data = b"", b""
    for tag, value in tags:
        if isinstance(value, str):
            type, count, written = TEXT, 1, value.encode() + b"\0"
        elif value and isinstance(value[0], int):
            data += bytes(-len(data) % 4)
            type, count, written = NUMBERS, len(value), struct.pack(f">{len(value)}I", *value)
        else:
            type, count = TEXTS, len(value)
            written = b"".join(str(text).encode() + b"\0" for text in value)
        index += struct.pack(">IIiI", tag, type, len(data), count)
        data += written
    return struct.pack(">II", len(tags), len(data)) + index + data


def sqlite_of(blobs: Sequence[bytes], *, page_size: int = 4096) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA page_size = {page_size}")
        connection.execute(
            "CREATE TABLE 'Packages' (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"
        )
        rows = ((blob,) for blob in blobs)
        connection.executemany("INSERT INTO Packages (blob) VALUES (?)", rows)
        connection.commit()
        return connection.serialize()


def ndb_of(blobs: Sequence[bytes]) -> bytes:
    slots, body = b"", b""
    for number, blob in enumerate(blobs, 1):
        blocks = (16 + len(blob) + 12 + 15) // 16
        block = 4096 // 16 + len(body) // 16
        slots += struct.pack("<4sIII", b"Slot", number, block, blocks)
        head = struct.pack("<4sIII", b"BlbS", number, 1, len(blob))
        padded = head + blob + bytes(blocks * 16 - 28 - len(blob))
        body += padded + struct.pack("<II4s", zlib.adler32(padded), len(blob), b"BlbE")
    free = struct.pack("<4sIII", b"Slot", 0, 0, 0)
    first = struct.pack("<4sIIII12x", b"RpmP", 0, 1, 1, len(blobs) + 1) + slots
    return first + free * ((4096 - len(first)) // 16) + body


def bdb_of(blobs: Sequence[bytes], *, page_size: int = 4096, order: str = "<") -> bytes:
    """Write one bucket: pages with the items, then the pages of long values."""
    items = [(number, blob) for number, blob in enumerate([b"\5\0\0\0", *blobs])]
    room = page_size - 26
    pages: list[list[tuple[int, bytes]]] = [[]]
    for number, blob in items:
        inline = blob if len(blob) < page_size // 4 else bytes(11)
        used = sum(10 + len(known) for _, known in pages[-1])  # two items and where they start
        if pages[-1] and used + 10 + len(inline) > room:
            pages.append([])
        pages[-1].append((number, inline))
    overflow = 1 + len(pages)
    chains: list[bytes] = []
    written: list[bytes] = []
    for position, page in enumerate(pages, 1):
        pairs: list[tuple[bytes, bytes]] = []
        for number, _ in page:
            blob = items[number][1]
            key = b"\1" + struct.pack(order + "I", number)
            if len(blob) < page_size // 4:
                pairs.append((key, b"\1" + blob))
                continue
            first = overflow + len(chains)
            pairs.append((key, struct.pack(order + "B3xII", 3, first, len(blob))))
            parts = [blob[start : start + room] for start in range(0, len(blob), room)]
            for part in parts:
                own = overflow + len(chains)
                last = part is parts[-1]
                chains.append(_page(order, own, 0 if last else own + 1, 1, len(part), 7) + part)
        following = position + 1 if position < len(pages) else 0
        written.append(_hash_page(order, page_size, position, following, pairs))
    body = b"".join(page.ljust(page_size, b"\0") for page in [*written, *chains])
    head = struct.pack(
        order + "8xIIIIBBBBII", 0, 0x061561, 9, page_size, 0, 8, 0, 0, 0, len(body) // page_size
    )
    head = head.ljust(72, b"\0") + struct.pack(order + "6I", 0, 1, 0, 0, len(items), 0)
    head += struct.pack(order + "32I", 1, *[0] * 31)
    return head.ljust(page_size, b"\0") + body


def _hash_page(
    order: str, size: int, number: int, following: int, pairs: list[tuple[bytes, bytes]]
) -> bytes:
    starts: list[int] = []
    tail = b""
    for item in (item for pair in pairs for item in pair):
        tail = item + tail
        starts.append(size - len(tail))
    head = _page(order, number, following, len(starts), starts[-1], 13)
    head += struct.pack(f"{order}{len(starts)}H", *starts)
    return head + bytes(size - len(head) - len(tail)) + tail


def _page(order: str, number: int, following: int, entries: int, offset: int, type: int) -> bytes:
    return struct.pack(order + "8xIIIHHBB", number, 0, following, entries, offset, 0, type)
