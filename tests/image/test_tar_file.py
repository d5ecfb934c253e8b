"""The records inside a package file: small tars read for their files."""

import tarfile

import pytest

from builders import damaged
from image.tars import a_file, a_tar, an_info, chunked, pax
from lading.errors import ImageError
from lading.image.tar_file import TarFile, files_of_tar


def files(data: bytes, *, largest: int = 1 << 20) -> list[TarFile]:
    return list(files_of_tar(iter(chunked(data)()), "x.gem", largest=largest))


@pytest.mark.parametrize("format", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT, tarfile.USTAR_FORMAT])
def test_files_come_in_their_order_with_names_of_any_length(format: int) -> None:
    long = "/".join(["folder"] * 30) + "/name"

    found = files(a_tar(("./metadata", b"1"), (long, b"22"), format=format))

    assert found == [TarFile("metadata", b"1"), TarFile(long, b"22")]


def test_what_is_no_file_is_passed_over() -> None:
    data = a_tar(an_info("d", tarfile.DIRTYPE), an_info("l", tarfile.SYMTYPE, "d"), ("f", b"1"))

    assert files(data) == [TarFile("f", b"1")]


def test_a_large_file_comes_without_its_content() -> None:
    assert files(a_tar(("large", b"12345"), ("small", b"1")), largest=4) == [
        TarFile("large", b""), TarFile("small", b"1"),
    ]  # fmt: skip


def test_a_tar_may_end_without_saying_so() -> None:
    assert files(a_file(b"f", b"1")) == [TarFile("f", b"1")]


def test_a_header_of_absurd_length_names_nothing() -> None:
    data = a_file(b"x", bytes(2 << 20), b"L") + a_file(b"f", b"1")

    assert files(data) == [TarFile("f", b"1")]


def test_damage_is_an_error_and_never_more() -> None:
    whole = pax(path="other") + a_file(b"f", b"1") + a_file(b"g", b"2")
    for data in damaged(whole, times=200):
        try:
            files(data)
        except ImageError:
            continue
