"""The part of YAML that lock files are written in."""

import pytest

from builders import damaged
from lading.catalog.outline import read_outline
from lading.errors import CatalogError

TEXT = """---
# a comment
one: 1
'quoted ''key''': "a value" # and a comment
"a: b":
  inner:
    deep: x
  flow: {node: '>=8'}
  list:
  - item: 1
    more: 2
  - plain
  folded: >-
    not: a key
    nor this
  last: text that goes on
    in: the next line
end: 'it''s'
/@scope/name@1.0(peer@2.0):
  empty:
"""


def test_keys_and_scalars_are_read_and_the_rest_is_passed_over() -> None:
    outline = read_outline("/it", TEXT.encode())

    assert outline.rows == (
        (("one",), "1"),
        (("quoted 'key'",), "a value"),
        (("a: b",), ""),
        (("a: b", "inner"), ""),
        (("a: b", "inner", "deep"), "x"),
        (("a: b", "flow"), "{node: '>=8'}"),
        (("a: b", "list"), ""),
        (("a: b", "folded"), ""),
        (("a: b", "last"), "text that goes on"),
        (("end",), "it"),
        (("/@scope/name@1.0(peer@2.0)",), ""),
        (("/@scope/name@1.0(peer@2.0)", "empty"), ""),
    )
    assert outline.broken == 0


def test_facts_are_the_scalars_of_the_third_level() -> None:
    text = (
        b"packages:\n  a:\n    version: '1'\n    deep:\n      version: 2\n  b: {}\nother:\n  c: 1\n"
    )

    outline = read_outline("/it", text)

    assert outline.facts("packages") == {"a": {"version": "1", "deep": ""}, "b": {}}


def test_lines_that_cannot_be_understood_are_counted() -> None:
    outline = read_outline("/it", b"one: 1\nno key here\n? odd\ntwo: 2\n")

    assert [keys for keys, _ in outline.rows] == [("one",), ("two",)]
    with pytest.raises(CatalogError, match="/it: 2 of its lines"):
        outline.check("/it")


@pytest.mark.parametrize(("data", "reason"), [
    (b"\xff\xfe", "no UTF-8"),
    ("\n".join(f"{' ' * depth}a:" for depth in range(100)).encode(), "nested too deep"),
])  # fmt: skip
def test_what_is_no_lock_file_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(CatalogError, match=reason):
        read_outline("/it", data)


@pytest.mark.parametrize(
    "line", ["'" * 100_000, '"' + "\\" * 100_000, ":" * 100_000, "a:a" * 50_000]
)
def test_a_long_line_takes_no_long_time(line: str) -> None:
    assert len(read_outline("/it", line.encode()).rows) <= 1


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(TEXT.encode()):
        try:
            read_outline("/it", data)
        except CatalogError as error:
            assert "/it" in str(error)  # noqa: PT017 - it may as well be read
