"""One cache under many scans, damage, a full disk and killed processes: always the same bytes."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from hostile.scanning import finished, scanned, started

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a scan without a cache prints."""
    done = scanned(SHOP, tmp_path_factory.mktemp("first"), "--no-cache")
    assert (done.code, done.err) == (0, "")
    assert len(done.packages) > 10
    return done.out


def entries(cache: Path) -> list[Path]:
    return sorted(file for file in cache.rglob("*") if file.is_file())


def test_cold_scans_at_once_over_one_cache(expected: bytes, tmp_path: Path) -> None:
    cache = tmp_path / "shared"
    folders = [tmp_path / str(number) for number in range(3)]
    for folder in folders:
        folder.mkdir()
    processes = [started(SHOP, folder, "--cache", str(cache)) for folder in folders]

    done = [finished(one, folder) for one, folder in zip(processes, folders, strict=True)]

    assert [one.err for one in done] == [""] * 3
    assert [one.out for one in done] == [expected] * 3
    assert entries(cache)
    assert not [file for file in entries(cache) if "tmp" in file.name]
    for _ in range(3):  # of threads that read the cache at once
        assert scanned(SHOP, tmp_path, "--cache", str(cache)).out == expected


def _in_place_of(file: Path) -> None:
    file.unlink()
    file.mkdir()


def _a_link_to_nothing(file: Path) -> None:
    file.unlink()
    file.symlink_to("/nowhere")


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-20]),
    "one bit": lambda file: file.write_bytes(_flipped(file.read_bytes(), 40)),
    "its sum": lambda file: file.write_bytes(_flipped(file.read_bytes(), 3)),
    "noise": lambda file: file.write_bytes(os.urandom(3000)),
    "of another layer": lambda file: shutil.copyfile(max(entries(file.parents[1])), file),
    "a folder": _in_place_of,
    "a link to nothing": _a_link_to_nothing,
}


def _flipped(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache that holds the image."""
    folder = tmp_path_factory.mktemp("filled")
    scanned(SHOP, folder)
    assert len(entries(folder / "cache")) > 1
    return folder / "cache"


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_entry_is_read_anew(
    damage: Callable[[Path], object], expected: bytes, filled: Path, tmp_path: Path
) -> None:
    shutil.copytree(filled, tmp_path / "cache")
    for file in entries(tmp_path / "cache"):
        if file != max(entries(tmp_path / "cache")):
            damage(file)

    done = scanned(SHOP, tmp_path)

    assert (done.code, done.err) == (0, "")
    assert done.out == expected


def test_a_file_in_place_of_the_cache_hurts_nobody(expected: bytes, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("no folder")

    assert scanned(SHOP, tmp_path).out == expected


def _on_a_disk_of(size: str, folder: Path) -> tuple[str, ...]:
    """Return a command that mounts so small a disk at the folder, for one process alone."""
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    folder.mkdir(exist_ok=True)
    script = f'mount -t tmpfs -o size={size} small "{folder}" || exit 77; exec "$@"'
    return "unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script, "sh"


@pytest.mark.parametrize("size", ["4k", "16k", "64k"])
def test_a_full_disk_below_the_cache_changes_nothing(
    size: str, expected: bytes, tmp_path: Path
) -> None:
    done = scanned(SHOP, tmp_path, within=_on_a_disk_of(size, tmp_path / "cache"))
    if done.code == 77 or done.err.startswith("unshare:"):
        pytest.skip("no disk of a given size can be mounted here")

    assert (done.code, done.err) == (0, "")
    assert done.out == expected


def test_an_output_on_a_full_disk_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    *mounting, script, name = _on_a_disk_of("4k", disk)
    script = script.replace('exec "$@"', f'"$@"; code=$?; ls -A "{disk}" >&2; exit $code')
    within = (*mounting, script, name)

    done = scanned(SHOP, tmp_path, "--output", str(disk / "result.json"), within=within)
    if done.code == 77 or done.err.startswith("unshare:"):
        pytest.skip("no disk of a given size can be mounted here")

    assert done.code != 0
    assert done.err.startswith("lading: ")
    assert done.err.count("\n") == 1  # and nothing is left on the disk


@pytest.mark.slow
def test_a_killed_scan_leaves_a_cache_that_others_can_use(expected: bytes, tmp_path: Path) -> None:
    for number in range(8):
        process = started(SHOP, tmp_path)
        try:
            process.wait(0.1 + number * 0.08)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    assert scanned(SHOP, tmp_path).out == expected
