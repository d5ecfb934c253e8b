"""The files that `docker login` and `podman login` write, and credential helpers, into accounts.

File: https://docs.docker.com/reference/cli/docker/login/ (`auths`, `credHelpers`, `credsStore`).
Helpers are the user's own programs `docker-credential-NAME`, asked over standard input:
https://github.com/docker/docker-credential-helpers
"""

import base64
import binascii
import re
import subprocess  # credential helpers are programs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from lading.errors import UnreadableError, UsageError
from lading.sources.reference import DEFAULT_HOST, DEFAULT_LOGIN

_LARGEST = 4 << 20  # bytes of a login file
_HELPER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_NOT_FOUND = "credentials not found"  # how helpers begin to say that they have none
_IDENTITY = "<token>"  # the user name of a helper that gives an identity token


class CredentialError(UnreadableError):
    """A login file or a credential helper cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Who asks; either a password or an identity token."""

    user: str
    password: str = field(default="", repr=False)
    identity_token: str | None = field(default=None, repr=False)

    @property
    def basic(self) -> str:
        """The value of an Authorization header."""
        return "Basic " + base64.b64encode(f"{self.user}:{self.password}".encode()).decode()


class Credentials:
    """Accounts by registry host; the first file that has one wins."""

    def __init__(self, files: tuple[Path, ...], *, timeout: float = 30.0) -> None:
        self._files = files
        self._timeout = timeout  # seconds that a helper may take

    def account(self, host: str) -> Account | None:
        """Return the host's account, None where no file has one; CredentialError, UsageError."""
        for file in self._files:
            settings = _read(file)
            if settings is None:
                continue
            helper = _helper(settings, host, file)
            if helper is not None:
                found = self._from_helper(helper, host)
            else:
                found = _from_file(settings, host, file)
            if found is not None:
                return found
        return None

    def _from_helper(self, name: str, host: str) -> Account | None:
        for key in _server_names(host):
            found = self._ask(name, key)
            if found is not None:
                return found
        return None

    def _ask(self, name: str, server: str) -> Account | None:
        program = f"docker-credential-{name}"
        try:
            done = subprocess.run(  # noqa: S603 - the user's own login file names the program
                [program, "get"],
                input=server.encode(),
                capture_output=True,
                timeout=self._timeout,
                check=False,
            )
        except FileNotFoundError as error:
            raise CredentialError(
                f"{program} is not installed, though the login file asks for it"
            ) from error
        except subprocess.TimeoutExpired as error:
            raise CredentialError(
                f"{program}: no answer for {server} within {self._timeout:g} s"
            ) from error
        except OSError as error:
            raise CredentialError(f"{program} cannot be run: {error.strerror}") from error
        if done.returncode:
            said = (done.stdout + done.stderr).decode("utf-8", "replace").strip()
            if said.startswith(_NOT_FOUND):
                return None
            raise CredentialError(f"{program}: {said[:200] or 'failed without a word'}")
        return _answer(done.stdout, program)


def _answer(data: bytes, program: str) -> Account:
    try:
        value = msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise CredentialError(f"{program} answers no JSON object") from error
    user, secret = value.get("Username"), value.get("Secret")
    if not isinstance(user, str) or not isinstance(secret, str):
        raise CredentialError(f"{program} answers without Username and Secret")
    if user == _IDENTITY:
        return Account(user="", identity_token=secret)
    return Account(user=user, password=secret)


def _read(file: Path) -> Mapping[str, object] | None:
    try:
        with file.open("rb") as handle:
            data = handle.read(_LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CredentialError(f"{file}: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise CredentialError(f"{file}: more than {_LARGEST} bytes")
    try:
        return msgspec.json.decode(data, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{file} is no JSON object: {error}") from error


def _helper(settings: Mapping[str, object], host: str, file: Path) -> str | None:
    helpers = settings.get("credHelpers")
    name: object = None
    if isinstance(helpers, dict):
        name = next((helpers[key] for key in _server_names(host) if key in helpers), None)
    name = name or settings.get("credsStore") or None
    if name is None:
        return None
    if not isinstance(name, str) or _HELPER_NAME.fullmatch(name) is None:
        raise UsageError(f"{file}: {str(name)[:80]!r} is no name of a credential helper")
    return name


def _from_file(settings: Mapping[str, object], host: str, file: Path) -> Account | None:
    entries = settings.get("auths")
    if not isinstance(entries, dict):
        return None
    entry = next((entries[key] for key in _server_names(host) if key in entries), None)
    if entry is None:
        return None
    if not isinstance(entry, dict):
        raise UsageError(f"{file}: the entry for {host} is no object")
    token = entry.get("identitytoken")
    if isinstance(token, str) and token:
        return Account(user="", identity_token=token)
    user, password = entry.get("username"), entry.get("password")
    if isinstance(user, str) and isinstance(password, str) and user:
        return Account(user=user, password=password)
    text = entry.get("auth")
    if not isinstance(text, str) or not text:
        return None  # an empty entry says that a helper has it, or that the login was given up
    try:
        user, colon, password = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise UsageError(f"{file}: the entry for {host} has no valid auth") from error
    if not colon:
        raise UsageError(f"{file}: the entry for {host} has no valid auth")
    return Account(user=user, password=password.rstrip("\0"))


def _server_names(host: str) -> Iterator[str]:
    """Yield what the files may call the host, the commonest first."""
    if host == DEFAULT_HOST:
        yield DEFAULT_LOGIN
        yield "index.docker.io"
    yield host
    for scheme in ("https://", "http://"):
        yield f"{scheme}{host}"
        yield f"{scheme}{host}/"
        yield f"{scheme}{host}/v2/"
        yield f"{scheme}{host}/v1/"
