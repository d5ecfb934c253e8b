"""A user's own advisories into the database, as a feed that no update touches.

Files are in any format that has one advisory a document: TOML, OSV, CSAF. A file that cannot be
understood is an error, not a remark: somebody meant it.
"""

from collections.abc import Iterable
from pathlib import Path

from lading.advisories.format import Extent, Parsed
from lading.advisories.recognising import recognised
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, InvalidRecord
from lading.model.advisory import OWN, Advisory


def add_own(files: Iterable[Path], writer: Writer, now: str) -> tuple[Advisory, ...]:
    """Put the advisories of the files, each in place of one of its id; all of them or none.

    Return them. `now` (RFC 3339 UTC) dates those without a date. AdvisoryError for a file that is
    not there, damaged, of no such format, older than what is there, or that has a part that cannot
    be read.
    """
    added: list[Advisory] = []
    with writer.transaction():
        for file in files:
            for advisory in _read(file, now):
                if not writer.put(OWN, (advisory,)):
                    raise AdvisoryError(
                        f"{file}: {advisory.id} is there, changed after {advisory.modified}; date "
                        "it anew"
                    )
                added.append(advisory)
        writer.mark_whole(OWN)
    return tuple(added)


def _read(file: Path, now: str) -> tuple[Advisory, ...]:
    if not file.is_file():
        raise AdvisoryError(f"{file}: no such file")
    try:
        parsed = _parsed(file, now)
    except InvalidRecord as error:
        raise AdvisoryError(f"{file}: {error}") from error
    if parsed.rejected:
        where, reason = parsed.rejected[0]
        raise AdvisoryError(f"{file}: {where}: {reason}")
    return parsed.advisories


def _parsed(file: Path, now: str) -> Parsed:
    found = recognised(file)
    if isinstance(found, str) or found[0].extent is not Extent.RECORD:
        raise InvalidRecord("no advisory: neither TOML with a table [advisory], OSV nor CSAF")
    format, data = found
    return format.parse(data, OWN, now)
