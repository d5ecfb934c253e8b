"""Sparse files in each of the forms that tar writes: the file is whole again, holes and all."""

import shutil
import subprocess
from pathlib import Path

import pytest

from image.tars import (
    END,
    Collector,
    a_block,
    a_file,
    padded,
    pax_of,
    read,
    reasons,
    walked,
)
from lading.errors import ImageError
from lading.image.entry import Entry

FORMS = [
    pytest.param(["--format=gnu"], id="old GNU"),
    pytest.param(["--format=posix", "--sparse-version=0.0"], id="PAX 0.0"),
    pytest.param(["--format=posix", "--sparse-version=0.1"], id="PAX 0.1"),
    pytest.param(["--format=posix", "--sparse-version=1.0"], id="PAX 1.0"),
]


def packed_by_tar(folder: Path, *options: str) -> bytes:
    if shutil.which("tar") is None:
        pytest.skip("GNU tar is not installed")
    command = ["tar", "--sparse", "--hole-detection=raw", *options, "-C", str(folder), "-cf-", "."]
    return subprocess.run(command, check=True, capture_output=True).stdout


def a_holey_file(path: Path, stretches: int) -> bytes:
    with path.open("wb") as file:
        for number in range(stretches):
            file.seek(number * 8192)
            file.write(b"\x7fELF" + bytes([number % 251]) * 100)
        file.truncate(stretches * 8192)
    return path.read_bytes()


@pytest.mark.parametrize("options", FORMS)
@pytest.mark.parametrize("stretches", [0, 1, 4, 60])
def test_a_sparse_file_is_read_with_its_holes(
    tmp_path: Path, options: list[str], stretches: int
) -> None:
    content = a_holey_file(tmp_path / "holey", stretches)
    (tmp_path / "zz-next").write_bytes(b"what comes behind it")
    tar = packed_by_tar(tmp_path, *options)

    assert read(tar) == {"/holey": content, "/zz-next": b"what comes behind it"}


@pytest.mark.parametrize("options", FORMS)
def test_the_content_of_a_sparse_file_is_recognised(tmp_path: Path, options: list[str]) -> None:
    content = a_holey_file(tmp_path / "holey", 3)
    visitor = Collector()
    files = walked(packed_by_tar(tmp_path, *options), visitor)

    assert visitor.heads["/holey"] == content[:24]
    assert [e.size for e in files.entries if isinstance(e, Entry) and e.content == "elf"] == [
        len(content)
    ]


def test_a_sparse_file_that_is_too_large_is_told_by_its_real_size() -> None:
    tar = pax_of([("GNU.sparse.map", "0,1"), ("GNU.sparse.size", "99999999")]) + a_file(b"f", b"x")
    visitor = Collector("*", max_size=1000)

    files = walked(tar + END, visitor)

    assert visitor.seen == {}
    assert reasons(files) == [("/f", "file of 99999999 bytes, more than is read of its kind")]


def a_map(text: str, size: str = "10", content: bytes = b"0123456789") -> bytes:
    return pax_of([("GNU.sparse.map", text), ("GNU.sparse.size", size)]) + a_file(b"f", content)


def a_content_map(text: bytes, size: str = "10") -> bytes:
    head = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", size)]
    return pax_of(head) + a_file(b"f", padded(text) + b"0123456789")


@pytest.mark.parametrize(
    "tar",
    [
        pytest.param(a_map("5,10"), id="beyond the file"),
        pytest.param(a_map("0,10", content=b"012"), id="more than there is"),
        pytest.param(a_content_map(b"1\n5\n10\n"), id="1.0, beyond the file"),
        pytest.param(a_content_map(b"2\n0\n1\n"), id="1.0, ends early"),
        pytest.param(a_content_map(b"99999999999999999999\n0\n"), id="1.0, endless"),
        pytest.param(a_content_map(b"-1\n"), id="1.0, negative"),
        pytest.param(a_content_map(b""), id="1.0, none"),
    ],
)
def test_a_map_that_does_not_fit_costs_one_file_only(tar: bytes) -> None:
    visitor = Collector("*")

    files = walked(tar + a_file(b"next", b"n") + END, visitor)

    assert visitor.seen == {"/next": b"n"}
    assert [path for path, _ in reasons(files)] == ["/f"]
    assert "sparse" in reasons(files)[0][1]


@pytest.mark.parametrize("text", ["1", "a,b", "1,-1", "0," + "9" * 30])
def test_a_malformed_map_in_a_header_damages_the_layer(text: str) -> None:
    with pytest.raises(ImageError, match=r"layer 0 is damaged.*malformed map"):
        walked(a_map(text) + END)


def test_without_a_size_no_file_can_be_made() -> None:
    tar = pax_of([("GNU.sparse.map", "0,1")]) + a_file(b"f", b"x")
    with pytest.raises(ImageError, match=r"layer 0 is damaged.*does not say its size"):
        walked(tar + END)


def test_an_old_map_that_never_ends_is_given_up() -> None:
    more = b"\0" * 504 + b"\1" + b"\0" * 7
    head = a_block(b"f", b"S", 0, magic=b"ustar  \0", tail=b"\0" * 137 + b"\1" + b"00000000012\0")

    with pytest.raises(ImageError, match=r"layer 0 is damaged.*map does not end"):
        walked(head + more * 60_000)
    with pytest.raises(ImageError, match=r"layer 0 is damaged.*map does not end"):
        walked(head + more * 3)


def test_an_unknown_version_of_sparse_is_a_plain_file() -> None:
    head = [("GNU.sparse.major", "2"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "hidden")]

    assert read(pax_of(head) + a_file(b"f", b"content") + END) == {"/f": b"content"}
