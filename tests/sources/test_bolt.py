"""Bolt databases, whole, damaged, and written to while they are read."""

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bolts import PAGE, Table, a_bolt
from builders import damaged
from lading.errors import ImageError
from lading.sources.bolt import Bucket, read

TABLE: Table = {
    b"a": b"1",
    b"empty": {},
    b"inner": {b"x": b"y", b"z": {b"deep": b"down"}},
    b"large": b"L" * 3 * PAGE,
    **{b"k%03d" % number: b"v" for number in range(100)},
}


def tree(bucket: Bucket) -> dict[bytes, Any]:
    return {
        key: tree(value) if isinstance(value, Bucket) else value for key, value in bucket.items()
    }


def written(folder: Path, data: bytes) -> Path:
    file = folder / "meta.db"
    file.write_bytes(data)
    return file


@pytest.mark.parametrize("leaf", [1000, 7])
@pytest.mark.parametrize("inline", [True, False])
def test_what_was_written_is_read(tmp_path: Path, leaf: int, inline: bool) -> None:
    file = written(tmp_path, a_bolt(TABLE, leaf=leaf, inline=inline))

    assert read(file, tree) == TABLE


def test_a_bucket_is_found_down_its_path(tmp_path: Path) -> None:
    file = written(tmp_path, a_bolt(TABLE))

    def down(top: Bucket) -> object:
        inner = top.bucket(b"inner", b"z")
        return inner.get(b"deep") if inner is not None else None

    assert read(file, down) == b"down"
    assert read(file, lambda top: top.bucket(b"inner", b"x")) is None
    assert read(file, lambda top: top.bucket(b"nowhere", b"x")) is None


def test_the_older_state_is_read_when_the_newer_was_not_written_whole(tmp_path: Path) -> None:
    data = bytearray(a_bolt(TABLE))
    data[PAGE + 60] ^= 1

    assert read(written(tmp_path, bytes(data)), tree) == TABLE


def test_a_change_in_the_midst_starts_the_reading_again(tmp_path: Path) -> None:
    file = written(tmp_path, a_bolt({b"a": b"old"}))
    asked = []

    def change_once(top: Bucket) -> dict[bytes, Any]:
        asked.append(1)
        found = tree(top)
        if len(asked) == 1:
            file.write_bytes(a_bolt({b"a": b"new"}, transaction=8))
        return found

    assert read(file, change_once) == {b"a": b"new"}


def test_a_database_that_never_rests_is_an_error(tmp_path: Path) -> None:
    file = written(tmp_path, a_bolt(TABLE))
    transactions = iter(range(8, 100))

    def change(top: Bucket) -> None:
        file.write_bytes(a_bolt(TABLE, transaction=next(transactions)))

    with pytest.raises(ImageError, match="changes faster than it can be read"):
        read(file, change)


@pytest.mark.parametrize("data", [b"", b"x" * 10_000, bytes(PAGE * 4), b"\x1f\x8b" * 3000])
def test_what_is_no_database_is_an_error(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(ImageError, match="no Bolt database"):
        read(written(tmp_path, data), tree)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="No such file"):
        read(tmp_path / "none.db", tree)


def test_a_damaged_database_is_read_or_refused(tmp_path: Path) -> None:
    good = a_bolt(TABLE, leaf=7)
    head = good[: 2 * PAGE]

    for data in damaged(good[2 * PAGE :], times=100):
        with suppress(ImageError):
            read(written(tmp_path, head + data), tree)


def test_pages_that_lead_to_themselves_end(tmp_path: Path) -> None:
    data = bytearray(a_bolt({b"k%d" % n: b"" for n in range(9)}, leaf=3))
    branch = len(data) - PAGE
    for index in range(3):
        at = branch + 16 + index * 16 + 8
        data[at : at + 8] = (branch // PAGE).to_bytes(8, "little")

    with pytest.raises(ImageError, match="nested too deep"):
        read(written(tmp_path, bytes(data)), tree)
