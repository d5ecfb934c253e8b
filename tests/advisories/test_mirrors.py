"""Mirrors of feeds."""

from io import BytesIO
from typing import BinaryIO

import pytest

from lading.advisories.mirrors import mirrored, parse_mirrors
from lading.errors import UsageError
from lading.net import Response

MIRRORS = (
    "https://feeds.example/=https://mirror.example/all/",
    "https://feeds.example/osv/=https://other.example/",
)


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ("https://feeds.example/kev.json", "https://mirror.example/all/kev.json"),
        ("https://feeds.example/osv/Go/all.zip", "https://other.example/Go/all.zip"),
        ("https://elsewhere.example/kev.json", "https://elsewhere.example/kev.json"),
    ],
)
def test_the_longest_prefix_decides(asked: str, url: str) -> None:
    seen: list[tuple[str, str | None]] = []

    def fetch(url: str, into: BinaryIO, *, validator: str | None = None) -> Response:
        seen.append((url, validator))
        return Response(is_new=True, validator=None)

    mirrored(fetch, parse_mirrors(MIRRORS))(asked, BytesIO(), validator='"1"')

    assert seen == [(url, '"1"')]


@pytest.mark.parametrize("text", ["", "x", "https://a.example/", "a=b", "https://a.example/=b"])
def test_another_form_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="advisory_mirrors"):
        parse_mirrors((text,))
