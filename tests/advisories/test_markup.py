"""XML within bounds: elements one after the other, and nothing that a document could hide."""

import pytest

from lading.advisories.markup import items, root_of
from lading.errors import InvalidRecord


def test_yields_the_elements_of_a_depth_with_the_one_that_they_are_in() -> None:
    data = b'<a><b x="1"><c>one <d/>two</c></b><e><c>three</c></e></a>'

    found = list(items(data, 2))

    assert [(one.section, one.node.tag, one.node.text) for one in found] == [
        ("b", "c", "one two"),
        ("e", "c", "three"),
    ]
    assert [child.tag for child in found[0].node.children] == ["d"]


def test_reads_texts_and_attributes_by_their_path() -> None:
    (one,) = items(b'<a><b><n:c xmlns:n="urn:n" k=" v "><d> text </d></n:c></b></a>', 1)

    assert one.node.text_of("c", "d") == "text"
    assert one.node.attribute_of("c", "k") == "v"
    assert one.node.text_of("c", "none", "d") == ""
    assert one.node.attribute_of("none", "k") == ""


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="no XML"),
        pytest.param(b"<a><b></a>", id="crossed"),
        pytest.param(b"<a><b>", id="cut off"),
        pytest.param(b'<?xml version="1.0" encoding="klingon"?><a/>', id="unknown encoding"),
        pytest.param(b"<a>\xff\xfe</a>", id="no UTF-8"),
        pytest.param(b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", id="entities"),
        pytest.param(b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', id="external"),
        pytest.param(b"<a>&x;</a>", id="undeclared entity"),
        pytest.param(b"<a>" * 100_000, id="deep"),
        pytest.param(b"<a><b>" + b"<c/>" * 500_001 + b"</b></a>", id="wide"),
        pytest.param(b"<a><b>" + b"x" * (9 << 20) + b"</b></a>", id="long"),
    ],
)
def test_refuses_what_is_no_document_of_a_feed(data: bytes) -> None:
    with pytest.raises(InvalidRecord):
        list(items(data, 1))


def test_keeps_nothing_of_elements_above_the_depth() -> None:
    data = b"<a>" + b"x" * (9 << 20) + b"<b>y</b></a>"

    assert [one.node.text for one in items(data, 1)] == ["y"]


@pytest.mark.parametrize(
    ("head", "root"),
    [
        (b'<?xml version="1.0"?>\n<!-- n --><o:roots xmlns:o="x"><d', "roots"),
        (b"<updates><update", "updates"),
        (b'{"a": 1}', ""),
        (b"<!DOCTYPE html><html>", ""),
        (b"", ""),
        (b"\x1f\x8b\x00", ""),
    ],
)
def test_tells_the_root_by_the_first_bytes(head: bytes, root: str) -> None:
    assert root_of(head) == root
