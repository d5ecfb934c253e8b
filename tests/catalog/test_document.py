"""JSON from images."""

import pytest

from lading.catalog.document import read_json, read_object
from lading.errors import CatalogError


def test_an_object_is_read_past_a_byte_order_mark() -> None:
    assert read_object("/f", b'\xef\xbb\xbf{"a": [1]}') == {"a": [1]}


def test_any_value_is_a_document() -> None:
    assert read_json("/f", memoryview(b"[1]")) == [1]


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b'"\\ud800"', b"1" * 9999, b"[" * 99_999])
def test_what_is_no_json_is_an_error_that_names_the_file(data: bytes) -> None:
    with pytest.raises(CatalogError, match=r"^/f: "):
        read_json("/f", data)


@pytest.mark.parametrize(("data", "kind"), [(b"[]", "a list"), (b"5", "a single value")])
def test_other_values_are_no_object(data: bytes, kind: str) -> None:
    with pytest.raises(CatalogError, match=f"/f: no JSON object, but {kind}"):
        read_object("/f", data)
