"""Hard links whose name is wanted, to content that stands under a name that is not."""

import tarfile
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from image.tars import (
    END,
    Collector,
    a_block,
    a_file,
    a_tar,
    an_info,
    flat,
    paths,
    pax_of,
    reasons,
    walked,
)
from lading.errors import ImageError
from lading.image.entry import Entry, LayerFiles
from lading.image.layer import read_layer
from lading.image.limits import Limits
from lading.image.tar import Kind


def a_link(name: bytes, target: bytes) -> bytes:
    return a_block(name, b"1", link=target)


def test_a_wanted_name_leads_to_content_under_an_unwanted_one() -> None:
    visitor = Collector("/lib/apk/db/installed")
    tar = (
        a_file(b"first", b"P:musl\n")
        + a_file(b"z", b"")
        + a_link(b"lib/apk/db/installed", b"first")
    )

    files = walked(tar + END, visitor)

    assert visitor.seen == {"/lib/apk/db/installed": b"P:musl\n"}
    assert visitor.numbers == {"/lib/apk/db/installed": 0}
    assert flat(files)[0] == Entry("/first", Kind.FILE, 0o644, 7, "/lib/apk/db/installed", None, 0)
    assert paths(files) == ["/first", "/z", "/lib/apk/db/installed"]


def test_a_link_to_a_link_leads_to_the_same_content() -> None:
    visitor = Collector("/wanted")
    tar = a_file(b"first", b"x") + a_link(b"second", b"first") + a_link(b"wanted", b"second")

    walked(tar + END, visitor)

    assert visitor.seen == {"/wanted": b"x"}


def test_content_that_was_read_under_its_own_name_is_not_read_again() -> None:
    visitor = Collector("/first", "/wanted")

    walked(a_file(b"first", b"x") + a_link(b"wanted", b"first") + END, visitor)

    assert visitor.seen == {"/first": b"x"}


def test_a_link_means_what_stood_there_when_it_was_made() -> None:
    visitor = Collector("/wanted")
    tar = a_file(b"f", b"old") + a_link(b"wanted", b"f") + a_file(b"f", b"new")

    walked(tar + END, visitor)

    assert visitor.seen == {"/wanted": b"old"}
    assert visitor.numbers == {"/wanted": 0}


def test_a_link_to_what_became_another_kind_of_file_is_not_read() -> None:
    visitor = Collector("/wanted")
    tar = a_file(b"f", b"old") + a_block(b"f", b"2", link=b"x") + a_link(b"wanted", b"f")

    walked(tar + END, visitor)

    assert visitor.seen == {}


def test_a_link_before_its_target_or_to_nothing_is_not_read() -> None:
    visitor = Collector("/wanted", "/lost")
    tar = a_link(b"wanted", b"f") + a_file(b"f", b"x") + a_link(b"lost", b"nowhere")

    walked(tar + END, visitor)

    assert visitor.seen == {}


def test_content_too_large_for_the_wanted_name_is_reported_once() -> None:
    visitor = Collector("/wanted", max_size=3)
    tar = a_file(b"dev", b"", b"3") + a_file(b"f", b"12345") + a_link(b"wanted", b"f")

    files = walked(tar + END, visitor)

    assert visitor.seen == {}
    assert reasons(files) == [
        ("/dev", "device node in a layer"),
        ("/f", "file of 5 bytes, more than is read of its kind"),
    ]


def test_a_sparse_file_is_found_through_its_link() -> None:
    head = pax_of([("GNU.sparse.map", "2,1"), ("GNU.sparse.size", "4")])
    visitor = Collector("/wanted")

    walked(head + a_file(b"f", b"x") + a_link(b"wanted", b"f") + END, visitor)

    assert visitor.seen == {"/wanted": b"\0\0x\0"}


@pytest.mark.parametrize("tar", [b"", b"broken" * 100], ids=["whole", "broken"])
def test_the_second_walk_closes_the_layer_it_opened(tar: bytes) -> None:
    closed = []
    first = a_file(b"f", b"x") + a_link(b"wanted", b"f") + END

    def again() -> Generator[memoryview, None, None]:
        try:
            yield memoryview(tar or first)
        finally:
            closed.append(True)

    error: ImageError | None = None  # holds on to the frames that hold the generator
    try:
        read_layer(
            iter([memoryview(first)]),
            Collector("/wanted"),
            what="layer 0",
            limits=Limits(),
            files=LayerFiles(),
            again=again,
        )
    except ImageError as caught:
        error = caught

    assert closed == [True]
    assert (error is not None) is bool(tar)


NAMES = st.sampled_from(["a", "b", "c", "d"])


@given(
    st.lists(st.tuples(NAMES, st.none() | NAMES), max_size=12),
    st.sets(NAMES, max_size=3),
)
def test_a_wanted_name_always_gets_the_content_it_leads_to(
    entries: list[tuple[str, str | None]], wanted: set[str]
) -> None:
    inodes: dict[str, bytes] = {}
    expected: set[bytes] = set()
    members: list[tuple[str, bytes] | tarfile.TarInfo] = []
    for number, (name, target) in enumerate(entries):
        if target is None:
            members.append((name, b"%d" % number))
            inodes[name] = b"%d" % number
        elif target in inodes and name != target:
            members.append(an_info(name, tarfile.LNKTYPE, target))
            inodes[name] = inodes[target]
        if name in wanted and name in inodes:
            expected.add(inodes[name])
    contents: list[bytes] = []

    class Keeping(Collector):
        def visit(
            self, number: int, path: str, mode: int, data: memoryview | bytearray | bytes
        ) -> None:
            contents.append(bytes(data))

    walked(a_tar(*members), Keeping(*(f"/{name}" for name in wanted)))

    assert set(contents) == expected
    assert len(contents) == len(expected)
