"""Debian's lists of advisories, in the shapes that they have had."""

import gzip
import re

import pytest

from lading.advisories.sources.debian_lists import DEBIAN_LISTS, parse
from lading.errors import InvalidRecord
from shared_data import shared

ENTRY = """\
[29 Mar 2023] DSA-5380-1 thing - security update
\t{CVE-2023-1393 CVE-2023-1394}
\t[bullseye] - thing 2:1.20.11-1+deb11u6
\t[buster] - thing 2:1.20.4-1+deb10u9
"""


def test_an_entry_is_read_whole() -> None:
    found = parse(ENTRY.encode())

    (one,) = found.advisories
    assert (one.id, one.feed, found.as_of) == ("DSA-5380-1", "debian/dsa", "2023-03-29T00:00:00Z")
    assert (one.modified, one.published) == ("2023-03-29T00:00:00Z",) * 2
    assert one.upstream == ("CVE-2023-1393", "CVE-2023-1394")
    assert one.title == "thing - security update"
    assert [
        (item.ecosystem, item.name, item.of, item.ranges[0].events[1].version)
        for item in one.affected
    ] == [
        ("Debian:11", "thing", "source", "2:1.20.11-1+deb11u6"),
        ("Debian:10", "thing", "source", "2:1.20.4-1+deb10u9"),
    ]


@pytest.mark.parametrize(
    ("head", "id", "feed", "date"),
    [
        ("[01 Apr 2023] DLA-3380-1 x - y", "DLA-3380-1", "debian/dla", "2023-04-01T00:00:00Z"),
        ("[01 Aug 2002] DSA-141 x - y", "DSA-141", "debian/dsa", "2002-08-01T00:00:00Z"),
        (
            "[August 26th, 2005] DTSA-1-1 x - y",
            "DTSA-1-1",
            "debian/dtsa",
            "2005-08-26T00:00:00Z",
        ),
        (
            "[September 1st, 2005] DTSA-8-2 x - y",
            "DTSA-8-2",
            "debian/dtsa",
            "2005-09-01T00:00:00Z",
        ),
        ("[31 Foo 2005] DSA-9-1  x", "DSA-9-1", "debian/dsa", None),
    ],
)
def test_heads_of_all_times(head: str, id: str, feed: str, date: str | None) -> None:
    (one,) = parse(f"{head}\n\t[sarge] - x 1.0\n".encode()).advisories

    assert (one.id, one.feed, one.published) == (id, feed, date)


@pytest.mark.parametrize(
    ("line", "state", "rating", "statement", "fixed"),
    [
        ("[woody] - x 1.0-1 (medium)", None, "medium", None, ["1.0-1"]),
        ("[woody] - x 1.0-1 (see below)", None, None, "see below", ["1.0-1"]),
        ("[woody] - x <not-affected> (Not built)", "not-affected", None, "Not built", []),
        ("[woody] - x <unfixed>", "not-fixed", None, None, []),
        ("[woody] - x <end-of-life>", "end-of-life", None, None, []),
        ("[woody] - x <no-dsa> (Minor)", "deferred", None, "Minor", []),
        ("[woody] - x <ignored>", "wont-fix", None, None, []),
        ("[woody] - x <undetermined>", "under-investigation", None, None, []),
    ],
)
def test_a_line_of_a_package(
    line: str, state: str | None, rating: str | None, statement: str | None, fixed: list[str]
) -> None:
    found = parse(f"[01 Aug 2004] DSA-1-1 x - y\n\t{line}\n".encode())

    ((affected,),) = (one.affected for one in found.advisories)
    assert (affected.state, affected.rating, affected.statement) == (state, rating, statement)
    assert [event.version for one in affected.ranges for event in one.events[1:]] == fixed
    assert found.rejected == ()


@pytest.mark.parametrize(
    "line",
    [
        "\t[woody] - x",
        "\t[woody] - x <what>",
        "\t[WOODY] - x 1.0",
        "\t[woody] x 1.0",
        "[01 Aug 2004] no id",
        "DSA-2-1 x - y",
    ],
)
def test_a_broken_line_is_rejected_alone(line: str) -> None:
    found = parse(f"{line}\n".encode() + ENTRY.encode()) if line[0] != "\t" else None
    found = found or parse(ENTRY.encode() + f"{line}\n".encode())

    assert [one.id for one in found.advisories] == ["DSA-5380-1"]
    assert len(found.advisories[0].affected) == 2
    assert len(found.rejected) == 1


def test_an_id_that_stands_twice_is_said_so() -> None:
    found = parse(ENTRY.encode() * 2)

    assert len(found.advisories) == 1
    assert found.rejected == (("DSA-5380-1", "a second entry of this id"),)


def test_announcements_have_no_package() -> None:
    (one,) = parse(b"[18 Apr 2018] DSA-4205-1 the end\n\tNOTE: of support\n").advisories

    assert (one.affected, one.upstream) == ((), ())


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"\n\n", b"DSA\n", b"[" * 100_000])
def test_what_has_no_entry_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="no list of Debian's advisories"):
        parse(data)


def test_a_list_is_recognised_by_its_first_entry() -> None:
    assert DEBIAN_LISTS.claims(ENTRY.encode())
    assert not DEBIAN_LISTS.claims(b"[section] DSA\n")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["DSA", "DLA", "DTSA"])
def test_the_real_lists_are_read_without_a_rest(name: str) -> None:
    folder = shared("advisories", "samples", "debian-tracker-git")
    (file,) = folder.glob(f"*data__{name}__list*")
    data = file.read_bytes()
    text = (gzip.decompress(data) if file.suffix == ".gz" else data).decode()

    found = parse(text.encode())

    assert found.rejected == ()
    assert [one.id for one in found.advisories] == re.findall(
        rf"^\[.*\] ({name}-\S+)", text, re.MULTILINE
    )
    assert sum(len(one.affected) for one in found.advisories) == len(
        re.findall(r"^\s+\[[a-z]+\]\s+- ", text, re.MULTILINE)
    )
    assert all(one.published for one in found.advisories)
