"""The only door to the network: HTTP requests with bounds, retries and conditional headers.

Whoever needs a document is handed a `Fetch`; `http_fetch` makes the real one. Registries and
engines are asked through `transport`, whose answers are streams. Only https is used, but for
addresses of this machine.
"""

import ipaddress
import random
import re
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import BinaryIO, Protocol

from lading import __version__
from lading.errors import UnreadableError

RETRIED = frozenset((429, 500, 502, 503, 504))
LONGEST_WAIT = 60.0  # seconds between two tries, whatever the server asks for
_PART = 1 << 20
_PACE = 1024  # bytes a second, below which a body is given up


class NetworkError(UnreadableError):
    """Something could not be fetched; the message says what, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A whole answer, whose body was written where the caller asked for it."""

    is_new: bool  # False: nothing changed since `validator`, and there is no body
    validator: str | None  # the server's name for this state, to be sent with the next request
    modified: str | None = None  # when it changed last, RFC 3339 UTC, where the server says so


class Fetch(Protocol):
    def __call__(self, url: str, into: BinaryIO, *, validator: str | None = None) -> Response:
        """Write the document into the file, from its start; NetworkError when it cannot be had."""
        ...


def http_fetch(
    *,
    largest: int,
    ca_file: Path | None = None,
    proxy: str | None = None,
    timeout: float = 30.0,
    grace: float = 60.0,
    patience: float = 1800.0,
    tries: int = 4,
    sleep: Callable[[float], None] = time.sleep,
) -> Fetch:
    """Return a Fetch over HTTP; NetworkError when `ca_file` cannot be used.

    `largest` in bytes of one body; `timeout` in seconds of silence, `patience` of one whole answer,
    `grace` before a body that hardly moves is given up. A body that was cut is gone on with where
    the server lets us, else begun again.
    `proxy` is used for all but this machine's own addresses; without it, those of the environment.
    """
    context = trusting(ca_file)
    proxies = None if proxy is None else {"http": proxy, "https": proxy}
    direct, outside = (
        urllib.request.build_opener(
            urllib.request.ProxyHandler(via),
            urllib.request.HTTPSHandler(context=context),
            _SameScheme(),
        )
        for via in ({}, proxies)
    )
    bounds = _Bounds(timeout=timeout, grace=grace, patience=patience, largest=largest)

    def fetch(url: str, into: BinaryIO, *, validator: str | None = None) -> Response:
        check_url(url)
        opener = direct if is_loopback(urllib.parse.urlsplit(url).hostname or "") else outside
        had = _Had()
        for number in range(1, tries + 1):
            try:
                return _once(opener, url, into, validator, bounds, had)
            except _Again as again:
                if number == tries:
                    raise NetworkError(f"{url}: {again} (tried {tries} times)") from again
                sleep(wait_before(number, again.wait))
        raise NetworkError(f"{url}: not tried")

    return fetch


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """Return what servers are judged by: the machine's authorities, and those of the PEM file.

    Raise NetworkError when no certificates can be read from it.
    """
    context = ssl.create_default_context()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise NetworkError(
                f"{ca_file}: no certificates can be read from it: {error}"
            ) from error
    return context


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bounds:
    timeout: float  # seconds without a byte
    grace: float  # seconds before the pace counts
    patience: float  # seconds for all of a body
    largest: int  # bytes


@dataclass(slots=True)
class _Had:
    """What an answer that was cut left behind."""

    size: int = 0  # bytes
    state: str | None = None  # the server's name for what they are a part of

    def range(self) -> dict[str, str]:
        """Return the headers that ask for the rest, as long as the whole is the same.

        https://www.rfc-editor.org/rfc/rfc9110#name-if-range
        """
        if not self.size or self.state is None:
            return {}
        return {"Range": f"bytes={self.size}-", "If-Range": self.state}

    def begin(self, answer: HTTPResponse) -> None:
        """Take note of an answer: where its bytes belong, and of what they are."""
        found = re.match(r"bytes (\d{1,18})-", answer.headers.get("Content-Range") or "")
        if answer.status != 206:
            self.size = 0
        elif found is None or int(found[1]) != self.size:
            self.size, self.state = 0, None
            raise _Again("the answer is another part than was asked for")
        state = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
        self.state = None if state is not None and state.startswith("W/") else state


