"""Images that Docker stores, over its socket.

API: https://docs.docker.com/reference/api/engine/ (`/images/NAME/json`, `/images/NAME/get`)
"""

from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.sources.door import Door
from lading.sources.engine import Api, Engine, open_exported

_API = Api(name="docker", inspect="/images/{}/json", export="/images/{}/get")


def open_image(reference: str, platform: Platform | None, limits: Limits, door: Door) -> Opened:
    """See `Engine.open`."""
    return open_exported(_API, door.docker_sockets, reference, platform, limits, door)


DOCKER = Engine(name="docker", open=open_image)
