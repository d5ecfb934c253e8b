"""Blobs as one stream, whatever their server does, and kept while they are in use."""

import io
import tempfile
from email.message import Message
from pathlib import Path

import pytest

from lading.errors import ImageError
from lading.net import NetworkError
from lading.net.transport import Response, Unreachable
from lading.sources.blob import BlobReader, Kept

DATA = bytes(range(256)) * 40


class Cut(io.BytesIO):
    """A body whose connection is cut behind its last byte."""

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # as a raw body does
        got = super().readinto(buffer)
        if not got:
            raise Unreachable("cut")
        return got


def answer(data: bytes, *, cut: bool = False, at: int = 0) -> Response:
    headers = Message()
    if at:
        headers["Content-Range"] = f"bytes {at}-{len(DATA) - 1}/{len(DATA)}"
    body = Cut(data) if cut else io.BytesIO(data)
    return Response(
        status=206 if at else 200,
        headers=headers,
        body=io.BufferedReader(body).detach(),
        url="https://r.example/",
    )


def reader(*answers: Response, size: int | None = None) -> BlobReader:
    left = iter(answers)
    return BlobReader(lambda at: next(left), what="blob", size=size, sleep=lambda seconds: None)


def test_parts_become_one_stream() -> None:
    parts = (answer(DATA[:100], cut=True), answer(DATA[100:], at=100))

    assert reader(*parts).read() == DATA


def test_a_server_without_ranges_gives_the_start_again() -> None:
    parts = (answer(DATA[:100], cut=True), answer(DATA))

    assert reader(*parts).read() == DATA


def test_a_second_answer_shorter_than_the_first_is_no_end() -> None:
    parts = (answer(DATA[:100], cut=True), answer(DATA[:50]), answer(DATA[100:], at=100))

    assert reader(*parts, size=len(DATA)).read() == DATA


def test_an_end_before_the_size_is_a_cut() -> None:
    parts = (answer(DATA[:100]), answer(DATA[100:], at=100))

    assert reader(*parts, size=len(DATA)).read() == DATA


def test_bytes_beyond_the_size_are_an_error() -> None:
    with pytest.raises(ImageError, match="larger than the 99 bytes"):
        reader(answer(DATA), size=99).read()


def test_a_server_that_never_sends_a_byte_is_given_up() -> None:
    with pytest.raises(NetworkError, match="given up after 4 cuts"):
        reader(*[answer(b"", cut=True) for _ in range(9)]).read()


def test_what_is_kept_is_read_again_without_the_server() -> None:
    kept = Kept(reader(answer(DATA), size=len(DATA)), forget=lambda this: None)
    assert kept.again() is None
    kept.read()

    again = kept.again()

    kept.close()
    assert again is not None
    with again:
        assert again.read() == DATA


def test_where_nothing_can_be_written_the_stream_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))

    kept = Kept(reader(answer(DATA), size=len(DATA)), forget=lambda this: None)

    assert kept.read() == DATA
    assert kept.again() is None
    kept.close()
