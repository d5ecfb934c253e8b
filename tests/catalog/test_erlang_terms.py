"""Erlang terms, as Erlang itself writes them."""

import shutil
import subprocess

import pytest

from lading.catalog.erlang_terms import Atom, read_terms
from lading.errors import CatalogError


@pytest.mark.skipif(shutil.which("erl") is None, reason="Erlang is not installed")
def test_what_erlang_wrote_is_read() -> None:
    program = (
        'io:format("~tp.~n~tp.~n", [{application, \'a b\', [{vsn, "1.0 \\"x\\""}, {n, -7},'
        ' {f, 0.5}, {b, <<"bin">>}, {c, <<1,2>>}, {m, #{k => [v|w]}}, {e, []}]}, one]), halt().'
    )
    command = ["erl", "-noshell", "-eval", program]
    data = subprocess.run(command, check=True, capture_output=True).stdout

    first, second = read_terms("/it", data)

    assert first == (
        "application", "a b",
        [("vsn", '1.0 "x"'), ("n", "-7"), ("f", "0.5"), ("b", "bin"), ("c", "<<1,2>>"),
         ("m", ["k", ["v", "w"]]), ("e", [])],
    )  # fmt: skip
    assert isinstance(second, Atom)


@pytest.mark.parametrize(("text", "terms"), [
    ("", []),
    ("% nothing\n", []),
    ("a. b.", ["a", "b"]),
    ('{"a", \'b\'}. % after', [("a", "b")]),
    ("[16#ff, $a, 1.5e3].", [["16#ff", "$a", "1.5e3"]]),
    ('<<"text"/utf8>>.', ["text"]),
])  # fmt: skip
def test_forms_of_terms(text: str, terms: list[object]) -> None:
    assert read_terms("/it", text.encode()) == terms


def test_a_text_is_no_atom() -> None:
    text, atom = read_terms("/it", b'"git". git.')

    assert not isinstance(text, Atom)
    assert isinstance(atom, Atom)


@pytest.mark.parametrize(("text", "reason"), [
    ("{a, b", "cut within a term"),
    ('"never closed', "no Erlang term"),
    ("<<1, 2", "no Erlang term"),
    ("a}.", "closes nothing"),
    ("{a].", "closes nothing"),
    ("[a. b].", "ends within brackets"),
    ("!", "no Erlang term"),
    ("\0", "no Erlang term"),
    ("[" * 100_000, "nested too deep"),
])  # fmt: skip
def test_what_is_no_term_is_refused(text: str, reason: str) -> None:
    with pytest.raises(CatalogError, match=reason):
        read_terms("/it", text.encode())
