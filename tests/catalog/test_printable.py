"""Facts from files that anybody may have written, made fit to be printed and stored."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.catalog.printable import one_line, printable
from lading.model.package import Fact, Ownership, Package, Release, SourcePackage

HOSTILE = "a\x1b[31m\0\n\x7f\x9b\u2028\ud800z"
TAMED = "a\ufffd[31m" + "\ufffd" * 6 + "z"


def a_package(text: str) -> Package:
    """Every text is the one given."""
    facts: dict[str, Any] = {
        one.name: (text,) if one.type == tuple[str, ...] else text
        for one in fields(Package)
        if one.type in (str, str | None, tuple[str, ...])
    }
    source = SourcePackage(name=text, version=text)
    more = {"source": source, "built_using": (source,), "paths": ("/\udcff\n",)}
    return Package(**facts | more)


def an_ownership(text: str) -> Ownership:
    return Ownership(type="deb", name=text, version=text, arch=text, paths=("/\udcff\n",))


def a_release(text: str) -> Release:
    return Release(
        id=text, version_id=text, pretty_name=text, id_like=(text,), codename=text, path="/\n"
    )


@pytest.mark.parametrize("a_fact", [a_package, an_ownership, a_release])
def test_what_cannot_be_printed_is_replaced_in_every_text_but_paths(
    a_fact: Callable[[str], Fact],
) -> None:
    assert printable(a_fact(HOSTILE)) == a_fact(TAMED)


@pytest.mark.parametrize("text", ["1.0-1", "größe 1\u00a0%", "名前", "\U0001f600"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    for fact in (a_package(text), an_ownership(text), a_release(text)):
        assert printable(fact) is fact


def test_texts_that_are_not_there_stay_so() -> None:
    package = Package(type="deb", name="\n", version=None, paths=("/p",))

    assert printable(package) == Package(type="deb", name="\ufffd", version=None, paths=("/p",))


@given(st.text(st.characters()))
def test_a_message_is_one_line_that_can_be_written(text: str) -> None:
    line = one_line(text * 100)

    line.encode()
    assert len(line) <= 503
    assert line.isprintable() or not set(line) & set("\n\r\0\x1b\x7f\x85")


def test_a_message_keeps_its_words() -> None:
    assert one_line("bad:\n\tkey \x1b[0m") == "bad: key \ufffd[0m"
