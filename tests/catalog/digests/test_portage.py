"""Damage in Portage's lists; which digests are compared is in the ledger's tests."""

import time

import pytest

from builders import damaged
from catalog.digests.kept import files, kept
from lading.catalog.digests.portage import PORTAGE_DIGESTS

PATH = "/var/db/pkg/app-misc/thing-1.0/CONTENTS"
SUM = "0123456789abcdef0123456789abcdef"
CONTENTS = f"dir /usr\nobj /usr/a b {SUM} 17\nsym /usr/l -> a -> b 17\nfif /run/pipe\n"


def test_files_and_targets_of_links_are_kept() -> None:
    assert files(PORTAGE_DIGESTS, PATH, CONTENTS.encode()) == {
        "/usr/a b": f"md5:{SUM}",
        "/usr/l": "link:a -> b",
    }


def test_a_folder_that_names_no_version_is_a_problem() -> None:
    found, error = kept(PORTAGE_DIGESTS, "/var/db/pkg/app-misc/thing/CONTENTS", b"")

    assert found == []
    assert "names no package" in error


@pytest.mark.parametrize("line", ["obj /" + " a" * 100_000, "sym /" + " -> " * 100_000])
def test_long_lines_take_no_long_time(line: str) -> None:
    started = time.process_time()

    kept(PORTAGE_DIGESTS, PATH, line.encode())

    assert time.process_time() - started < 2


def test_damage_raises_nothing_else() -> None:
    for broken in damaged(CONTENTS.encode()):
        kept(PORTAGE_DIGESTS, PATH, broken)
