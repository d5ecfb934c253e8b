"""PHP's serialised values, as PHP itself writes them."""

import json
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.catalog.php_serialized import read_value
from lading.errors import CatalogError

needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")


def serialized(value: object) -> bytes:
    """The value as PHP writes it, after its manual."""
    if isinstance(value, dict):
        rows = b"".join(serialized(key) + serialized(one) for key, one in value.items())
        return b"a:%d:{%s}" % (len(value), rows)
    if value is None:
        return b"N;"
    text = str(value).encode()
    return b's:%d:"%s";' % (len(text), text)


@needs_php
def test_what_php_wrote_is_read() -> None:
    program = (
        "echo serialize(['name' => 'Ünï \"x\"', 'list' => ['a', 'b'], 'none' => null,"
        " 'on' => true, 'n' => -7, 'd' => 0.5, 'deep' => ['a' => ['b' => []]]]);"
    )
    data = subprocess.run(["php", "-r", program], check=True, capture_output=True).stdout

    assert read_value("/it", data) == {
        "name": 'Ünï "x"', "list": {"0": "a", "1": "b"}, "none": None, "on": "1", "n": "-7",
        "d": "0.5", "deep": {"a": {"b": {}}},
    }  # fmt: skip


VALUES = st.recursive(
    st.none() | st.text(), lambda inner: st.dictionaries(st.text(), inner, max_size=4)
)


@given(VALUES)
def test_every_value_comes_back(value: object) -> None:
    assert read_value("/it", serialized(value)) == value


@pytest.mark.parametrize("data", [
    b"", b"a:1:{", b"a:1:{a:0:{}N;}", b's:5:"abc";', b's:3:"abc"', b'O:3:"Foo":0:{}', b"R:1;",
    b'C:3:"Foo":2:{{}', b"a:1:{i:0;}", b"i:" + b"9" * 100 + b";",
])  # fmt: skip
def test_what_is_no_such_value_is_refused(data: bytes) -> None:
    with pytest.raises(CatalogError, match="no PHP value"):
        read_value("/it", data)


def test_a_value_nested_too_deep_is_refused() -> None:
    with pytest.raises(CatalogError, match="nested too deep"):
        read_value("/it", b"a:1:{i:0;" * 100_000)


@given(VALUES, st.data())
def test_a_cut_value_is_refused(value: object, data: st.DataObject) -> None:
    whole = serialized(value)
    cut = data.draw(st.integers(0, len(whole) - 1))

    with pytest.raises(CatalogError):
        read_value("/it", whole[:cut])


def test_json_values_do_not_pass_for_it() -> None:
    with pytest.raises(CatalogError):
        read_value("/it", json.dumps({"name": "thing"}).encode())
