"""The only door to the network: HTTP requests with bounds, retries and conditional headers.

Whoever needs the network is handed a `Fetch`; `http_fetch` makes the real one. Only https is used,
but for addresses of this machine.
"""

import ipaddress
import random
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import Protocol

from lading import __version__
from lading.errors import UnreadableError

RETRIED = frozenset((429, 500, 502, 503, 504))
LONGEST_WAIT = 60.0  # seconds between two tries, whatever the server asks for
_PART = 1 << 20


class NetworkError(UnreadableError):
    """Something could not be fetched; the message says what, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole answer; `body` is None where nothing changed since `etag`."""

    body: bytes | None
    etag: str | None  # to be sent with the next request


class Fetch(Protocol):
    def __call__(self, url: str, *, etag: str | None = None) -> Response:
        """Return the document; NetworkError when it cannot be had."""
        ...


def http_fetch(
    *,
    largest: int,
    ca_file: Path | None = None,
    proxy: str | None = None,
    timeout: float = 30.0,
    tries: int = 4,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetch:
    """Return a Fetch over HTTP; `largest` in bytes of one body, `timeout` in seconds of silence."""
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise NetworkError(
                f"{ca_file}: no certificates can be read from it: {error}"
            ) from error
    proxies = None if proxy is None else {"http": proxy, "https": proxy}
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler(proxies),
        urllib.request.HTTPSHandler(context=context),
        _SameScheme(),
    )

    def fetch(url: str, *, etag: str | None = None) -> Response:
        check_url(url)
        for number in range(1, tries + 1):
            try:
                return _once(opener, url, etag, timeout, largest)
            except _Again as again:
                if number == tries:
                    raise NetworkError(f"{url}: {again} (tried {tries} times)") from again
                sleep(wait_before(number, again.wait))
        raise NetworkError(f"{url}: not tried")

    return fetch


def check_url(url: str) -> None:
    """Raise NetworkError for an address that is not https, nor this machine's."""
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme == "http" and parts.hostname and is_loopback(parts.hostname):
        return
    raise NetworkError(f"{url}: only https is fetched (http from this machine alone)")


def is_loopback(host: str) -> bool:
    """Say whether the host name or address is this machine's own."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class _Again(Exception):
    """A failure that another try may mend; `wait` in seconds where the server says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class _SameScheme(urllib.request.HTTPRedirectHandler):
    """Follow redirects to addresses that may be fetched only."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # as inherited
        check_url(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _once(
    opener: urllib.request.OpenerDirector, url: str, etag: str | None, timeout: float, largest: int
) -> Response:
    headers = {"User-Agent": f"lading/{__version__}"} | ({"If-None-Match": etag} if etag else {})
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was checked
    try:
        with opener.open(request, timeout=timeout) as answer:
            return Response(body=_body(answer, url, largest), etag=answer.headers.get("ETag"))
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304:
            return Response(body=None, etag=etag)
        if error.code in RETRIED:
            wait = retry_after(error.headers.get("Retry-After"))
            raise _Again(f"HTTP {error.code}", wait) from error
        raise NetworkError(f"{url}: HTTP {error.code} {error.reason}") from error
    except (OSError, HTTPException) as error:
        raise _Again(str(getattr(error, "reason", error)) or type(error).__name__) from error


def _body(answer: HTTPResponse, url: str, largest: int) -> bytes:
    body = bytearray()
    while part := answer.read(_PART):
        body += part
        if len(body) > largest:
            raise NetworkError(f"{url}: more than {largest} bytes")
    length = answer.headers.get("Content-Length")
    if length is not None and length.isdigit() and len(body) < int(length):
        raise _Again(f"the answer ended after {len(body)} of {length} bytes")
    return bytes(body)


def retry_after(text: str | None) -> float | None:
    """Return the seconds of a Retry-After, which is a number or a date."""
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def wait_before(number: int, asked: float | None) -> float:
    """Return how long to wait behind try `number`: what was asked for, or about 1, 2, 4 s."""
    own = 2.0 ** (number - 1) * (0.5 + random.random() / 2)  # noqa: S311 - no secret
    return min(own if asked is None else asked, LONGEST_WAIT)
