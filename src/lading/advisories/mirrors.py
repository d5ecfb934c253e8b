"""Addresses of feeds to those of a mirror that a site has of them."""

from typing import BinaryIO

from lading.errors import UsageError
from lading.net import Fetch, Response


def parse_mirrors(texts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Read `PREFIX=URL` settings, longest prefix first; UsageError for another form."""
    found: list[tuple[str, str]] = []
    for text in texts:
        prefix, equals, url = text.partition("=")
        if not equals or "://" not in prefix or "://" not in url:
            raise UsageError(f"advisory_mirrors: {text!r} is not PREFIX=URL, both with a scheme")
        found.append((prefix, url))
    return tuple(sorted(found, key=lambda one: -len(one[0])))


def mirrored(fetch: Fetch, mirrors: tuple[tuple[str, str], ...]) -> Fetch:
    """Return a Fetch that asks the mirror for what begins with its prefix, and nobody else."""

    def fetch_there(url: str, into: BinaryIO, *, validator: str | None = None) -> Response:
        for prefix, place in mirrors:
            if url.startswith(prefix):
                url = place + url.removeprefix(prefix)
                break
        return fetch(url, into, validator=validator)

    return fetch_there if mirrors else fetch
