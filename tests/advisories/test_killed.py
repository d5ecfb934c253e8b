"""A process that is killed while it imports leaves the database as it was."""

import json
import signal
import subprocess
import sys
from pathlib import Path

from builders import a_zip
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
