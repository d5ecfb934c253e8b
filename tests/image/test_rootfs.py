"""A directory as a root file system: one file system, nothing opened but regular files."""

import os
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from image.opening import LISTED, inventoried, opened, packages
from image.tars import Collector, flat, kinds, links, paths, reasons
from lading.catalog.reading import Reading
from lading.catalog.selection import Selection
from lading.errors import ImageError
from lading.image.entry import Entry, LayerFiles
from lading.image.limits import Limits
from lading.image.rootfs import DirectoryTree, open_directory
from lading.image.tar import Kind


def walked(
    root: Path, visitor: Collector | None = None, limits: Limits | None = None
) -> LayerFiles:
    tree = DirectoryTree(root, root.stat().st_dev, limits or Limits())
    return tree.read(visitor or Collector())


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root/etc").mkdir(parents=True)
    (tmp_path / "root/etc/packages").write_text("base 1\n")
    return tmp_path / "root"


@pytest.fixture(autouse=True)
def _usual_permissions() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, where the tests run as root."""
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)


def test_a_directory_has_packages_without_a_layer(root: Path) -> None:
    assert packages(root) == {"base 1": None}
    assert packages(f"dir:{root}") == {"base 1": None}
    found = opened(root)
    assert (found.is_layered, found.image.layers, found.image.digest) == (False, (), None)


def test_everything_is_listed_in_order(root: Path) -> None:
    (root / "bin").mkdir()
    (root / "bin/sh").write_bytes(b"#!/bin/true\n")
    (root / "bin/sh").chmod(0o755)
    (root / "bin/lib.so").write_bytes(b"\x7fELF....")
    (root / "etc/link").symlink_to("/outside/target")

    files = walked(root, Collector("/etc/packages"))

    assert flat(files) == [
        Entry("/bin", Kind.DIRECTORY, 0o755),
        Entry("/etc", Kind.DIRECTORY, 0o755),
        Entry("/etc/link", Kind.SYMLINK, 0o777, 0, "/outside/target"),
        Entry("/etc/packages", Kind.FILE, 0o644, 7, "", None, 0),
        Entry("/bin/lib.so", Kind.FILE, 0o644, 8, "", "elf"),
        Entry("/bin/sh", Kind.FILE, 0o755, 12),
    ]
    assert links(files) == {"/etc/link": "/outside/target"}
    assert files.problems == []


def test_two_walks_give_the_same_order(root: Path) -> None:
    for number in range(50):
        (root / f"f{number * 37 % 50}").touch()

    assert walked(root).entries == walked(root).entries


def test_special_files_are_listed_and_never_opened(root: Path) -> None:
    os.mkfifo(root / "etc/packages.list")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(str(root / "etc/sock.list"))
    sock.close()

    files = walked(root, Collector("*"))

    assert kinds(files)["/etc/packages.list"] is Kind.FIFO
    assert kinds(files)["/etc/sock.list"] is Kind.FIFO
    assert files.problems == []
    assert packages(root) == {"base 1": None}


def test_devices_are_listed_and_never_opened(root: Path) -> None:
    try:
        os.mknod(root / "zero.list", 0o20666, os.makedev(1, 5))
    except PermissionError:
        pytest.skip("making a device needs root")

    assert kinds(walked(root, Collector("*")))["/zero.list"] is Kind.DEVICE
    assert packages(root) == {"base 1": None}


def test_links_are_not_followed_out(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (outside / "secret.list").write_text("secret 1\n")
    (root / "link").symlink_to(outside)
    (root / "secret.list").symlink_to(outside / "secret.list")
    (root / "loop").symlink_to(".")

    assert packages(root) == {"base 1": None}
    assert kinds(walked(root))["/loop"] is Kind.SYMLINK


def test_hard_links_are_read_once_unless_their_name_is_wanted(root: Path) -> None:
    (root / "data").write_text("linked 2\n")
    (root / "etc/other").hardlink_to(root / "data")
    (root / "srv").mkdir()
    (root / "srv/wanted.list").hardlink_to(root / "data")

    files = walked(root)
    found = inventoried(root)

    assert links(files)["/etc/other"] == "/data"
    assert [(one.name, one.paths) for one in found.packages] == [
        ("base", ("/etc/packages",)),
        ("linked", ("/srv/wanted.list",)),
    ]
    assert found.problems == ()


def test_a_wanted_name_of_a_hard_link_is_read_whichever_comes_first(root: Path) -> None:
    (root / "a.list").write_text("linked 2\n")
    (root / "b").hardlink_to(root / "a.list")

    assert packages(root) == {"base 1": None, "linked 2": None}
    assert links(walked(root)) == {"/b": "/a.list"}


def test_another_file_system_is_not_entered_and_named(root: Path) -> None:
    mounted = root / "mnt/disk"
    mounted.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "none", str(mounted)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("mounting is not permitted")
    try:
        (mounted / "there.list").write_text("there 1\n")
        found = inventoried(root)
        files = walked(root)
    finally:
        subprocess.run(["umount", str(mounted)], check=True)

    assert [one.name for one in found.packages] == ["base"]
    assert found.notes == ("other file systems were not entered: /mnt/disk",)
    assert files.other_file_systems == ["/mnt/disk"]


def test_a_directory_on_another_device_is_not_entered(root: Path) -> None:
    tree = DirectoryTree(root, device=-1, limits=Limits())

    files = tree.read(Collector("*"))

    assert paths(files) == ["/etc"]
    assert files.other_file_systems == ["/etc"]


def test_what_may_not_be_read_is_a_problem_and_the_rest_is_read() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "secret").mkdir(mode=0)
        (folder / "open.list").write_text("base 1\n")
        (folder / "closed.list").write_text("hidden 1\n")
        (folder / "closed.list").chmod(0)
        visitor = Collector("*")
        with as_nobody():
            files = walked(folder, visitor)
        (folder / "secret").chmod(0o700)

    assert visitor.seen == {"/open.list": b"base 1\n"}
    assert sorted(reasons(files)) == [
        ("/closed.list", "cannot be read: Permission denied"),
        ("/secret", "cannot be listed: Permission denied"),
    ]


def test_a_root_that_cannot_be_listed_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="No such file or directory"):
        open_directory(tmp_path / "none", Limits())


def test_names_that_are_no_utf8_are_read(root: Path) -> None:
    os.mkdir(os.fsencode(root) + b"/caf\xe9")  # noqa: PTH102 - the path is bytes
    Path(os.fsdecode(os.fsencode(root) + b"/caf\xe9/x.list")).write_text("odd 1\n")

    found = inventoried(root)

    assert [(one.name, one.paths) for one in found.packages] == [
        ("base", ("/etc/packages",)),
        ("odd", (r"/caf\xe9/x.list",)),
    ]


def test_files_larger_than_their_reader_takes_are_a_problem(root: Path) -> None:
    with (root / "big").open("wb") as file:
        file.truncate(1 << 40)

    files = walked(root, Collector("/big"))

    assert reasons(files) == [("/big", f"file of {1 << 40} bytes, more than is read of its kind")]


def test_a_walk_has_a_bound(root: Path) -> None:
    for number in range(20):
        (root / f"f{number:02}").touch()

    files = walked(root, limits=Limits(entries=5))

    assert files.is_cut
    assert len(flat(files)) == 5
    assert [reason for _, reason in reasons(files)] == ["more than 5 files"]


def test_a_file_that_grows_or_goes_while_it_is_walked_does_no_harm(root: Path) -> None:
    stop = threading.Event()
    target = root / "etc/moving.list"

    def churn() -> None:
        while not stop.is_set():
            target.write_text("moving 1\n" * 1000)
            target.unlink()

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(50):
            reading = Reading(
                Selection((LISTED,)), lambda cataloger, file: tuple(cataloger.read(file))
            )
            DirectoryTree(root, root.stat().st_dev, Limits()).read(reading)
            assert any(reading.found.values())
    finally:
        stop.set()
        thread.join()
