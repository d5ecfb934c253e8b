"""One repository of one registry: manifests and blobs, asked for until they come.

Protocol: https://github.com/opencontainers/distribution-spec/blob/main/spec.md
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.message import Message

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


class Absent(NetworkError):
    """The registry answers, and does not have it, or does not show it to this account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a registry, or a mirror of it, is asked."""

    host: str  # for accounts and messages
    base: str  # address without path
    plain: str | None = None  # the same without TLS, where that may be used


class Repository:
    """Reads from one repository at one endpoint; may be used by several threads."""

    def __init__(
        self,
        endpoint: Endpoint,
        name: str,
        transport: Transport,
        account: Callable[[str], Account | None],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.where = f"{endpoint.host}/{name}"
        self._endpoint = endpoint
        self._base = endpoint.base if endpoint.plain is None else None
        self._path = f"/v2/{name}"
        self._transport = transport
        self._sleep = sleep
        self._authorizer = Authorizer(
            transport, endpoint.host, f"repository:{name}:pull", lambda: account(endpoint.host)
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

    def _get(self, method: str, path: str, headers: Mapping[str, str]) -> Response:
        """Return an answer of status 200 or 206; Absent or NetworkError when there is none."""
        for number in range(1, _TRIES + 1):
            try:
                answer = self._authorised(method, path, headers)
            except Unreachable as error:
                reason, asked = str(error), None
            else:
                if answer.status in (200, 206):
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

    def _authorised(self, method: str, path: str, headers: Mapping[str, str]) -> Response:
        """Ask once, and once more with a new header when the first was refused."""
        used = self._authorizer.header
        answer = self._ask(method, path, headers, used)
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
        return self._ask(method, path, headers, self._authorizer.header)

    def _ask(
        self, method: str, path: str, headers: Mapping[str, str], authorization: str | None
    ) -> Response:
        sent = dict(headers)
        if authorization is not None:
            sent["Authorization"] = authorization
        if self._base is not None:
            return self._transport.request(method, self._base + self._path + path, sent)
        secure, plain = self._endpoint.base, self._endpoint.plain
        try:
            answer = self._transport.request(method, secure + self._path + path, sent)
        except Unreachable as error:
            if plain is None:
                raise
            try:
                answer = self._transport.request(method, plain + self._path + path, sent)
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
                f"it does not exist, or needs `docker login {self._endpoint.host}`"
            )
        return NetworkError(f"{shown(answer.url)}: HTTP {status}{said}")


def _said(data: bytes) -> str:
    """Return the first error of the registry's answer, to be put behind a status."""
    try:
        first = json.loads(data)["errors"][0]
        text = f"{first['code']}: {first['message']}"
    except (ValueError, LookupError, TypeError, RecursionError):
        return ""
    return f", {text[:200]}"
