"""Feeds to a queryable database.

`sources` reads formats, `importing` finds feeds on disk, `writer` and `database` keep and answer,
`bundled` is the snapshot that comes with Lading.
"""

from pathlib import Path

from lading.advisories.bundled import open_bundled
from lading.advisories.database import Database

FILE = "advisories.db"


def open_database(explicit: Path | None, *, data_dir: Path, cache_dir: Path) -> Database:
    """Open the file asked for, else the user's database, else the bundled snapshot."""
    if explicit is not None:
        return Database.open(explicit)
    own = data_dir / FILE
    return Database.open(own) if own.is_file() else open_bundled(cache_dir)