def _once(
    opener: urllib.request.OpenerDirector,
    url: str,
    into: BinaryIO,
    validator: str | None,
    bounds: _Bounds,
    had: _Had,
) -> Response:
    headers = {"User-Agent": f"lading/{__version__}"} | (had.range() or _condition(validator))
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - the scheme was checked
    try:
        with opener.open(request, timeout=bounds.timeout) as answer:
            had.begin(answer)
            _copy(answer, into, url, bounds, had)
            modified = answer.headers.get("Last-Modified")
            return Response(
                is_new=True,
                validator=answer.headers.get("ETag") or modified,
                modified=_moment(modified),
            )
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304:
            return Response(is_new=False, validator=validator)
        if error.code == 416 and had.size:
            had.size, had.state = 0, None
            raise _Again("the part that was missing is not there") from error
        if error.code in RETRIED:
            wait = retry_after(error.headers.get("Retry-After"))
            raise _Again(f"HTTP {error.code}", wait) from error
        raise NetworkError(f"{url}: HTTP {error.code} {error.reason}") from error
    except ssl.SSLCertVerificationError as error:
        raise NetworkError(f"{url}: {error.verify_message}; is a ca_file missing?") from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLCertVerificationError):
            reason = error.reason.verify_message
            raise NetworkError(f"{url}: {reason}; is a ca_file missing?") from error
        raise _Again(str(error.reason) or type(error.reason).__name__) from error
    except (OSError, HTTPException, ValueError) as error:
        raise _Again(str(error) or type(error).__name__) from error


def _condition(validator: str | None) -> dict[str, str]:
    """Return the header that asks for changes since then: an entity tag is in quotes, else a date.

    https://www.rfc-editor.org/rfc/rfc9110#name-conditional-requests
    """
    if not validator:
        return {}
    name = "If-None-Match" if validator.endswith('"') else "If-Modified-Since"
    return {name: validator}


def _copy(answer: HTTPResponse, into: BinaryIO, url: str, bounds: _Bounds, had: _Had) -> None:
    began, before = time.monotonic(), had.size
    into.seek(before)
    into.truncate()
    while part := answer.read1(_PART):
        had.size += len(part)
        spent = time.monotonic() - began
        if had.size > bounds.largest:
            raise NetworkError(f"{url}: more than {bounds.largest} bytes")
        if spent > bounds.patience:
            raise NetworkError(f"{url}: not done after {bounds.patience:g} seconds")
        if spent > bounds.grace and had.size - before < _PACE * spent:
            raise NetworkError(f"{url}: slower than {_PACE} bytes a second, given up")
        into.write(part)
    length, size = answer.headers.get("Content-Length"), had.size - before
    if length is not None and length.isascii() and length.isdigit() and size < int(length[:18]):
        raise _Again(f"the answer ended after {size} of {length} bytes")


def _moment(date: str | None) -> str | None:
    """Return a date of a header as RFC 3339 UTC."""
    try:
        moment = parsedate_to_datetime(date or "").astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat().replace("+00:00", "Z")


def retry_after(text: str | None) -> float | None:
    """Return the seconds of a Retry-After, which is a number or a date."""
    if not text:
        return None
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def wait_before(number: int, asked: float | None) -> float:
    """Return how long to wait behind try `number`: what was asked for, or about 1, 2, 4 s."""
    own = 2.0 ** (number - 1) * (0.5 + random.random() / 2)  # noqa: S311 - no secret
    return min(own if asked is None else asked, LONGEST_WAIT)
