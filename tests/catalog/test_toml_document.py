import pytest

from lading.catalog.toml_document import read_toml, tables
from lading.errors import CatalogError


def test_a_document_is_read_with_or_without_a_byte_order_mark() -> None:
    assert read_toml("/it", b'a = "1"\n') == {"a": "1"}
    assert read_toml("/it", b'\xef\xbb\xbfa = "1"\n') == {"a": "1"}


@pytest.mark.parametrize(("data", "reason"), [
    (b"a = ", "no TOML"),
    (b"\xff\xfe", "no TOML"),
    (b"a = " + b"[" * 10_000, "too deep|no TOML"),
    (b"a" + b".a" * 100_000 + b" = 1", "dots"),
    (b"[" + b"a." * 100_000 + b"a]", "dots"),
    (b"x = {" + b"a." * 100_000 + b"a = 1}", "dots"),
    (b'"\\"".' + b"a." * 100_000 + b'"b" = 1', "dots"),
    (b"'\"'." + b"a." * 100_000 + b"'\"' = 1", "dots"),
])  # fmt: skip
def test_what_is_none_or_absurd_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CatalogError, match=reason):
        read_toml("/it", data)


def test_a_text_may_have_any_number_of_dots() -> None:
    assert read_toml("/it", b'a = "' + b"." * 1000 + b'"') == {"a": "." * 1000}


@pytest.mark.parametrize("rows", [None, 7, {"a": 1}, "text", []])
def test_what_is_no_array_of_tables_has_none(rows: object) -> None:
    assert tables({"package": rows}, "package") == []


def test_other_values_in_an_array_are_left_out() -> None:
    assert tables({"package": [1, {"a": 2}, "b"]}, "package") == [{"a": 2}]
