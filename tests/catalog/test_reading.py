"""The visitor that hands files to catalogers: each gets what it wants, once."""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.reading import Reading
from lading.catalog.selection import Selection
from lading.image.entry import Wish
from lading.model.package import Fact, Package


def _named(file: ImageFile) -> Iterator[Fact]:
    yield Package(
        type="generic", name=bytes(file.data).decode("latin-1"), version=None, paths=(file.path,)
    )


TEXT = Cataloger(name="text", revision=1, wants=("**/*.txt",), max_size=10, read=_named)
ANY = Cataloger(name="any", revision=1, wants=("/srv/**",), max_size=99, read=_named)
ELF = Cataloger(name="elf", revision=1, content=(Content.ELF,), max_size=50, read=_named)


def a_reading(*exclude: str) -> Reading:
    selection = Selection((TEXT, ANY, ELF))
    return Reading(selection, lambda one, file: tuple(one.read(file)), exclude)


def test_a_file_is_wanted_up_to_the_largest_size_that_a_reader_takes() -> None:
    reading = a_reading()

    assert reading.wish("/a.txt", b"text") == Wish(None, True, 10)
    assert reading.wish("/srv/a.txt", b"text") == Wish(None, True, 99)
    assert reading.wish("/bin/sh", b"\x7fELF") == Wish("elf", True, 50)
    assert reading.wish("/bin/sh", b"#!/bin/dash") == Wish("script", False)
    assert reading.wish("/a", b"") == Wish(None, False)


def test_a_name_alone_may_make_a_file_wanted_but_not_its_content() -> None:
    reading = a_reading()

    assert reading.may_want("/a.txt")
    assert not reading.may_want("/bin/sh")


def test_each_reader_is_asked_once_and_its_facts_kept_under_the_index() -> None:
    reading = a_reading()

    reading.visit(7, "/srv/a.txt", 0o644, b"\x7fELF")
    reading.visit(9, "/b.txt", 0o644, b"b")

    assert {
        index: sorted(one.cataloger.name for one in found) for index, found in reading.found.items()
    } == {7: ["any", "elf", "text"], 9: ["text"]}
    facts = [one.fact for one in reading.found[9]]
    assert [one.paths for one in facts if isinstance(one, Package)] == [("/b.txt",)]


def test_excluded_files_are_neither_wanted_nor_read() -> None:
    reading = a_reading("/srv/**", "**/*.so")

    assert reading.wish("/srv/a.txt", b"x") == Wish(None, False)
    assert reading.wish("/lib/a.so", b"\x7fELF") == Wish("elf", False)
    assert not reading.may_want("/srv/a.txt")
    assert reading.may_want("/usr/a.txt")
