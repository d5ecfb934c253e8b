"""What the database keeps of a record is what it was given."""

import contextlib
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given

from advisories.samples import AFFECTED, advisories, an_advisory, an_affected
from builders import damaged
from lading.advisories.rows import (
    affected_from_bytes,
    affected_to_bytes,
    record_from_bytes,
    record_to_bytes,
)
from lading.errors import AdvisoryError
from lading.model.advisory import Advisory, Affected


@given(AFFECTED)
def test_what_a_record_says_of_a_package_comes_back(affected: Affected) -> None:
    data = affected_to_bytes(affected)

    assert affected_from_bytes(data, affected.ecosystem, affected.name) == affected


@given(advisories())
def test_a_record_comes_back_without_its_packages(advisory: Advisory) -> None:
    data = record_to_bytes(replace(advisory, affected=(an_affected(),)))

    assert record_from_bytes(data, advisory.id, advisory.feed) == advisory


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"ranges": 1}),
        msgspec.msgpack.encode([[[9, ["i0"]]]]),
        msgspec.msgpack.encode([[[0, ["x0"]]]]),
        msgspec.msgpack.encode([[[0, [""]]]]),
        b"\x91" * 100_000,
    ],
    ids=["nothing", "no msgpack", "a map", "no type", "no kind", "an empty event", "nested"],
)
def test_other_bytes_are_an_error_of_the_database(data: bytes) -> None:
    with pytest.raises(AdvisoryError, match="cannot be read"):
        affected_from_bytes(data, "PyPI", "thing")


def test_damaged_rows_are_read_or_refused() -> None:
    advisory = an_advisory(aliases=("CVE-2026-1",), title="words")

    for data in damaged(record_to_bytes(advisory)):
        with contextlib.suppress(AdvisoryError):
            assert record_from_bytes(data, "X", "feed").id == "X"
    for data in damaged(affected_to_bytes(advisory.affected[0])):
        with contextlib.suppress(AdvisoryError):
            assert affected_from_bytes(data, "PyPI", "thing").name == "thing"
