"""The cache helps or stays silent: it never hurts."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lading.cache import Cache


def entries(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_gives_back_what_was_put(tmp_path: Path) -> None:
    cache = Cache(tmp_path)

    assert cache.get("a key") is None
    assert cache.put("a key", b"content")
    assert cache.get("a key") == b"content"
    assert cache.get("another key") is None


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: b"", id="empty"),
        pytest.param(lambda data: data[:20], id="shorter than its checksum"),
        pytest.param(lambda data: data[:-3], id="cut"),
        pytest.param(lambda data: bytes(32) + data[32:], id="another checksum"),
        pytest.param(lambda data: data[:40] + b"\xff" + data[41:], id="one byte changed"),
    ],
)
def test_a_damaged_entry_counts_as_absent_and_can_be_put_again(tmp_path: Path, damage) -> None:  # type: ignore[no-untyped-def]  # a lambda of the table
    cache = Cache(tmp_path)
    cache.put("key", b"content" * 100)
    (entry,) = entries(tmp_path)
    entry.write_bytes(damage(entry.read_bytes()))

    assert cache.get("key") is None
    assert cache.put("key", b"content" * 100)
    assert cache.get("key") == b"content" * 100


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    cache = Cache(blocked)

    assert not cache.put("key", b"content")
    assert cache.get("key") is None


def test_the_least_recently_used_go_when_the_bound_is_passed(tmp_path: Path) -> None:
    cache = Cache(tmp_path, bound=40_000)
    for number in range(6):
        cache.put(f"key {number}", os.urandom(10_000))
        for path in entries(tmp_path):
            status = path.stat()
            os.utime(path, (status.st_atime, status.st_mtime - 10))

    assert cache.get("key 0") is None
    assert cache.get("key 5") is not None
    assert sum(path.stat().st_size for path in entries(tmp_path)) <= 40_000


def test_many_writers_of_one_key_leave_one_whole_entry(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    content = os.urandom(200_000)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: cache.put("key", content), range(40)))

    assert len(entries(tmp_path)) == 1
    assert cache.get("key") == content
