"""One repository of one registry: manifests and blobs, asked for until they come.

Protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import json
import time
import urllib.parse
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from lading.net import LONGEST_WAIT, RETRIED, NetworkError, retry_after, wait_before
from lading.net.transport import NoTls, Response, Transport, Unreachable, read_all, shown
from lading.sources.auth import Authorizer
from lading.sources.credentials import Account

MANIFESTS = ", ".join(
    (
        "application/vnd.oci.image.index.v1+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.docker.distribution.manifest.v2+json",
    )
)
_TRIES = 4
_AT_ONCE = 32 << 20  # bytes of one request that pushes


class Absent(NetworkError):
    """The registry answers, and does not have it, or does not show it to this account."""

    def __init__(self, message: str, *, is_refused: bool = False) -> None:
        super().__init__(message)
        self.is_refused = is_refused  # it says nothing of whether it is there


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a registry, or a mirror of it, is asked."""

    host: str  # for accounts and messages
    base: str  # address without path
    plain: str | None = None  # the same without TLS, where that may be used


class Repository:
    """Reads from one repository at one endpoint, and pushes to it; several threads may read.

    `actions` is what an account is asked to be allowed: `pull`, or `pull,push`.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        name: str,
        transport: Transport,
        account: Callable[[str], Account | None],
        sleep: Callable[[float], None] = time.sleep,
        actions: str = "pull",
    ) -> None:
        self.where = f"{endpoint.host}/{name}"
        self._endpoint = endpoint
        self._base = endpoint.base if endpoint.plain is None else None
        self._path = f"/v2/{name}"
        self._transport = transport
        self._sleep = sleep
        self._authorizer = Authorizer(
            transport, endpoint.host, f"repository:{name}:{actions}", lambda: account(endpoint.host)
        )

    def manifest(self, version: str, largest: int) -> tuple[bytes, Message]:
        """Return the document behind a tag or digest, unverified, and the answer's headers."""
        answer = self._get("GET", f"/manifests/{version}", {"Accept": MANIFESTS})
        return read_all(answer, largest), answer.headers

    def has_blob(self, digest: str) -> bool:
        """Say whether the registry would give the blob."""
        try:
            self._get("HEAD", f"/blobs/{digest}", {}).body.close()
        except Absent:
            return False
        return True

    def blob(self, digest: str, at: int) -> Response:
        """Return an answer with the blob's bytes, from `at` on if the server knows ranges."""
        headers = {"Range": f"bytes={at}-"} if at else {}
        return self._get("GET", f"/blobs/{digest}", headers)

    def push_blob(self, digest: str, content: bytes | Path) -> None:
        """Upload a blob; NetworkError when the registry does not take it."""
        for number in range(1, _TRIES + 1):
            try:
                self._upload(digest, content)
            except Unreachable:
                if number == _TRIES:
                    raise
                self._sleep(wait_before(number, None))
            else:
                return

    def push_manifest(self, tag: str, manifest: bytes, media_type: str) -> None:
        """Put a manifest, whose blobs are there, behind a tag."""
        headers = {"Content-Type": media_type}
        self._get("PUT", f"/manifests/{tag}", headers, manifest, wanted=(201,)).body.close()

    def _upload(self, digest: str, content: bytes | Path) -> None:
        """Push in one request, or in several where it is large."""
        answer = self._get("POST", "/blobs/uploads/", {}, b"", wanted=(202,))
        place = self._location(answer)
        at, rest = 0, b""
        for part in _parts(content):
            if rest:
                end = at + len(rest) - 1
                headers = {
                    "Content-Type": "application/octet-stream",
                    "Content-Range": f"{at}-{end}",
                }
                answer = self._get("PATCH", place, headers, rest, wanted=(202,))
                place, at = self._location(answer), end + 1
            rest = part
        mark = "&" if "?" in place else "?"
        url = f"{place}{mark}digest={urllib.parse.quote(digest, safe='')}"
        headers = {"Content-Type": "application/octet-stream"}
        if at:
            headers["Content-Range"] = f"{at}-{at + len(rest) - 1}"
        self._get("PUT", url, headers, rest, wanted=(201,)).body.close()

    def _location(self, answer: Response) -> str:
        """Return the address to go on with."""
        answer.body.close()
        location = answer.headers.get("Location")
        if not location:
            raise NetworkError(f"{shown(answer.url)}: it does not say where to upload to")
        return urllib.parse.urljoin(answer.url, location)

    def _get(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None = None,
        wanted: tuple[int, ...] = (200, 206),
    ) -> Response:
        """Return an answer of a wanted status; Absent or NetworkError when there is none."""
        for number in range(1, _TRIES + 1):
            try:
                answer = self._authorised(method, path, headers, body)
            except Unreachable as error:
                if method == "PATCH":
                    raise  # how much of it arrived is not known: the whole upload begins again
                reason, asked = str(error), None
            else:
                if answer.status in wanted:
                    return answer
                if answer.status not in RETRIED:
                    raise self._refusal(answer)
                answer.body.close()
                reason = f"{shown(answer.url)}: HTTP {answer.status}"
                asked = retry_after(answer.headers.get("Retry-After"))
            if asked is not None and asked > LONGEST_WAIT:
                raise NetworkError(f"{reason}, and it wants to be asked again in {asked:.0f} s")
            if number < _TRIES:
                self._sleep(wait_before(number, asked))
        raise NetworkError(f"{reason} (tried {_TRIES} times)")

    def _authorised(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Response:
        """Ask once, and once more with a new header when the first was refused."""
        used = self._authorizer.header
        answer = self._ask(method, path, headers, body, used)
        if answer.status != 401:
            return answer
        try:
            is_answered = self._authorizer.answer(answer, used)
        except BaseException:
            answer.body.close()
            raise
        if not is_answered:
            return answer
        answer.body.close()
        return self._ask(method, path, headers, body, self._authorizer.header)

    def _ask(
        self,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        authorization: str | None,
    ) -> Response:
        """Ask for a path of the repository, or for an address that the registry named."""
        sent = dict(headers)
        is_elsewhere = self._base is not None and not path.startswith(("/", f"{self._base}/"))
        if authorization is not None and not is_elsewhere:
            sent["Authorization"] = authorization
        if self._base is not None:
            url = self._base + self._path + path if path.startswith("/") else path
            return self._transport.request(method, url, sent, body)
        secure, plain = self._endpoint.base, self._endpoint.plain
        try:
            answer = self._transport.request(method, secure + self._path + path, sent, body)
        except Unreachable as error:
            if plain is None:
                raise
            try:
                answer = self._transport.request(method, plain + self._path + path, sent, body)
            except Unreachable as later:
                raise later if isinstance(error, NoTls) else error from later
            self._base = plain
        else:
            self._base = secure
        return answer

    def _refusal(self, answer: Response) -> NetworkError:
        try:
            said = _said(read_all(answer, 1 << 16))
        except NetworkError:
            said = ""
        status = answer.status
        if status == 404:
            return Absent(f"{self.where}: not there{said}")
        if status in (401, 403):
            return Absent(
                f"{self.where}: {self._endpoint.host} refuses it (HTTP {status}{said}): "
                f"it does not exist, or needs `docker login {self._endpoint.host}`",
                is_refused=True,
            )
        return NetworkError(f"{shown(answer.url)}: HTTP {status}{said}")


def _parts(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while part := file.read(_AT_ONCE):
            yield part


def _said(data: bytes) -> str:
    """Return the first error of the registry's answer, to be put behind a status."""
    try:
        first = json.loads(data)["errors"][0]
        text = f"{first['code']}: {first['message']}"
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f", {text[:200]}"
