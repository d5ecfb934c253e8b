"""One HTTP request in, one answer out, its body a stream: over TCP, TLS or a socket file.

Redirects are followed without passing credentials to another host. Plain HTTP is for this machine
and for the hosts that the user calls insecure. HTTP: https://www.rfc-editor.org/rfc/rfc9110
"""

import base64
import io
import socket
import ssl
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lading import __version__
from lading.net import NetworkError, is_loopback, trusting

if TYPE_CHECKING:
    from typing_extensions import Buffer

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
_SECRET = frozenset(("authorization", "cookie"))
_PACE = 1024  # bytes a second, below which a body is given up …
_PATIENCE = 60.0  # … once so many seconds were spent waiting for it


class Unreachable(NetworkError):
    """No connection, or one that was cut: another try may help."""


class NoTls(Unreachable):
    """Something answers, but not with TLS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer; whoever gets it closes its body."""

    status: int
    headers: Message
    body: io.RawIOBase  # raises Unreachable when the connection is cut
    url: str  # where it came from, behind redirects


class Transport(Protocol):
    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        """Return the answer of any status; NetworkError, or Unreachable when it may come later."""
        ...


class _Place(NamedTuple):
    scheme: str
    host: str
    port: int

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


class HttpTransport:
    """Requests over TCP and TLS.

    `insecure` are hosts (with port, where they have one) that may be asked without TLS; `proxy` is
    an http address, None for what the environment says; `timeout` in seconds of silence.
    """

    def __init__(
        self,
        *,
        ca_file: Path | None = None,
        proxy: str | None = None,
        insecure: frozenset[str] = frozenset(),
        timeout: float = 30.0,
    ) -> None:
        self._tls = trusting(ca_file)
        self._proxy = proxy
        self._insecure = insecure
        self._timeout = timeout

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        sent = dict(headers or {})
        for _ in range(_MOST_REDIRECTS + 1):
            place = self._allowed(url)
            response = self._send(place, method, url, sent, body)
            location = response.headers.get("Location")
            if response.status not in _REDIRECTS or not location or method not in ("GET", "HEAD"):
                return response
            response.body.close()
            url = self._redirected(place, url, location)
            if _place(url) != place:
                sent = {key: sent[key] for key in sent if key.lower() not in _SECRET}
        raise NetworkError(f"{shown(url)}: more than {_MOST_REDIRECTS} redirects")

    def _allowed(self, url: str) -> _Place:
        place = _place(url)
        if place.scheme == "https" or self.may_be_plain(place.host, place.authority):
            return place
        raise NetworkError(
            f"{shown(url)}: only https is used; a host that has none must be listed as insecure"
        )

    def may_be_plain(self, host: str, authority: str) -> bool:
        """Say whether the host may be asked without TLS."""
        return is_loopback(host) or bool({host, authority} & self._insecure)

    def _redirected(self, place: _Place, url: str, location: str) -> str:
        """Return the absolute address; NetworkError where a redirect would be a step down."""
        try:
            target = urllib.parse.urljoin(url, location)
        except ValueError as error:
            raise NetworkError(f"{shown(url)}: it redirects to no address") from error
        there = _place(target)
        if place.scheme == "https" and there.scheme != "https":
            raise NetworkError(f"{shown(url)}: it redirects from https to {there.scheme}")
        if is_loopback(there.host) and not is_loopback(place.host):
            raise NetworkError(f"{shown(url)}: it redirects to this machine itself")
        return target

    def _send(
        self, place: _Place, method: str, url: str, headers: Mapping[str, str], body: bytes | None
    ) -> Response:
        parts = urllib.parse.urlsplit(url)
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        proxy = None if is_loopback(place.host) else self._proxy_for(place)
        if proxy is None:
            connection = self._connection(place, place)
        elif place.scheme == "https":
            connection = self._connection(place, _place(proxy))
            connection.set_tunnel(place.host, place.port, headers=_proxy_headers(proxy))
        else:
            connection = self._connection(place, _place(proxy))
            target = urllib.parse.urlunsplit((*parts[:2], parts.path or "/", parts.query, ""))
            headers = {**headers, **_proxy_headers(proxy)}
        return exchange(connection, method, target, headers, body, url=url)

    def _connection(self, place: _Place, next_hop: _Place) -> HTTPConnection:
        if place.scheme == "https":
            return HTTPSConnection(
                next_hop.host, next_hop.port, timeout=self._timeout, context=self._tls
            )
        return HTTPConnection(next_hop.host, next_hop.port, timeout=self._timeout)

    def _proxy_for(self, place: _Place) -> str | None:
        proxy = self._proxy
        if proxy is None:
            if urllib.request.proxy_bypass(place.authority):
                return None
            proxy = urllib.request.getproxies().get(place.scheme)
        if not proxy:
            return None
        proxy = proxy if "://" in proxy else f"http://{proxy}"
        if _place(proxy).scheme != "http":
            raise NetworkError(f"the proxy {shown(proxy)} must be an http:// address")
        return proxy


