"""Images that Podman stores, over the socket of `podman system service`.

API: https://docs.podman.io/en/latest/_static/api.html (libpod: it knows short names as Podman does)
"""

from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.sources.door import Door
from lading.sources.engine import Api, Engine, open_exported

_API = Api(
    name="podman",
    inspect="/v4.0.0/libpod/images/{}/json",
    export="/v4.0.0/libpod/images/{}/get?format=docker-archive",
)


def open_image(reference: str, platform: Platform | None, limits: Limits, door: Door) -> Opened:
    """See `Engine.open`."""
    return open_exported(_API, door.podman_sockets, reference, platform, limits, door)


PODMAN = Engine(name="podman", open=open_image)
