"""Java properties, held against the rules of java.util.Properties."""

import pytest

from lading.catalog.properties import read_properties


@pytest.mark.parametrize(("text", "expected"), [
    pytest.param(b"a=1\nb: 2\nc 3\n", {"a": "1", "b": "2", "c": "3"}, id="three separators"),
    pytest.param(b"#a=1\n! b=2\n  # c=3\nd=4", {"d": "4"}, id="comments"),
    pytest.param(b"a = one \\\n    two\n", {"a": "one two"}, id="joined lines"),
    pytest.param(b"a=one\\\\\nb=2", {"a": "one\\", "b": "2"}, id="a backslash of its own"),
    pytest.param(b"a\\ b\\==x\\u00e9\\ty", {"a b=": "x\u00e9\ty"}, id="escapes"),
    pytest.param(b"a=\xe9\r\nb=\r", {"a": "\u00e9", "b": ""}, id="ISO 8859-1 and line ends"),
    pytest.param(b"a=1\na=2", {"a": "2"}, id="the last of two"),
    pytest.param(b"\xef\xbb\xbfa=1", {"a": "1"}, id="byte order mark"),
    pytest.param(b"", {}, id="nothing"),
])  # fmt: skip
def test_keys_have_values(text: bytes, expected: dict[str, str]) -> None:
    assert read_properties(text) == expected


def test_a_file_of_backslashes_takes_no_longer_than_another() -> None:
    assert read_properties(b"\\" * 500_000) in ({}, {"\\" * 250_000: ""})
