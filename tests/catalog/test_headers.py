"""Blocks of `Name: value` lines."""

import pytest

from lading.catalog.headers import first, read_fields


def test_a_block_ends_at_the_first_blank_line() -> None:
    assert read_fields(b"A: 1\nB: 2\n\nC: 3\n") == {"a": ("1",), "b": ("2",)}


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_lines_end_in_any_way(end: bytes) -> None:
    assert read_fields(end.join((b"A: 1", b"B: 2", b"", b"C: 3"))) == {"a": ("1",), "b": ("2",)}


def test_a_name_may_stand_several_times_in_any_case() -> None:
    fields = read_fields(b"License: x\nLICENSE: y\n")

    assert fields == {"license": ("x", "y")}
    assert first(fields, "license") == "x"
    assert first(fields, "missing") is None


@pytest.mark.parametrize(("joint", "value"), [("\n", "one\ntwo"), ("", "onetwo")])
def test_a_value_goes_on_in_lines_that_start_with_a_blank(joint: str, value: str) -> None:
    assert read_fields(b"A: one\n two\n", joint=joint) == {"a": (value,)}


def test_lines_that_are_no_field_are_passed_over() -> None:
    assert read_fields(b" lost\nnonsense\n gone\nA: 1\n") == {"a": ("1",)}


def test_other_bytes_than_utf8_are_marked() -> None:
    assert read_fields(b"A: \xe9\n") == {"a": ("\ufffd",)}
