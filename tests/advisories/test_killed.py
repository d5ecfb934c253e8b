"""A process that is killed while it writes leaves the database as it was before or after."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

import pytest

from builders import a_zip
from feed_server import Answer, Served, serving
from lading.advisories.content import state_of_all, states
from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer

_KILLED = """
import os, signal, sys
from pathlib import Path
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer

def progress(file):
    if "second" in file:
        os.kill(os.getpid(), signal.SIGKILL)

with Writer(Path(sys.argv[1])) as writer:
    import_paths([Path(one) for one in sys.argv[2:]], writer, progress)
"""


def an_archive(path: Path, *ids: str) -> Path:
    """Records of some size: the transaction is well under way."""
    path.parent.mkdir()
    package = {"ecosystem": "PyPI", "name": "thing"}
    affected = [{"package": package, "versions": [f"1.{n}" for n in range(3000)]}]
    members = {
        f"{id}.json": json.dumps({"id": id, "modified": None, "affected": affected}).encode()
        for id in ids
    }
    path.write_bytes(a_zip(members))
    return path


def test_a_killed_import_is_no_import(tmp_path: Path) -> None:
    path = tmp_path / "advisories.db"
    with Writer(path) as writer:
        import_paths([an_archive(tmp_path / "before" / "all.zip", "PYSEC-1")], writer)
    files = [
        an_archive(tmp_path / name / "all.zip", *(f"PYSEC-{name}-{n}" for n in range(50)))
        for name in ("first", "second")
    ]

    arguments = [sys.executable, "-c", _KILLED, str(path), *map(str, files)]
    killed = subprocess.run(arguments, check=False, capture_output=True, timeout=50)

    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with Database.open(path) as database:
        assert [(feed.name, feed.records) for feed in database.feeds()] == [("osv/PyPI", 1)]

    with Writer(path) as writer:
        report = import_paths(files, writer)
    assert report.records == 100
    assert [one.name for one in tmp_path.glob("advisories.db*")] == ["advisories.db"]


def test_what_a_killed_writer_left_half_written_is_taken_back_by_who_reads(tmp_path: Path) -> None:
    path, left = tmp_path / "advisories.db", tmp_path / "left" / "advisories.db"
    left.parent.mkdir()
    with Writer(path) as writer:
        import_paths([an_archive(tmp_path / "before" / "all.zip", "PYSEC-1")], writer)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA cache_size = 1")  # pages, so that changes go to the file at once
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("UPDATE record SET body = zeroblob(100000)")
    connection.execute("UPDATE meta SET value = 'half'")
    for name in (path.name, f"{path.name}-journal"):
        shutil.copy(tmp_path / name, left.parent / name)
    connection.close()

    with Database.open(left) as database:
        assert set(database.advisories(["PYSEC-1"])) == {"PYSEC-1"}
    assert [one.name for one in left.parent.iterdir()] == [left.name]


_UPDATE = """
import os, sys
from pathlib import Path
from lading.advisories import delta, importing
from lading.advisories.listing import ChangeList
from lading.advisories.sources import Source
from lading.advisories.sources.osv import OSV
from lading.advisories.update import refresh
from lading.advisories.writer import Writer
from lading.net import http_fetch

def update(path, url):
    changes = ChangeList(url=f"{url}/PyPI/modified_id.csv")
    source = Source(name="osv/PyPI", url=f"{url}/PyPI/all.zip", format=OSV, changes=changes)
    with Writer(Path(path)) as writer:
        fetch = http_fetch(largest=1 << 30)
        (outcome,) = refresh([source], writer, fetch, "2026-11-24T00:00:00Z")
    return outcome.error is not None

for line in iter(sys.stdin.readline, ""):  # each update is a process, made ready before
    child = os.fork()
    if not child:
        os._exit(update(*line.split()))
    print(child, flush=True)
    sys.stdin.readline()  # until then its number is not given to another process
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
_TIMES = 50


def a_record(number: int, state: int) -> bytes:
    """A record of some size that every state has, and changes."""
    package = {"ecosystem": "PyPI", "name": f"thing-{number % 7}"}
    versions = [f"{state}.{n}" for n in range(300)]
    affected = [{"package": package, "versions": versions}]
    modified = f"2026-01-01T00:{state // 60:02}:{state % 60:02}Z"
    return json.dumps(
        {"id": f"PYSEC-{number}", "modified": modified, "affected": affected}
    ).encode()


