"""A pytest plugin: what tests hand to the readers, kept as seeds for `scripts/fuzz`.

`pytest -p fuzzing.harvest tests/catalog tests/advisories` with FUZZ_SEEDS=<folder> writes one file
an input; at most a few of one test, since tests of damage hand over hundreds.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fuzzing.corpus import Input, save
from lading.advisories.format import Format, Parsed
from lading.advisories.sources import FORMATS
from lading.catalog import ARCHIVE_CATALOGERS, CATALOGERS
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.model.package import Fact

_OF_ONE_TEST = 4
_LARGEST = 128 << 10  # bytes: larger ones are mutated too seldom


class _Keeper:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count: Counter[tuple[str, str]] = Counter()

    def keep(self, subject: str, path: str, data: bytes) -> None:
        test = os.environ.get("PYTEST_CURRENT_TEST", "").partition(" ")[0]
        self._count[subject, test] += 1
        if self._count[subject, test] <= _OF_ONE_TEST and len(data) <= _LARGEST:
            save(self._folder, subject, Input(path, data))

    def cataloger(self, cataloger: Cataloger) -> Callable[[ImageFile], Iterator[Fact]]:
        read = cataloger.read

        def kept(file: ImageFile) -> Iterator[Fact]:
            self.keep(f"catalog.{cataloger.name}", file.path, bytes(file.data))
            return read(file)

        return kept

    def format(self, format: Format) -> Callable[[bytes, str | None, str | None], Parsed]:
        parse = format.parse

        def kept(data: bytes, feed: str | None, as_of: str | None) -> Parsed:
            self.keep(f"advisories.{format.name}", feed or "", bytes(data))
            return parse(data, feed, as_of)

        return kept


def pytest_configure(config: Any) -> None:
    keeper = _Keeper(Path(os.environ["FUZZ_SEEDS"]))
    for cataloger in (*CATALOGERS, *ARCHIVE_CATALOGERS):
        object.__setattr__(cataloger, "read", keeper.cataloger(cataloger))
    for format in FORMATS:
        object.__setattr__(format, "parse", keeper.format(format))
