"""A registry's challenge and the user's account into an Authorization header.

Protocol: https://distribution.github.io/distribution/spec/auth/token/ (bearer tokens; an identity
token is exchanged as in https://distribution.github.io/distribution/spec/auth/oauth/), and
https://www.rfc-editor.org/rfc/rfc9110#name-www-authenticate for the header.
"""

import re
import threading
import urllib.parse
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from lading.net import RETRIED, NetworkError
from lading.net.transport import Response, Transport, Unreachable, read_all, shown
from lading.sources.credentials import Account

_LONGEST = 8192  # characters of a challenge
_LARGEST = 1 << 20  # bytes of a token's document
_PART = re.compile(
    r'[\s,]*(?:([A-Za-z][A-Za-z0-9-]*)[ \t]+)?([A-Za-z_]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))'
)
_BARE = re.compile(r"[\s,]*([A-Za-z][A-Za-z0-9-]*)[\s,]*$")


class Challenge(NamedTuple):
    """What a registry asks for."""

    scheme: str  # lower case
    parameters: dict[str, str]


def challenges(headers: Iterable[str]) -> tuple[Challenge, ...]:
    """Read WWW-Authenticate headers, as far as they can be understood."""
    found: list[Challenge] = []
    for text in headers:
        found += _challenges(text[:_LONGEST])
    return tuple(found)


def _challenges(text: str) -> list[Challenge]:
    bare = _BARE.match(text)
    if bare:
        return [Challenge(bare[1].lower(), {})]
    found: list[Challenge] = []
    at = 0
    while part := _PART.match(text, at):
        at = part.end()
        if part[1]:
            found.append(Challenge(part[1].lower(), {}))
        if found:
            value = part[4] if part[3] is None else re.sub(r"\\(.)", r"\1", part[3])
            found[-1].parameters[part[2].lower()] = value
    return found


class Authorizer:
    """The Authorization header of one registry and scope, fetched when it is first asked for.

    May be used by several threads; they share one token.
    """

    def __init__(
        self,
        transport: Transport,
        host: str,
        scope: str,
        account: Callable[[], Account | None],
    ) -> None:
        self._transport = transport
        self._host = host
        self._scope = scope
        self._find_account = account
        self._lock = threading.Lock()
        self.header: str | None = None

    def answer(self, refused: Response, used: str | None) -> bool:
        """Get a header that answers the refusal of `used`; False when there is no other."""
        asked = challenges(refused.headers.get_all("WWW-Authenticate") or [])
        with self._lock:
            if self.header != used:
                return True  # another thread was faster
            header = self._header(asked)
            if header is None or header == used:
                return False
            self.header = header
            return True

    def _header(self, asked: tuple[Challenge, ...]) -> str | None:
        bearer = next((one for one in asked if one.scheme == "bearer"), None)
        if bearer is not None:
            return "Bearer " + self._token(bearer)
        account = self._find_account()
        if account is None or account.identity_token or not any(a.scheme == "basic" for a in asked):
            return None
        return account.basic

    def _token(self, challenge: Challenge) -> str:
        realm = challenge.parameters.get("realm", "")
        if not realm.startswith(("https://", "http://")):
            raise NetworkError(f"{self._host} asks for a token but does not say where to get it")
        fields = {"scope": challenge.parameters.get("scope") or self._scope}
        if service := challenge.parameters.get("service"):
            fields["service"] = service
        account = self._find_account()
        if account is not None and account.identity_token is not None:
            answer = self._exchange(realm, fields, account.identity_token)
        else:
            mark = "&" if "?" in realm else "?"
            headers = {} if account is None else {"Authorization": account.basic}
            answer = self._transport.request(
                "GET", realm + mark + urllib.parse.urlencode(fields), headers
            )
        return _read_token(answer, self._host, with_account=account is not None)

    def _exchange(self, realm: str, fields: dict[str, str], token: str) -> Response:
        form = fields | {
            "grant_type": "refresh_token",
            "refresh_token": token,
            "client_id": "lading",
        }
        return self._transport.request(
            "POST",
            realm,
            {"Content-Type": "application/x-www-form-urlencoded"},
            urllib.parse.urlencode(form).encode(),
        )


def _read_token(answer: Response, host: str, *, with_account: bool) -> str:
    where = shown(answer.url)
    if answer.status in (401, 403):
        answer.body.close()
        why = "it does not accept this account" if with_account else "it wants an account"
        raise NetworkError(f"{host}: no token from {where}: {why}; log in with `docker login`")
    data = read_all(answer, _LARGEST)
    if answer.status in RETRIED:
        raise Unreachable(f"{host}: no token from {where}: HTTP {answer.status}")
    if answer.status != 200:
        raise NetworkError(f"{host}: no token from {where}: HTTP {answer.status}")
    try:
        value = msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NetworkError(f"{host}: {where} answers with no JSON object") from error
    token = value.get("token") or value.get("access_token")
    if not isinstance(token, str) or re.fullmatch(r"[\x21-\x7e]+", token) is None:
        raise NetworkError(f"{host}: {where} answers without a token")
    return token
