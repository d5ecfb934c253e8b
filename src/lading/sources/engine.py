"""An image that a local engine stores, by the archive that its API exports.

The archive comes as a stream and is spooled to a nameless temporary file: engines export no single
layers. Docker and Podman differ in addresses only, see `docker` and `podman`.
"""

import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from lading.errors import ImageError
from lading.image import open_stream
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.image.target import Target
from lading.net import NetworkError
from lading.net.transport import Response, Transport, Unreachable, read_all
from lading.sources.door import Door, EngineSilent

_LARGEST = 16 << 20  # bytes of a description


class NotStored(ImageError):
    """The engine answers, and has no such image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """A local engine that stores images."""

    name: str  # the scheme of its targets
    open: Callable[[str, Platform | None, Limits, Door], Opened]
    """Open the image of a reference; EngineSilent, NotStored, NetworkError or ImageError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """The addresses of an engine's API; `{}` stands for the image."""

    name: str
    inspect: str
    export: str


def open_exported(
    api: Api,
    sockets: tuple[Path, ...],
    reference: str,
    platform: Platform | None,
    limits: Limits,
    door: Door,
) -> Opened:
    """Open what the engine exports for the reference; errors as `Engine.open`."""
    transport = door.engine(_socket(api, sockets))
    where = f"{api.name}: {reference}"
    id = _id(transport, api, reference, where)
    answer = transport.request("GET", api.export.format(_quoted(id)))
    if answer.status != 200:
        raise _refusal(answer, where)
    target = Target(reference, "archive", Path(reference))
    opened = open_stream(answer.body, where, target, platform, limits)  # type: ignore[arg-type]  # it is only read
    return replace(opened, image=replace(opened.image, reference=reference))


def _socket(api: Api, sockets: tuple[Path, ...]) -> Path:
    """Return the first socket file that is there."""
    for path in sockets:
        try:
            if path.is_socket():
                return path
        except OSError:
            continue
    tried = ", ".join(map(str, sockets)) or "none known"
    raise EngineSilent(f"{api.name} is not running (no socket at {tried})")


def _id(transport: Transport, api: Api, reference: str, where: str) -> str:
    """Return the image's id: an export by name would hold every tag of the repository."""
    try:
        answer = transport.request("GET", api.inspect.format(_quoted(reference)))
    except Unreachable as error:
        raise EngineSilent(f"{api.name} cannot be asked: {error}") from error
    if answer.status == 404:
        answer.body.close()
        raise NotStored(f"{where}: the engine has no such image")
    if answer.status != 200:
        raise _refusal(answer, where)
    try:
        value = msgspec.json.decode(read_all(answer, _LARGEST), type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NetworkError(f"{where}: the engine answers with no JSON object") from error
    id = value.get("Id")
    if not isinstance(id, str) or not id:
        raise NetworkError(f"{where}: the engine describes an image without an id")
    return id


def _quoted(text: str) -> str:
    return urllib.parse.quote(text, safe="/:@")


def _refusal(answer: Response, where: str) -> NetworkError:
    status = answer.status
    try:
        value = msgspec.json.decode(read_all(answer, 1 << 16), type=dict[str, object])
        said = f": {str(value.get('message') or value.get('cause') or '')[:200]}"
    except (NetworkError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = ""
    return NetworkError(f"{where}: the engine answers HTTP {status}{said}")
