"""Images made to harm their reader: each ends in a result or one clear line.

Every scan runs in a process of its own under `MEMORY`; nothing hangs, nothing is written outside
the cache, and what is sound beside the harm is still found.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.bombs import (
    MIB,
    a_good_layer,
    a_zip_that_holds_itself,
    an_image,
    crowded,
    deep_json,
    gzip_bomb,
    nested_jars,
    overlapping_zip,
    status_of,
    zstd_bomb,
)
from hostile.scanning import Scanned, scanned, written
from image.layouts import sha256
from image.tars import END, a_block, a_file, pax

MEMORY = 512  # MiB
GOOD = "p0 0"


def scan(target: str | Path, folder: Path, *options: str) -> Scanned:
    """Scan, and hold the scan to what every scan must keep."""
    before = written(folder)
    done = scanned(target, folder, *options)
    assert "Traceback" not in done.err
    assert done.code in (0, 3), done.err
    assert done.code == 0 or done.err.count("\n") == 1
    assert done.peak < MEMORY
    assert written(folder) == before
    return done


def beside(folder: Path, *blobs: bytes) -> str:
    """An image of a sound layer and these."""
    good = a_good_layer()
    return an_image(folder / "image", good, *blobs)


@pytest.mark.slow
@pytest.mark.parametrize("bomb", [gzip_bomb, zstd_bomb])
def test_ten_gigabytes_in_ten_megabytes(bomb: Callable[[int], bytes], tmp_path: Path) -> None:
    blob = bomb(10)
    good = a_good_layer()
    target = an_image(tmp_path / "image", good, blob, diff_ids=(sha256(good), sha256(b"")))

    done = scan(target, tmp_path)

    assert len(blob) < 13 * MIB
    assert done.packages == [GOOD]
    assert any("times as large" in one or "unpack" in one for one in done.reasons), done.reasons


@pytest.mark.slow
def test_a_directory_of_a_million_entries(tmp_path: Path) -> None:
    blob, diff_id = crowded(1_000_000)
    good = a_good_layer()
    target = an_image(tmp_path / "image", good, blob, diff_ids=(sha256(good), diff_id))

    done = scan(target, tmp_path)

    assert done.result["coverage"]["files"] == 1_000_002
    assert done.packages == [GOOD]


JARS: dict[str, Callable[[], bytes]] = {
    "jars in jars in jars": lambda: nested_jars(9, 9),
    "a hundred levels": lambda: nested_jars(100, 1),
    "entries that share their bytes": lambda: overlapping_zip(20_000, 4 * MIB),
    "a zip that holds itself": a_zip_that_holds_itself,
}


@pytest.mark.parametrize("jar", JARS.values(), ids=JARS.keys())
def test_archives_within_archives(jar: Callable[[], bytes], tmp_path: Path) -> None:
    done = scan(beside(tmp_path, a_file(b"app/bomb.jar", jar()) + END), tmp_path)

    assert GOOD in done.packages
    assert done.seconds < 20


HARMFUL: dict[str, bytes] = {
    "links in a circle": a_file(b"a", b"", b"2", b"b")
    + a_file(b"b", b"", b"2", b"a")
    + a_file(b"a/x", b"1")
    + a_file(b"etc/os-release", b"", b"2", b"../etc/os-release"),
    "hard links in a circle": a_file(b"a", b"", b"1", b"b") + a_file(b"b", b"", b"1", b"a"),
    "names of 64 kB": pax(path="n" * 65536) + a_file(b"x", b"1"),
    "paths of 64 kB": pax(path="n/" * 32768) + a_file(b"x", b"1"),
    "a link of 64 kB": pax(linkpath="../" * 21845) + a_file(b"x", b"", b"2"),
    "many deep links": b"".join(
        a_file(b"l%d" % n, b"", b"2", b"l%d/l%d" % (n - 1, n - 1)) for n in range(1, 200)
    )
    + a_file(b"l199/f", b"1"),
    "a document of a million braces": a_file(b"app/package.json", deep_json(1_000_000))
    + a_file(b"app/package-lock.json", deep_json(200_000))
    + a_file(b"app/composer.lock", b"[" * 2_000_000),
    "a sparse file of zeros": pax(
        GNU_sparse_map="0,0", GNU_sparse_size=str(400 * MIB), GNU_sparse_numblocks="1"
    )
    + a_file(b"app/package.json", b""),
    "devices and pipes": a_file(b"etc/passwd", b"", b"3")
    + a_file(b"app/package.json", b"", b"6")
    + a_file(b"lib/apk/db/installed", b"", b"4"),
}


@pytest.mark.parametrize("layer", HARMFUL.values(), ids=HARMFUL.keys())
def test_harmful_entries_leave_the_rest_readable(layer: bytes, tmp_path: Path) -> None:
    done = scan(
        beside(tmp_path, layer + a_file(b"app/x-1.0.dist-info/METADATA", PYTHON) + END), tmp_path
    )

    assert done.packages == [GOOD, "x 1.0"]
    assert done.seconds < 15


PYTHON = b"Metadata-Version: 2.1\nName: x\nVersion: 1.0\n"


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(b"\xff" * 12, id="negative"),
        pytest.param(b"\x80" + b"\xff" * 11, id="huge"),
        pytest.param(b"77777777777\0", id="8 GiB that are not there"),
    ],
)
def test_sizes_that_cannot_be_end_the_scan_in_one_line(size: bytes, tmp_path: Path) -> None:
    done = scan(beside(tmp_path, a_block(b"f", b"0", size) + bytes(2048)), tmp_path)

    assert done.code == 3
    assert "layer 1" in done.err


def test_links_lead_to_nothing_outside_the_image(tmp_path: Path) -> None:
    secret = tmp_path / "outside"
    secret.mkdir()
    (secret / "status").write_bytes(status_of(3))
    up = b"../" * 30
    there = str(secret).encode()
    layer = (
        a_file(b"var/lib/dpkg", b"", b"2", up + there[1:])
        + a_file(b"lib/apk", b"", b"2", there)
        + a_file(b"usr/lib/opkg/status", b"", b"2", there + b"/status")
        + a_file(b"hard", b"", b"1", up + there[1:] + b"/status")
    )

    done = scan(an_image(tmp_path / "image", layer + END), tmp_path)

    assert done.packages == []
    assert (secret / "status").read_bytes() == status_of(3)
    assert [file.name for file in secret.iterdir()] == ["status"]


def test_entries_that_climb_write_nothing(tmp_path: Path) -> None:
    names = (
        b"../../escaped",
        b"/escaped",
        str(tmp_path / "escaped").encode(),
        b"a/../../../escaped",
    )
    layer = b"".join(a_file(name, b"x") for name in names)
    link = a_file(b"l", b"", b"2", str(tmp_path).encode()) + a_file(b"l/escaped", b"x")

    scan(beside(tmp_path, layer + link + END), tmp_path)

    assert not [*tmp_path.rglob("escaped*")]


@pytest.mark.slow
def test_a_large_database_is_read_in_a_bounded_memory(tmp_path: Path) -> None:
    done = scan(beside(tmp_path, a_file(b"var/lib/dpkg/status", status_of(20_000)) + END), tmp_path)

    assert len(done.packages) == 20_000


def test_a_folder_of_pipes_and_links_is_scanned_without_opening_them(tmp_path: Path) -> None:
    import os

    root = tmp_path / "root"
    (root / "var/lib/dpkg").mkdir(parents=True)
    (root / "app").mkdir()
    (root / "etc").mkdir()
    os.mkfifo(root / "var/lib/dpkg/status")
    os.mkfifo(root / "app/package.json")
    (root / "etc/os-release").symlink_to("/proc/self/mem")
    (root / "app/loop").symlink_to(".")
    (root / "app/package-lock.json").symlink_to("/dev/zero")

    done = scan(f"dir:{root}", tmp_path)

    assert done.packages == []
