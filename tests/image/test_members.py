"""A tar archive's members, opened in place, by all the names that tar has for them."""

import io
import random
import tarfile
from pathlib import Path

import pytest

from image.tars import END, a_block, a_file, a_tar, an_info, padded, pax, pax_of
from lading.errors import ImageError, LadingError, LimitExceeded
from lading.image.blobs import Archive
from lading.image.limits import Limits


def an_opened(path: Path, data: bytes, limits: Limits | None = None) -> Archive:
    (path / "a.tar").write_bytes(data)
    return Archive((path / "a.tar").open("rb"), "a.tar", limits or Limits())


def content(archive: Archive, name: str) -> bytes:
    with archive.open(name) as file:
        return file.read()


LONG = "/".join(["folder" * 10] * 6)


@pytest.mark.parametrize("format", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_members_are_found_in_every_dialect(tmp_path: Path, format: int) -> None:
    name = LONG if format != tarfile.USTAR_FORMAT else "folder/" * 20 + "file"
    tar = a_tar((name, b"1"), ("./b", b"22"), ("/c", b"333"), ("d/../e", b""), format=format)

    archive = an_opened(tmp_path, tar)

    assert archive.names() == {name, "b", "c", "e"}
    assert content(archive, "b") == b"22"
    assert content(archive, name) == b"1"
    assert content(archive, "./c") == b"333"
    assert not archive.has("d")
    archive.close()


def test_links_lead_to_members(tmp_path: Path) -> None:
    tar = a_tar(
        ("a/file", b"1"),
        an_info("b/soft", tarfile.SYMTYPE, "../a/file"),
        an_info("b/hard", tarfile.LNKTYPE, "a/file"),
        an_info("b/lost", tarfile.SYMTYPE, "../../../etc/passwd"),
        an_info("b/loop", tarfile.SYMTYPE, "loop"),
    )

    archive = an_opened(tmp_path, tar)

    assert content(archive, "b/soft") == content(archive, "b/hard") == b"1"
    assert not archive.has("b/lost")
    assert not archive.has("b/loop")
    with pytest.raises(ImageError, match=r"a\.tar: it has no b/loop"):
        archive.open("b/loop")
    archive.close()


def test_a_later_member_of_one_name_wins(tmp_path: Path) -> None:
    archive = an_opened(tmp_path, a_file(b"f", b"old") + a_file(b"f", b"new") + END)

    assert content(archive, "f") == b"new"
    archive.close()


def test_the_size_of_a_pax_header_counts(tmp_path: Path) -> None:
    tar = pax(size="5") + a_block(b"f", b"0", 0) + padded(b"12345") + a_file(b"g", b"6")
    archive = an_opened(tmp_path, tar + END)

    assert (content(archive, "f"), content(archive, "g")) == (b"12345", b"6")
    archive.close()


def test_a_size_beside_a_link_or_a_long_name_moves_nothing(tmp_path: Path) -> None:
    long = a_file(b"././@LongLink", b"long\0", b"L")
    tar = pax(size="4096") + a_block(b"l", b"2", 512, link=b"f") + pax(size="3") + long
    archive = an_opened(tmp_path, tar + a_file(b"f", b"123") + END)

    assert content(archive, "long") == b"123"
    archive.close()


def test_many_members_can_be_read_at_once(tmp_path: Path) -> None:
    archive = an_opened(tmp_path, a_tar(("a", b"1" * 2000), ("b", b"2" * 2000)))

    with archive.open("a") as a, archive.open("b") as b:
        assert [a.read(1000), b.read(1000), a.read(9999), b.read(9999)] == [
            b"1" * 1000,
            b"2" * 1000,
            b"1" * 1000,
            b"2" * 1000,
        ]
    archive.close()


SPARSE = [
    pytest.param(a_file(b"f", b"x", b"S"), id="old GNU"),
    pytest.param(
        pax_of([("GNU.sparse.map", "0,1"), ("GNU.sparse.name", "f")]) + a_file(b"x", b"x"), id="PAX"
    ),
]


@pytest.mark.parametrize("tar", SPARSE)
def test_sparse_members_are_refused_by_name(tmp_path: Path, tar: bytes) -> None:
    with pytest.raises(ImageError, match=r"a\.tar is damaged: f is stored as a sparse file"):
        an_opened(tmp_path, tar + END)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        pytest.param(b"", "is no image", id="empty"),
        pytest.param(bytes(10240), "is no image", id="empty tar"),
        pytest.param(b"text\n" * 300, "is no image", id="text"),
        pytest.param(a_file(b"f", b"1" * 600)[:-512], "cut short: f goes beyond", id="cut short"),
        pytest.param(a_file(b"f") + a_block(checksum=1) + END, "wrong checksum", id="damaged"),
        pytest.param(a_block(b"f", b"0", b"\x80" + b"\xff" * 11), "cut short", id="huge size"),
        pytest.param(pax(size="-1") + a_file(b"f"), "is no|unreadable size", id="bad size"),
        pytest.param(
            a_file(b"a") + a_file(b"x", b"1 x", b"x") + a_file(b"f"), "malformed", id="bad PAX"
        ),
    ],
)
def test_what_is_no_whole_archive_says_so(tmp_path: Path, data: bytes, message: str) -> None:
    with pytest.raises(ImageError, match=rf"a\.tar.*({message})"):
        an_opened(tmp_path, data)


def test_members_have_a_bound(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match=r"a\.tar: more than 5 entries"):
        an_opened(tmp_path, a_file(b"f") * 6 + END, Limits(entries=5))


def test_random_damage_ends_in_members_or_an_error(tmp_path: Path) -> None:
    chance = random.Random(11)
    base = a_tar(("a", b"1" * 700), (LONG, b"2"), an_info("l", tarfile.LNKTYPE, "a"))
    for _ in range(300):
        data = bytearray(base)
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.choice((0, 0x37, 0x80, 0xFF))
        try:
            archive = an_opened(tmp_path, bytes(data[: chance.randrange(len(data) + 1)]))
        except LadingError:
            continue
        for name in archive.names():
            if archive.has(name):
                content(archive, name)
        archive.close()


def test_an_archive_in_memory_that_cannot_be_sought_is_spooled() -> None:
    class Pipe(io.BytesIO):
        def seek(self, offset: int, whence: int = 0) -> int:
            raise OSError("a pipe")

    archive = Archive(Pipe(a_tar(("f", b"1"))), "-", Limits())

    assert content(archive, "f") == b"1"
    archive.close()
