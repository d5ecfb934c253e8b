"""The settings into the door through which sources reach registries and engines."""

import sys
from pathlib import Path

from lading.config import Settings
from lading.net.transport import HttpTransport, Transport, UnixTransport
from lading.sources.credentials import Credentials
from lading.sources.door import Door, parse_mirrors


def door_from(settings: Settings) -> Door:
    """Return the door; UsageError for a mirror that is none, NetworkError for a bad ca_file."""
    mirrors = parse_mirrors(settings.registry_mirrors)
    addresses = [address for listed in mirrors.values() for address in listed]
    told = {text.removeprefix("http://") for text in addresses if text.startswith("http://")}
    insecure = frozenset(settings.insecure_registries)
    return Door(
        transport=HttpTransport(
            ca_file=settings.ca_file, proxy=settings.proxy, insecure=insecure | told
        ),
        account=Credentials(settings.login_files).account,
        offline=settings.offline,
        insecure=insecure,
        mirrors=mirrors,
        engine=_engine,
        docker_sockets=settings.docker_sockets,
        podman_sockets=settings.podman_sockets,
        containerd_root=settings.containerd_root,
        containerd_namespaces=settings.containerd_namespaces,
        stdin=sys.stdin.buffer,
    )


def _engine(socket: Path) -> Transport:
    return UnixTransport(socket)