def answers(state: int) -> dict[str, Answer | list[Answer]]:
    """The feed in a state: every other is told by its list, the others by the whole alone."""
    records = {f"PYSEC-{n}": a_record(n, state) for n in range(30)}
    tag = {"ETag": f'"{state}"'}
    served: dict[str, Answer | list[Answer]] = {
        "/PyPI/all.zip": Answer(
            body=a_zip({f"{id}.json": data for id, data in records.items()}), headers=tag
        )
    }
    if state % 2:
        times = {id: json.loads(data)["modified"] for id, data in records.items()}
        rows = "".join(f"{time},{id}\n" for id, time in times.items())
        served["/PyPI/modified_id.csv"] = Answer(body=rows.encode(), headers=tag)
        served |= {f"/PyPI/{id}.json": Answer(body=data) for id, data in records.items()}
    return served


class Updates:
    """A process that makes processes that update, and says how they ended."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _UPDATE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, path: Path, served: Served) -> int:
        """Begin one; return the number of its process."""
        return self._told(f"{path} {served.url}")

    def end(self) -> int:
        """Wait for it; return its exit code."""
        return self._told("")

    def run(self, path: Path, served: Served) -> int:
        self.start(path, served)
        return self.end()

    def _told(self, line: str) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def state(path: Path) -> str:
    """What the database says, opened as a scan opens it, and then as the next writer does."""
    with Database.open(path) as database:
        assert [feed.name for feed in database.feeds()] == ["osv/PyPI"]
    with Writer(path) as writer:
        (answer,) = writer.connection.execute("PRAGMA integrity_check").fetchone()
        assert answer == "ok"
        return state_of_all(states(writer.connection))


@pytest.mark.slow
def test_an_update_that_is_killed_at_any_moment_is_whole_or_none(tmp_path: Path) -> None:
    path, chance = tmp_path / "advisories.db", random.Random(6)
    with serving(answers(0)) as served, Updates() as updates:
        assert updates.run(path, served) == 0
        began = time.monotonic()
        assert updates.run(tmp_path / "another.db", served) == 0
        usual = time.monotonic() - began
        before, killed = state(path), 0
        for number in range(1, _TIMES + 1):
            served.answers.clear()
            served.answers.update(answers(number))
            process = updates.start(path, served)
            time.sleep(chance.random() * usual)
            os.kill(process, signal.SIGKILL)
            killed += updates.end() == -signal.SIGKILL
            found = state(path)
            assert updates.run(path, served) == 0, "the next update finishes"
            after = state(path)
            assert found in (before, after)
            before = after
        assert updates.run(tmp_path / "fresh.db", served) == 0

    assert before == state(tmp_path / "fresh.db")
    assert killed > _TIMES / 5


_SCAN = """
import sys
from pathlib import Path
from lading.advisories.database import Database
from lading.model.coordinate import Coordinate

for _ in range(60):
    with Database.open(Path(sys.argv[1])) as database:
        database.feeds(), database.failures()
        place = Coordinate("PyPI", "thing-1")
        found = database.candidates([place])[place]
        states = {one.affected.versions[0] for one in found}
        assert len(states) == 1, f"half of an update: {states}"
"""


@pytest.mark.slow
def test_two_updates_and_four_scans_at_once_do_not_mind_each_other(tmp_path: Path) -> None:
    path = tmp_path / "advisories.db"
    with serving(answers(0)) as served, Updates() as one, Updates() as other:
        assert one.run(path, served) == 0
        scans = [
            subprocess.Popen(
                [sys.executable, "-c", _SCAN, str(path)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
            for _ in range(4)
        ]
        for number in range(1, 5):
            served.answers.clear()
            served.answers.update(answers(number))
            for updates in (one, other):
                updates.start(path, served)
            assert [one.end(), other.end()] == [0, 0]
        said = [scan.communicate(timeout=50)[1] for scan in scans]

    assert [scan.returncode for scan in scans] == [0] * 4, b"".join(said).decode()
    assert [one.name for one in tmp_path.glob("advisories.db*")] == ["advisories.db"]
