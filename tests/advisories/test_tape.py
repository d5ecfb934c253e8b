"""Tar archives of documents: what is in them, and nothing of damaged or endless ones."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from lading.advisories.tape import documents, is_tape
from lading.errors import InvalidRecord


def a_tape(members: dict[str, bytes]) -> bytes:
    into = io.BytesIO()
    with tarfile.open(fileobj=into, mode="w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
        folder = tarfile.TarInfo("folder")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
    return into.getvalue()


MEMBERS = {"vex/2026/a.json": b'{"a": 1}', "vex/a.json.asc": b"-----", "vex/b.json": b"{}" * 400}


def read(tmp_path: Path, name: str, data: bytes) -> list[tuple[str, bytes]]:
    file = tmp_path / name
    file.write_bytes(data)
    return list(documents(file))


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("x.tar", bytes),
        ("x.tar.gz", gzip.compress),
        ("X.TGZ", gzip.compress),
        ("x.tar.bz2", bz2.compress),
        ("x.tar.xz", lzma.compress),
        ("x.tar.zst", zstandard.ZstdCompressor().compress),
    ],
)
def test_yields_the_documents_in_their_order(
    name: str, pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    assert is_tape(Path(name))

    found = read(tmp_path, name, pack(a_tape(MEMBERS)))

    assert found == [("vex/2026/a.json", b'{"a": 1}'), ("vex/b.json", b"{}" * 400)]


def test_other_files_are_none() -> None:
    assert not is_tape(Path("all.zip"))
    assert not is_tape(Path("tar.json"))


@pytest.mark.parametrize(
    ("name", "data"),
    [
        pytest.param("x.tar", b"x" * 512, id="no header"),
        pytest.param("x.tar", a_tape(MEMBERS)[:300], id="cut in a header"),
        pytest.param("x.tar", a_tape(MEMBERS)[:515], id="cut in a document"),
        pytest.param("x.tar", a_tape(MEMBERS)[:520], id="cut in what fills it up"),
        pytest.param("x.tar.gz", b"words", id="not gzip"),
        pytest.param("x.tar.gz", gzip.compress(a_tape(MEMBERS))[:-20], id="gzip cut"),
        pytest.param("x.tar.bz2", b"words", id="not bzip2"),
        pytest.param("x.tar.bz2", bz2.compress(a_tape(MEMBERS))[:-20], id="bzip2 cut"),
        pytest.param("x.tar.xz", b"words", id="not xz"),
        pytest.param("x.tar.zst", b"words", id="not zstd"),
    ],
)
def test_a_damaged_archive_is_refused(name: str, data: bytes, tmp_path: Path) -> None:
    with pytest.raises(InvalidRecord):
        read(tmp_path, name, data)


def test_a_document_larger_than_any_is_refused(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("a.json")
    entry.size = 1 << 30

    with pytest.raises(InvalidRecord, match="a document of"):
        read(tmp_path, "x.tar", entry.tobuf(tarfile.GNU_FORMAT))


def test_an_entry_that_claims_more_than_any_feed_is_refused(tmp_path: Path) -> None:
    entry = tarfile.TarInfo("a.bin")
    entry.size = 1 << 40

    with pytest.raises(InvalidRecord, match="more than"):
        read(tmp_path, "x.tar", entry.tobuf(tarfile.GNU_FORMAT))
