"""A layer that was read once is the same when it comes back from its bytes."""

import random
from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import damaged
from image.tars import files_of
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.reading import Found
from lading.catalog.remembered import Remembered, from_bytes, readers, to_bytes
from lading.image.entry import Entry
from lading.image.tar import Kind
from lading.model.package import (
    Certainty,
    Evidence,
    Fact,
    Ownership,
    Package,
    Release,
    SourcePackage,
)
from lading.model.problem import Problem, Stage


def nothing(file: ImageFile) -> Iterator[Fact]:
    yield from ()


ONE = Cataloger(name="one", revision=1, read=nothing)
TWO = Cataloger(name="two", revision=7, read=nothing)
BOTH = (ONE, TWO)

# Names as tar has them: any bytes but NUL, those that are no UTF-8 as surrogates.
NAMES = st.binary(min_size=1, max_size=12).map(
    lambda data: "/" + data.replace(b"\0", b"0").decode("utf-8", "surrogateescape")
)
TEXTS = st.text(max_size=8)
TUPLES = st.lists(TEXTS, max_size=2).map(tuple)
ENTRIES = st.one_of(
    NAMES,
    st.builds(
        Entry,
        path=NAMES,
        kind=st.sampled_from(Kind),
        mode=st.integers(0, 0o7777),
        size=st.integers(0, 1 << 62),
        link=NAMES,
        content=st.sampled_from([None, "elf", "script"]),
        visit=st.none() | st.integers(0, 1 << 40),
    ),
)
PATHS = st.lists(NAMES, min_size=1, max_size=2).map(tuple)
PACKAGES = st.builds(
    Package,
    type=TEXTS,
    name=TEXTS,
    version=st.none() | TEXTS,
    paths=PATHS,
    arch=st.none() | TEXTS,
    source=st.none() | st.builds(SourcePackage, name=TEXTS, version=st.none() | TEXTS),
    evidence=st.sampled_from(Evidence),
    certainty=st.sampled_from(Certainty),
    licenses=TUPLES,
    hashes=TUPLES,
    requires=TUPLES,
    provides=TUPLES,
    vendor=st.none() | TEXTS,
    module=st.none() | TEXTS,
    namespace=st.none() | TEXTS,
)
OWNERSHIPS = st.builds(Ownership, type=TEXTS, name=TEXTS, version=st.none() | TEXTS, paths=PATHS)
RELEASES = st.builds(Release, id=TEXTS, version_id=st.none() | TEXTS, id_like=TUPLES, path=NAMES)
FACTS = st.builds(Found, st.sampled_from(BOTH), st.one_of(PACKAGES, OWNERSHIPS, RELEASES))
PROBLEMS = st.builds(Problem, stage=st.sampled_from(Stage), path=TEXTS, reason=TEXTS, effect=TEXTS)


@st.composite
def layers(draw: st.DrawFn) -> Remembered:
    entries = draw(st.lists(ENTRIES, max_size=6))
    files = files_of(*entries, whiteouts=draw(st.lists(NAMES, max_size=3)))
    files.opaques = draw(st.lists(NAMES, max_size=2))
    files.problems = draw(st.lists(PROBLEMS, max_size=2))
    files.visits = draw(st.integers(0, 9))
    indexes = st.integers(0, 5)
    found = draw(st.dictionaries(indexes, st.lists(FACTS, min_size=1, max_size=3), max_size=3))
    return Remembered(files, found, draw(st.lists(PROBLEMS, max_size=2)))


def by_kind(found: dict[int, list[Found]]) -> dict[int, list[Found]]:
    """Facts of one file keep their order within their kind."""
    kinds = [Package, Ownership, Release]
    return {
        index: sorted(facts, key=lambda one: kinds.index(type(one.fact)))
        for index, facts in found.items()
    }


@given(layers())
def test_nothing_is_lost(layer: Remembered) -> None:
    back = from_bytes(to_bytes(layer), BOTH)

    assert back is not None
    assert back.files == layer.files
    assert back.found == by_kind(layer.found)
    assert back.problems == layer.problems


def a_layer(path: str = "/a/status") -> Remembered:
    package = Package(type="deb", name="thing", version="1", paths=(path,))
    owned = Ownership(type="deb", name="thing", paths=("/usr/bin/thing",))
    link = Entry("/bin/sh", Kind.SYMLINK, 0o777, 0, "dash")
    return Remembered(
        files_of(path, link, whiteouts=["/gone"]),
        {0: [Found(ONE, package), Found(TWO, owned)]},
        [Problem(stage=Stage.CATALOG, path=path, reason="odd", effect="less")],
    )


@pytest.mark.parametrize("path", ["/a/status", "/\udcff/status"], ids=["UTF-8", "other bytes"])
def test_damaged_bytes_are_none_or_a_layer(path: str) -> None:
    """The cache has a checksum; this is the second line."""
    data = to_bytes(a_layer(path))

    for changed in damaged(data):
        back = from_bytes(changed, BOTH)
        assert back is None or isinstance(back, Remembered)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"p", id="nothing behind its form"),
        pytest.param(b"x" + to_bytes(a_layer())[1:], id="an unknown form"),
        pytest.param(to_bytes(a_layer())[1:], id="no form"),
        pytest.param(to_bytes(a_layer())[:-1], id="cut"),
        pytest.param(to_bytes(a_layer()) + b"\0", id="more behind it"),
        pytest.param(b"p" + msgspec.msgpack.encode({"a": 1}), id="another value"),
        pytest.param(b"p" + msgspec.msgpack.encode([b"", [], b"", b""]), id="too few members"),
        pytest.param(b"w" + msgspec.msgpack.encode(["\u0100"] * 9), id="characters of no byte"),
        pytest.param(b"p" + b"\x91" * 100_000, id="nested without end"),
        pytest.param(b"w" + b"\x91" * 100_000, id="nested without end, widened"),
        pytest.param(random.Random(1).randbytes(1000), id="noise"),
    ],
)
def test_other_bytes_are_no_layer(data: bytes) -> None:
    assert from_bytes(data, BOTH) is None


@pytest.mark.parametrize("order", [b"", b"e", b"er", b"ee", b"rr", b"err"])
def test_entries_in_no_order_are_no_layer(order: bytes) -> None:
    link = ["/l", 2, 0o777, 0, "dash", None, None]
    values = [order, [["/d", "a\0"]], [link], [], [], [], 0, [], [], [], []]

    is_whole = order == b"er"
    assert (from_bytes(b"p" + msgspec.msgpack.encode(values), BOTH) is not None) is is_whole


def test_a_kind_that_does_not_exist_is_no_layer() -> None:
    link = ["/l", 99, 0o777, 0, "", None, None]
    values = [b"e", [], [link], [], [], [], 0, [], [], [], []]

    assert from_bytes(b"p" + msgspec.msgpack.encode(values), BOTH) is None


def test_facts_of_a_reader_that_is_gone_are_no_layer() -> None:
    assert from_bytes(to_bytes(a_layer()), (ONE,)) is None


def test_the_key_changes_with_every_reader_and_its_revision_alone() -> None:
    newer = Cataloger(name="two", revision=8, read=nothing)

    assert readers((ONE, TWO)) == readers((TWO, ONE))
    assert len({readers(one) for one in [(ONE, TWO), (ONE, newer), (ONE,), (TWO,), ()]}) == 5