class UnixTransport:
    """Requests over a socket file; only the path and query of an address count."""

    def __init__(self, path: Path, *, timeout: float = 300.0) -> None:
        self._path = path
        self._timeout = timeout

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Response:
        parts = urllib.parse.urlsplit(url)
        target = urllib.parse.urlunsplit(("", "", parts.path, parts.query, ""))
        connection = _UnixConnection(self._path, self._timeout)
        where = f"{self._path}: {parts.path}"
        return exchange(connection, method, target, headers or {}, body, url=where)


class _UnixConnection(HTTPConnection):
    def __init__(self, path: Path, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


def exchange(
    connection: HTTPConnection,
    method: str,
    target: str,
    headers: Mapping[str, str],
    body: bytes | None,
    *,
    url: str,
) -> Response:
    """Send one request and return its answer; NetworkError, closing the connection, on failure."""
    try:
        connection.request(
            method, target, body=body, headers={"User-Agent": f"lading/{__version__}", **headers}
        )
        answer = connection.getresponse()
    except ssl.SSLCertVerificationError as error:
        connection.close()
        raise NetworkError(
            f"{shown(url)}: its certificate is not trusted ({error.verify_message}); "
            "a certificate authority of your own goes into the setting ca_file"
        ) from error
    except ssl.SSLError as error:
        connection.close()
        raise NoTls(f"{shown(url)}: no TLS connection ({error.reason or error})") from error
    except (OSError, HTTPException) as error:
        connection.close()
        raise Unreachable(f"{shown(url)}: {_reason(error)}") from error
    except ValueError as error:  # a header or an address with characters that HTTP forbids
        connection.close()
        raise NetworkError(f"{shown(url)}: cannot be asked for: {error}") from error
    return Response(
        status=answer.status, headers=answer.headers, body=_Body(answer, connection, url), url=url
    )


class _Body(io.RawIOBase):
    """The content of an answer, which says when it ends too early or hardly moves."""

    def __init__(
        self,
        answer: HTTPResponse,
        connection: HTTPConnection,
        url: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._answer = answer
        self._connection = connection
        self._url = url
        self._clock = clock
        self._expected = answer.length
        self._count = 0
        self._waited = 0.0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Buffer", /) -> int:
        view = memoryview(buffer).cast("B")
        began = self._clock()
        try:
            got = self._answer.readinto(view)
        except (OSError, HTTPException, ValueError) as error:
            raise Unreachable(f"{shown(self._url)}: cut: {_reason(error)}") from error
        self._count += got
        self._waited += self._clock() - began
        if not got and view.nbytes and self._expected and self._count < self._expected:
            raise Unreachable(
                f"{shown(self._url)}: cut after {self._count} of {self._expected} bytes"
            )
        if self._waited > _PATIENCE and self._count < _PACE * self._waited:
            raise NetworkError(f"{shown(self._url)}: slower than {_PACE} bytes a second, given up")
        return got

    def close(self) -> None:
        if not self.closed:
            self._answer.close()
            self._connection.close()
        super().close()


def read_all(response: Response, largest: int) -> bytes:
    """Return the whole body and close it; NetworkError past `largest` bytes."""
    data = bytearray()
    with response.body as body:
        while part := body.read(min(largest + 1 - len(data), 1 << 20)):
            data += part
            if len(data) > largest:
                raise NetworkError(f"{shown(response.url)}: more than {largest} bytes")
    return bytes(data)


def shown(url: str) -> str:
    """Return the address for a message: short, without account, query or fragment."""
    try:
        parts = urllib.parse.urlsplit(url)
    except ValueError:
        return "an address that is none"
    netloc = parts.netloc.rpartition("@")[2]
    return urllib.parse.urlunsplit((parts.scheme, netloc, parts.path, "", ""))[:300]


def _place(url: str) -> _Place:
    try:
        parts = urllib.parse.urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise NetworkError(f"{url[:300]!r} is no address") from error
    if parts.scheme not in ("http", "https") or not host:
        raise NetworkError(f"{shown(url)!r} is no http or https address")
    return _Place(parts.scheme, host, port or (443 if parts.scheme == "https" else 80))


def _proxy_headers(proxy: str) -> dict[str, str]:
    parts = urllib.parse.urlsplit(proxy)
    if parts.username is None:
        return {}
    account = f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
    return {"Proxy-Authorization": "Basic " + base64.b64encode(account.encode()).decode()}


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
