"""How sources reach what is outside: one value that the command line makes and tests fake."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from lading.errors import UsageError
from lading.net.transport import Transport
from lading.sources.credentials import Account


class EngineSilent(Exception):
    """A local engine is not there, or does not let us ask; `str()` says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """What a source may use of the world."""

    transport: Transport  # to registries
    account: Callable[[str], Account | None]  # by host
    offline: bool = False  # registries may not be asked
    insecure: frozenset[str] = frozenset()  # hosts that may be asked without TLS
    mirrors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # host → addresses
    engine: Callable[[Path], Transport]  # to the engine behind a socket file
    docker_sockets: tuple[Path, ...] = ()  # the first that exists is asked
    podman_sockets: tuple[Path, ...] = ()
    containerd_root: Path | None = None  # its state on disk
    containerd_namespaces: tuple[str, ...] = ("default", "k8s.io", "moby")  # in this order
    stdin: IO[bytes]
    sleep: Callable[[float], None] = time.sleep


def parse_mirrors(texts: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Read `HOST=https://MIRROR` settings; UsageError for another form."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        host, equals, address = text.partition("=")
        scheme, mark, rest = address.partition("://")
        if not (host and equals and mark and rest) or scheme not in ("http", "https"):
            raise UsageError(f"registry_mirrors: {text!r} is not HOST=https://MIRROR")
        if set("/?#@") & set(rest.rstrip("/")):
            raise UsageError(f"registry_mirrors: {text!r}: a mirror is a host without a path")
        found[host] = (*found.get(host, ()), f"{scheme}://{rest.rstrip('/')}")
    return found
