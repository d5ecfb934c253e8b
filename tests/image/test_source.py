"""One layer as a source: verified when read, cut at a bound, keyed by its digests."""

import io
import threading
from collections.abc import Callable

import pytest

from image.layouts import gzipped, sha256
from image.tars import END, Collector, a_block, a_file, a_tar, flat, paths, reasons
from lading.errors import DigestMismatch, ImageError, UnreadableError
from lading.image.limits import Limits
from lading.image.source import BlobLayer, ForeignLayer
from lading.model.image import Layer

TAR = a_file(b"first", b"x" * 5000) + a_block(b"wanted", b"1", link=b"first") + END


def a_source(
    data: bytes,
    tar: bytes = TAR,
    limits: Limits | None = None,
    *,
    digest: str | None = None,
    diff_id: str | None = None,
) -> BlobLayer:
    layer = Layer(
        index=2,
        digest=digest or sha256(data),
        diff_id=diff_id or sha256(tar),
        size=len(data),
        created_by=None,
    )
    return BlobLayer(layer, lambda: a_raw(data), limits or Limits())


def a_raw(data: bytes) -> io.RawIOBase:
    class Raw(io.BytesIO, io.RawIOBase):  # bytes that read like a raw file
        pass

    return Raw(data)


@pytest.mark.parametrize("pack", [bytes, gzipped], ids=["plain", "gzip"])
def test_a_layer_is_read_and_verified_twice_where_it_must(
    pack: Callable[[bytes], bytes],
) -> None:
    visitor = Collector("/wanted")
    files = a_source(pack(TAR)).read(visitor)

    assert visitor.seen == {"/wanted": b"x" * 5000}
    assert paths(files) == ["/first", "/wanted"]
    assert [one.name for one in threading.enumerate() if one.name == "unpack"] == []


def test_its_key_is_both_digests() -> None:
    assert a_source(b"data").key == f"{sha256(b'data')} {sha256(TAR)}"


def test_a_layer_that_is_not_its_digest_is_refused() -> None:
    for source in (
        a_source(gzipped(TAR), digest=sha256(b"else")),
        a_source(gzipped(TAR), diff_id=sha256(b"else")),
    ):
        with pytest.raises(DigestMismatch, match="layer 2"):
            source.read(Collector())


def test_a_layer_that_changes_before_the_second_reading_is_refused() -> None:
    contents = [TAR, TAR.replace(b"xxx", b"yyy")]
    layer = Layer(index=2, digest=sha256(TAR), diff_id=sha256(TAR), size=1, created_by=None)
    source = BlobLayer(layer, lambda: a_raw(contents.pop(0)), Limits())

    with pytest.raises(DigestMismatch, match="layer 2"):
        source.read(Collector("/wanted"))


def test_a_layer_past_a_bound_gives_what_came_before() -> None:
    tar = a_tar(*[(f"f{number}", b"") for number in range(20)])
    files = a_source(tar, tar, Limits(entries=5)).read(Collector())

    assert files.is_cut
    assert len(flat(files)) == 5
    assert reasons(files) == [(sha256(tar), "layer 2: more than 5 entries")]
    assert files.problems[0].effect == (
        "the rest of layer 2 was not read, and its digest not verified"
    )


def test_a_bomb_is_cut_and_reported() -> None:
    tar = a_tar(("zeros", bytes(30_000_000)))
    files = a_source(gzipped(tar), tar, Limits(ratio=20, ratio_from=2_000_000)).read(Collector())

    assert files.is_cut
    assert [reason for _, reason in reasons(files)] == [
        "layer 2: unpacks to more than 20 times its size"
    ]


@pytest.mark.parametrize("data", [b"no tar at all" * 100, TAR[:700], gzipped(TAR)[:-20]])
def test_a_damaged_layer_names_itself(data: bytes) -> None:
    with pytest.raises(ImageError, match="layer 2"):
        a_source(data).read(Collector())
    assert [one.name for one in threading.enumerate() if one.name == "unpack"] == []


class _Unreachable(BlobLayer):
    def read(self, visitor: object) -> object:  # type: ignore[override]  # never returns
        raise UnreadableError("the registry does not answer")


def test_a_foreign_layer_that_cannot_be_had_is_a_problem() -> None:
    layer = Layer(index=3, digest=sha256(b"x"), diff_id=sha256(b"y"), size=1, created_by=None)
    absent = ForeignLayer(layer, None).read(Collector())
    unreachable = ForeignLayer(
        layer,
        _Unreachable(layer, lambda: a_raw(b""), Limits()),
    ).read(Collector())

    for files, why in ((absent, "not stored with the image"), (unreachable, "does not answer")):
        assert files.is_cut
        assert why in files.problems[0].reason
        assert files.problems[0].effect == "what layer 3 holds is missing"


def test_a_foreign_layer_that_is_there_is_read_and_must_be_whole() -> None:
    stored = a_source(TAR)
    layer = Layer(index=2, digest=sha256(TAR), diff_id=sha256(TAR), size=1, created_by=None)

    assert paths(ForeignLayer(layer, stored).read(Collector())) == ["/first", "/wanted"]
    with pytest.raises(DigestMismatch):
        ForeignLayer(layer, a_source(TAR, diff_id=sha256(b"else"))).read(Collector())
