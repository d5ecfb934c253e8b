"""ZIP archives, written by Python and by hand."""

import contextlib
import io
import zipfile

import pytest

from builders import a_zip, damaged
from lading.catalog.archive import Archive, Budget
from lading.errors import CatalogError

NAME = "folder/file.txt"
TEXT = b"some text " * 100


def members(data: bytes) -> dict[str, bytes]:
    archive = Archive("/a.zip", data)
    return {entry.name: bytes(archive.read(entry)) for entry in archive.entries()}


def complaint(data: bytes) -> str:
    with pytest.raises(CatalogError) as caught:
        members(data)
    return str(caught.value)


def patched(data: bytes, signature: bytes, offset: int, change: bytes) -> bytes:
    """The archive with bytes of one header replaced."""
    at = data.index(signature) + offset
    return data[:at] + change + data[at + len(change) :]


def test_members_are_read_stored_or_deflated() -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        data = a_zip({NAME: TEXT, "empty": b""}, method=method)

        assert members(data) == {NAME: TEXT, "empty": b""}


def test_an_archive_may_be_empty() -> None:
    assert members(a_zip({})) == {}


def test_bytes_before_and_a_comment_after_the_archive_do_not_matter() -> None:
    buffer = io.BytesIO(b"#!/bin/sh\n" * 50)
    buffer.seek(0, io.SEEK_END)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(NAME, TEXT)
        archive.comment = b"PK\x05\x06 is how the end begins"

    assert members(buffer.getvalue()) == {NAME: TEXT}


def test_zip64_records_are_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open(NAME, "w", force_zip64=True) as file:
        file.write(TEXT)
    data = buffer.getvalue()
    end = data.rindex(b"PK\x05\x06")
    length, offset = (int.from_bytes(data[end + at : end + at + 4], "little") for at in (12, 16))
    wide = b"PK\x06\x06" + (44).to_bytes(8, "little") + bytes(12)
    wide += b"".join(number.to_bytes(8, "little") for number in (1, 1, length, offset))
    locator = b"PK\x06\x07" + bytes(4) + end.to_bytes(8, "little") + (1).to_bytes(4, "little")
    short = data[end : end + 8] + b"\xff" * 12 + data[end + 20 :]

    assert members(data[:end] + wide + locator + short) == {NAME: TEXT}


@pytest.mark.parametrize(("data", "reason"), [
    pytest.param(patched(a_zip({NAME: TEXT}), b"PK\x01\x02", 8, b"\x01"),
                 f"{NAME} is encrypted", id="encrypted"),
    pytest.param(patched(a_zip({NAME: TEXT}), b"PK\x01\x02", 10, b"\x0c"),
                 f"{NAME} is packed by method 12, which is not read", id="other method"),
    pytest.param(patched(a_zip({NAME: TEXT}), b"PK\x01\x02", 16, b"\0\0\0\0"),
                 f"{NAME} is damaged", id="wrong checksum"),
    pytest.param(patched(a_zip({NAME: TEXT}), b"PK\x01\x02", 24, b"\x05\0\0\0"),
                 f"{NAME} is damaged", id="longer than it says"),
    pytest.param(patched(a_zip({NAME: TEXT}), b"PK\x01\x02", 42, b"\xff\xff\0\0"),
                 f"{NAME} lies outside of the file", id="outside"),
    pytest.param(patched(a_zip({NAME: TEXT}), b"PK\x03\x04", 45, b"\xff" * 8),
                 f"{NAME} is damaged", id="no deflated data"),
    pytest.param(patched(a_zip({NAME: TEXT, "b": b""}), b"PK\x01\x02", 28, b"\xff\xff"),
                 "its central directory is cut off", id="name beyond the directory"),
    pytest.param(b"PK\x03\x04" + bytes(100), "no ZIP archive, or one that is cut off", id="no end"),
])  # fmt: skip
def test_what_cannot_be_read_says_why(data: bytes, reason: str) -> None:
    assert complaint(data) == f"/a.zip: {reason}"


def test_the_budget_is_shared_and_says_what_was_met() -> None:
    budget = Budget(size=len(TEXT) + 1, entries=3)
    data = a_zip({NAME: TEXT, "b": TEXT})
    archive = Archive("/a.zip", data, budget)
    first, second = archive.entries()

    assert archive.read(first) == TEXT
    with pytest.raises(CatalogError, match="unpacks to more"):
        archive.read(second)
    with pytest.raises(CatalogError, match="entries"):
        list(Archive("/b.zip", data, budget).entries())
    assert "/a.zip: unpacks to more" in str(budget.exceeded)


def test_damaged_archives_raise_nothing_unforeseen() -> None:
    for broken in damaged(a_zip({NAME: TEXT, "b": b"x"}), times=500):
        with contextlib.suppress(CatalogError):
            members(broken)


def test_sizes_in_a_zip64_field_are_read() -> None:
    data = a_zip({NAME: TEXT})
    row, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    packed, size, offset = (
        int.from_bytes(data[row + at : row + at + 4], "little") for at in (20, 24, 42)
    )
    field = b"\x02\x00\x01\x00x\x01\x00\x18\x00"  # some other field, then ZIP64's
    field += b"".join(number.to_bytes(8, "little") for number in (size, packed, offset))
    wide = data[row : row + 20] + b"\xff" * 8 + data[row + 28 : row + 30]
    wide += len(field).to_bytes(2, "little") + data[row + 32 : row + 42] + b"\xff" * 4
    wide += data[row + 46 : end] + field
    length = len(wide).to_bytes(4, "little")

    whole = data[:row] + wide + data[end : end + 12] + length + data[end + 16 :]

    assert members(whole) == {NAME: TEXT}
    without = whole.replace(b"\x01\x00\x18\x00", b"\x03\x00\x18\x00")
    assert complaint(without) == "/a.zip: unpacks to more than 256 MiB"
