"""What a database holds, as rows without numbers of their own, and the name of that state.

Two databases that say the same have the same states, whatever way they came to it.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import NamedTuple

import msgspec

from lading.advisories.rows import (
    affected_from_bytes,
    affected_to_bytes,
    record_from_bytes,
    record_to_bytes,
)
from lading.model.advisory import Advisory

Fact = tuple[str | int | float | None, ...]

FACTS: dict[str, tuple[str, ...]] = {
    "kev": ("name", "added", "due", "ransomware"),
    "epss": ("name", "score", "percentile", "as_of"),
    "support": ("system", "release", "ends", "extended", "ended"),
}
"""Tables of what is known beside records, with their columns; they change as wholes."""


class Row(NamedTuple):
    """One record as the database keeps it."""

    feed: str
    id: str
    body: bytes
    parts: tuple[tuple[str, str, bytes], ...]  # (ecosystem, name, what is said of it)

    @property
    def digest(self) -> bytes:
        """The name of the record's state."""
        data = msgspec.msgpack.encode((self.id, self.body, self.parts))
        return hashlib.blake2b(data, digest_size=16).digest()

    def advisory(self) -> Advisory:
        """Return the record; AdvisoryError when its bytes are damaged."""
        affected = tuple(affected_from_bytes(body, place, name) for place, name, body in self.parts)
        return replace(record_from_bytes(self.body, self.id, self.feed), affected=affected)


def row_of(advisory: Advisory) -> Row:
    """Return the record as a database would keep it."""
    parts = tuple((one.ecosystem, one.name, affected_to_bytes(one)) for one in advisory.affected)
    return Row(advisory.feed, advisory.id, record_to_bytes(advisory), parts)


def rows(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield every record, in the order in which the database has them."""
    records = connection.execute(
        "SELECT r.id, f.name, r.name, r.body FROM record r JOIN feed f ON f.id = r.feed "
        "ORDER BY r.id"
    )
    parts = iter(
        connection.execute(
            "SELECT a.record, a.part, e.name, a.name, a.body FROM affected a "
            "JOIN ecosystem e ON e.id = a.ecosystem ORDER BY a.record, a.part"
        )
    )
    ahead = next(parts, None)
    for number, feed, id, body in records:
        own: list[tuple[str, str, bytes]] = []
        while ahead is not None and ahead[0] <= number:
            if ahead[0] == number:
                own.append((ahead[2], ahead[3], ahead[4]))
            ahead = next(parts, None)
        yield Row(feed, id, body, tuple(own))


def facts(connection: sqlite3.Connection, table: str) -> list[Fact]:
    """Return the rows of one of FACTS, sorted; none where the database lacks the table."""
    there = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?"
    if connection.execute(there, (table,)).fetchone() is None:
        return []
    columns = ", ".join(FACTS[table])
    return connection.execute(
        f"SELECT {columns} FROM {table} ORDER BY 1, 2"  # noqa: S608 - a table of FACTS
    ).fetchall()


def states(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the state of each feed that has records, and of each table of FACTS with rows."""
    digests: dict[str, list[bytes]] = {}
    for row in rows(connection):
        digests.setdefault(row.feed, []).append(row.digest)
    found = {feed: state_of(all) for feed, all in digests.items()}
    for table in FACTS:
        known = facts(connection, table)
        if known:
            found[f"={table}"] = state_of_facts(known)
    return found


def state_of(digests: Iterable[bytes]) -> str:
    """Return the name of what the records with these digests are together."""
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()[:32]


def state_of_facts(known: Iterable[Fact]) -> str:
    """Return the name of what the rows are together."""
    return state_of(
        hashlib.blake2b(msgspec.json.encode(one), digest_size=16).digest() for one in known
    )


def state_of_all(parts: dict[str, str]) -> str:
    """Return the name of what the feeds with these states are together."""
    lines = "".join(f"{state} {name}\n" for name, state in sorted(parts.items()))
    return hashlib.sha256(lines.encode()).hexdigest()[:32]
