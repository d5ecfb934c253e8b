"""The advisory database: one SQLite file, read by many and written by one (`writer`).

Tables: `record` (one advisory), `affected` (what a record says of one package, by ecosystem and
name, with the span of versions outside of which it says nothing), `named` (every name of a
vulnerability), `kev`, `epss`, `support` (ends of releases), `feed`, `meta`.
"""

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from lading.advisories.failures import KEY, Failure, from_text
from lading.advisories.format import is_older, utc
from lading.advisories.rows import affected_from_bytes, record_from_bytes
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Affected, Candidate, Epss, Feed, Kev, Support
from lading.model.coordinate import Coordinate, Sought
from lading.versions.packed import after

FORM = 4  # of the tables; another number is another database
_AT_ONCE = 400  # bound variables of one query
_ROWS_AT_ONCE = 240  # of four bound variables each

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE feed (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, records INTEGER NOT NULL,
    as_of TEXT, checked TEXT, partial INTEGER NOT NULL, validator TEXT);
CREATE TABLE ecosystem (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE record (id INTEGER PRIMARY KEY, name TEXT NOT NULL, feed INTEGER NOT NULL,
    modified TEXT, body BLOB NOT NULL, UNIQUE (name, feed));
CREATE TABLE affected (ecosystem INTEGER NOT NULL, name TEXT NOT NULL, record INTEGER NOT NULL,
    part INTEGER NOT NULL, low BLOB NOT NULL, high BLOB NOT NULL, body BLOB NOT NULL,
    PRIMARY KEY (ecosystem, name, high, record, part)) WITHOUT ROWID;
CREATE INDEX affected_record ON affected (record);
CREATE TABLE named (name TEXT NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (name, record))
    WITHOUT ROWID;
CREATE INDEX named_record ON named (record);
CREATE TABLE kev (name TEXT PRIMARY KEY, added TEXT NOT NULL, due TEXT, ransomware INTEGER)
    WITHOUT ROWID;
CREATE TABLE epss (name TEXT PRIMARY KEY, score REAL NOT NULL, percentile REAL NOT NULL,
    as_of TEXT NOT NULL) WITHOUT ROWID;
"""
SUPPORT = """CREATE TABLE IF NOT EXISTS support (system TEXT NOT NULL, release TEXT NOT NULL,
    ends TEXT, extended TEXT, ended INTEGER, PRIMARY KEY (system, release)) WITHOUT ROWID"""
"""Made when there is something to put: a database of this form may lack the table."""


class Database:
    """A database opened for reading."""

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self._connection = connection
        self._where = where
        try:
            self._check_form()
        except BaseException:
            connection.close()
            raise

    @classmethod
    def open(cls, path: Path, *, immutable: bool = False) -> Self:
        """Open the file; AdvisoryError when it is missing, is none, or has another form.

        `immutable` is for a file that nobody writes: no locks are taken.
        """
        if not path.is_file():
            raise AdvisoryError(
                f"{path}: no such advisory database; `lading advisories update` or "
                "`lading advisories import PATH` makes one"
            )
        mode = "immutable=1" if immutable else "mode=ro"
        uri = f"{path.absolute().as_uri()}?{mode}"
        try:
            if not immutable:
                _finish(uri, path)
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            raise AdvisoryError(f"{path}: cannot be opened: {error}") from error
        return cls(connection, str(path))

    @classmethod
    def from_bytes(cls, data: bytes, where: str) -> Self:
        """Open a database held in memory; AdvisoryError as for a file."""
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        try:
            connection.deserialize(data)
        except (sqlite3.Error, OverflowError, MemoryError) as error:  # no bytes are no memory
            connection.close()
            raise AdvisoryError(f"{where} is no advisory database: {error}") from error
        return cls(connection, where)

    def _check_form(self) -> None:
        run = self._connection.execute
        try:
            run("PRAGMA trusted_schema = OFF")
            run("PRAGMA cell_size_check = ON")
            (form,) = run("PRAGMA user_version").fetchone()
            tables = {
                name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'")
            }
            # A view or trigger would run what another program wrote into the file.
            (odd,) = run(
                "SELECT count(*) FROM sqlite_master WHERE type NOT IN ('table', 'index') "
                "OR sql LIKE 'CREATE VIRTUAL%'"
            ).fetchone()
        except (sqlite3.Error, UnicodeDecodeError) as error:
            # The latter is a name in a damaged schema, which the module decodes by itself.
            raise AdvisoryError(f"{self._where} is no advisory database: {error}") from error
        if odd or not {"meta", "feed", "ecosystem", "record", "affected", "named"} <= tables:
            raise AdvisoryError(f"{self._where} is no advisory database: it has other tables")
        if form != FORM:
            raise AdvisoryError(
                f"{self._where} has form {form}, this version of Lading reads {FORM}; "
                "delete it and import or update again"
            )

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """Say of what goes wrong with a row in which database it is, and what to do."""
        try:
            yield
        except (sqlite3.Error, AdvisoryError, TypeError, ValueError) as error:
            # The latter two are values of a type that no writer wrote.
            raise AdvisoryError(
                f"{self._where} is damaged: {error}; import or update again"
            ) from error

    def _for(self, query: str, values: Iterable[object]) -> Iterator[Any]:
        """Run the query with `IN (…)` over the values, as few times as SQLite allows."""
        rest = sorted({text for text in map(str, values) if _is_unicode(text)})
        for start in range(0, len(rest), _AT_ONCE):
            part = rest[start : start + _AT_ONCE]
            yield from self._connection.execute(query.format(", ".join("?" * len(part))), part)

    def candidates(
        self, coordinates: Iterable[Coordinate]
    ) -> dict[Coordinate, tuple[Candidate, ...]]:
        """Return what all feeds say of the packages, by record id; those unknown are left out."""
        return self.candidates_for(Sought(one) for one in coordinates)

    def candidates_for(self, sought: Iterable[Sought]) -> dict[Coordinate, tuple[Candidate, ...]]:
        """Return what all feeds say of the packages that may hold at one of the versions sought.

        What is left out is not about any of these versions; what is there still has to be judged.
        """
        found: dict[Coordinate, dict[tuple[int, int], Candidate]] = {}
        with self._reading():
            ids = {name: int(id) for id, name in self._all("SELECT id, name FROM ecosystem")}
            names = {id: name for name, id in ids.items()}
            wanted = sorted(
                {
                    (ids[place.ecosystem], place.name, *_bounds(version))
                    for place, version in sought
                    if place.ecosystem in ids and _is_unicode(place.name)
                }
            )
            for id, name, record, part, advisory, feed, body in self._spanning(wanted):
                place = Coordinate(names[id], name)
                known = found.setdefault(place, {})
                if (record, part) not in known:
                    affected = affected_from_bytes(body, *place)
                    known[record, part] = Candidate(
                        advisory=str(advisory), feed=str(feed), affected=affected
                    )
        return {
            place: tuple(one for _, one in sorted(all.items(), key=_by_name))
            for place, all in sorted(found.items())
        }

    def _spanning(self, wanted: Sequence[tuple[int, str, bytes, bytes]]) -> Iterator[Any]:
        query = (
            "WITH sought (ecosystem, name, high, low) AS (VALUES {}) "
            "SELECT a.ecosystem, a.name, a.record, a.part, r.name, f.name, a.body FROM sought s "
            "CROSS JOIN affected a ON a.ecosystem = s.ecosystem AND a.name = s.name "
            "AND a.high >= s.high AND a.low <= s.low "
            "CROSS JOIN record r ON r.id = a.record CROSS JOIN feed f ON f.id = r.feed"
        )
        for start in range(0, len(wanted), _ROWS_AT_ONCE):
            rows = wanted[start : start + _ROWS_AT_ONCE]
            places = ", ".join(["(?, ?, ?, ?)"] * len(rows))
            yield from self._connection.execute(
                query.format(places), [value for row in rows for value in row]
            )

    def _all(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        with self._reading():
            return self._connection.execute(query, values).fetchall()

    def advisories(self, ids: Iterable[str]) -> dict[str, Advisory]:
        """Return the records of those ids, without `affected`; of two feeds', the newer."""
        query = (
            "SELECT r.name, f.name, r.body FROM record r JOIN feed f ON f.id = r.feed "
            "WHERE r.name IN ({}) ORDER BY r.name, f.name"
        )
        found: dict[str, Advisory] = {}
        with self._reading():
            for name, feed, body in self._for(query, ids):
                advisory = record_from_bytes(body, str(name), str(feed))
                known = found.get(name)
                if known is None or is_older(known.modified, advisory.modified):
                    found[name] = advisory
        return found

    def naming(self, ids: Iterable[str]) -> tuple[Advisory, ...]:
        """Return the records whose id, aliases or upstream hold one of the names."""
        query = (
            "SELECT DISTINCT r.id, r.name, f.name, r.body FROM named n "
            "JOIN record r ON r.id = n.record JOIN feed f ON f.id = r.feed WHERE n.name IN ({})"
        )
        with self._reading():
            rows = {row[0]: row for row in self._for(query, ids)}
            return tuple(
                record_from_bytes(body, str(name), str(feed))
                for _, (_, name, feed, body) in sorted(rows.items())
            )

    def affected(self, advisory: Advisory) -> tuple[Affected, ...]:
        """Return what the record says of packages, in its order."""
        query = (
            "SELECT e.name, a.name, a.body FROM record r JOIN feed f ON f.id = r.feed "
            "JOIN affected a ON a.record = r.id JOIN ecosystem e ON e.id = a.ecosystem "
            "WHERE r.name = ? AND f.name = ? ORDER BY a.part"
        )
        with self._reading():
            return tuple(
                affected_from_bytes(body, str(ecosystem), str(name))
                for ecosystem, name, body in self._all(query, (advisory.id, advisory.feed))
            )

    def kev(self, ids: Iterable[str]) -> dict[str, Kev]:
        """Return the rows of the catalogue of known exploited vulnerabilities, by CVE."""
        query = "SELECT name, added, due, ransomware FROM kev WHERE name IN ({})"
        with self._reading():
            return {
                name: Kev(
                    added=str(added),
                    due=None if due is None else str(due),
                    ransomware=None if ransomware is None else bool(ransomware),
                )
                for name, added, due, ransomware in self._for(query, ids)
            }

    def epss(self, ids: Iterable[str]) -> dict[str, Epss]:
        """Return the estimates of exploitation, by CVE."""
        query = "SELECT name, score, percentile, as_of FROM epss WHERE name IN ({})"
        with self._reading():
            return {
                name: Epss(score=float(score), percentile=float(percentile), as_of=str(as_of))
                for name, score, percentile, as_of in self._for(query, ids)
            }

    def support(self, system: str) -> tuple[Support, ...]:
        """Return what is known of the support of a system's releases; `system` is its id."""
        tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'support'"
        if self._all(tables)[0][0] == 0:
            return ()
        query = "SELECT system, release, ends, extended, ended FROM support WHERE system = ?"
        return tuple(
            Support(
                system=str(name),
                release=str(release),
                ends=ends,
                extended=extended,
                ended=None if ended is None else bool(ended),
            )
            for name, release, ends, extended, ended in self._all(query, (system,))
        )

    def ecosystems(self) -> frozenset[str]:
        """Return the ecosystems, with their release, that any record speaks of."""
        return frozenset(str(name) for (name,) in self._all("SELECT name FROM ecosystem"))

    def feeds(self) -> tuple[Feed, ...]:
        """Return the feeds, by name.

        A feed is as of its newest change, or as of when its server last said that this is all.
        """
        query = "SELECT name, records, as_of, checked FROM feed ORDER BY name"
        with self._reading():
            return tuple(
                Feed(name=str(name), records=int(records), as_of=_later(utc(as_of), utc(checked)))
                for name, records, as_of, checked in self._all(query)
            )

    def partial_feeds(self) -> frozenset[str]:
        """Return the feeds that are known to be incomplete, as those of the snapshot are."""
        return frozenset(str(name) for (name,) in self._all("SELECT name FROM feed WHERE partial"))

    def failures(self) -> dict[str, Failure]:
        """Return the feeds whose last update failed, with the reason."""
        query = "SELECT key, value FROM meta WHERE substr(key, 1, ?) = ? ORDER BY key"
        found = {
            str(key).removeprefix(KEY): from_text(str(value))
            for key, value in self._all(query, (len(KEY), KEY))
        }
        return {feed: one for feed, one in found.items() if one is not None}

    @property
    def built(self) -> str | None:
        """When the database was last written, RFC 3339 UTC."""
        rows = self._all("SELECT value FROM meta WHERE key = 'built'")
        return str(rows[0][0]) if rows else None

    @property
    def partial(self) -> bool:
        """True where any feed is known to be incomplete."""
        return bool(self.partial_feeds())


def _bounds(version: bytes | None) -> tuple[bytes, bytes]:
    """Return the lowest end and the highest beginning of spans that hold the version."""
    return (b"", b"\xff") if version is None else (after(version), version)


def _by_name(item: tuple[tuple[int, int], Candidate]) -> tuple[str, str, tuple[int, int]]:
    return item[1].advisory, item[1].feed, item[0]


def _is_unicode(text: str) -> bool:
    """Tell of a name whether a record can have it: those of files may be no UTF-8."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _later(one: str | None, other: str | None) -> str | None:
    return other if is_older(one, other) else one


def _finish(uri: str, path: Path) -> None:
    """Take back what a killed writer left half written, which who only reads is not allowed to."""
    with contextlib.closing(sqlite3.connect(uri, uri=True)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
                return  # whoever reads says what is wrong
        except (sqlite3.Error, UnicodeDecodeError):
            return
        else:
            return
    with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
