"""The text of an image reference into its parts: host, repository, tag, digest.

Grammar and defaults: https://pkg.go.dev/github.com/distribution/reference
A first component with a dot, a colon or an upper-case letter, or `localhost`, is a host. Without
one the image is at the default registry, below `library/` when its name has one component only.
"""

import re
from dataclasses import dataclass

from lading.errors import UsageError

DEFAULT_HOST = "docker.io"
DEFAULT_API_HOST = "registry-1.docker.io"  # where the default registry answers
DEFAULT_LOGIN = "https://index.docker.io/v1/"  # what `docker login` files its account under
_OTHER_NAMES = frozenset(("index.docker.io", DEFAULT_API_HOST))
_DEFAULT_TAG = "latest"

_LONGEST = 4096  # characters of a reference
_LONGEST_NAME = 255  # characters of host and repository together

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_PATH = re.compile(rf"{_COMPONENT}(?:/{_COMPONENT})*")
_LABEL = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_HOST = re.compile(rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[a-fA-F0-9:]+\])(?::[0-9]{{1,5}})?")
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """An image in a registry; it has a tag, a digest, or both (then the digest decides)."""

    host: str  # with its port, where it has one
    repository: str
    tag: str | None
    digest: str | None

    @property
    def name(self) -> str:
        """Host and repository."""
        return f"{self.host}/{self.repository}"

    @property
    def version(self) -> str:
        """What to ask the registry for: the digest where there is one, else the tag."""
        return self.digest or self.tag or _DEFAULT_TAG

    def __str__(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{self.name}{tag}" + (f"@{self.digest}" if self.digest else "")


def parse_reference(text: str) -> Reference:
    """Return the reference in full; UsageError when the text is none."""
    if not text or len(text) > _LONGEST:
        raise UsageError(f"{text[:80]!r} is no image reference: it is empty or far too long")
    rest, at, digest = text.partition("@")
    if at and _DIGEST.fullmatch(digest) is None:
        raise _no(text, f"{digest[:80]!r} is no sha256 or sha512 digest in lower case")
    name, tag = _split_tag(rest)
    if tag is not None and _TAG.fullmatch(tag) is None:
        raise _no(text, f"{tag[:140]!r} is no tag")
    host, repository = _split_host(name)
    if _HOST.fullmatch(host) is None or not _has_port(host):
        raise _no(text, f"{host!r} is no host name")
    if _PATH.fullmatch(repository) is None:
        raise _no(text, f"{repository!r} is no repository name; those are in lower case")
    if len(host) + 1 + len(repository) > _LONGEST_NAME:
        raise _no(text, f"its name is longer than {_LONGEST_NAME} characters")
    if tag is None and not digest:
        tag = _DEFAULT_TAG
    return Reference(host=host, repository=repository, tag=tag, digest=digest or None)


def _no(text: str, reason: str) -> UsageError:
    shown = text if len(text) <= 300 else text[:297] + "..."
    return UsageError(f"{shown!r} is no image reference: {reason}")


def _split_tag(rest: str) -> tuple[str, str | None]:
    """Split at the last colon, unless it is a port's: a tag has no slash."""
    name, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        return rest, None
    return name, tag


def _split_host(name: str) -> tuple[str, str]:
    first, slash, others = name.partition("/")
    is_host = any(mark in first for mark in ".:") or first == "localhost" or first != first.lower()
    if not slash or not is_host:
        first, others = DEFAULT_HOST, name
    if first in _OTHER_NAMES:
        first = DEFAULT_HOST
    if first == DEFAULT_HOST and "/" not in others:
        others = f"library/{others}"
    return first, others


def _has_port(host: str) -> bool:
    """Say whether the port, if there is one, can exist."""
    _, colon, port = host.rpartition(":")
    return not colon or not port.isdecimal() or 0 < int(port) < 65536
