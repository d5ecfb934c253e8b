"""A target in, an opened image out, wherever it is: on disk, in a local engine, in a registry.

Paths are the business of `lading.image`; here are the places that must be asked. To add an engine:
write `sources/<name>.py`, add it to ENGINES and its name to `REFERENCES` in `image/target.py`.
"""

from dataclasses import replace

from lading.errors import ImageError, LadingError
from lading.image import images_of, open_stream, open_target
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.image.target import ANYWHERE, STDIN, Target
from lading.sources.containerd import CONTAINERD, images_in_containerd
from lading.sources.docker import DOCKER
from lading.sources.door import Door, EngineSilent
from lading.sources.engine import Engine, NotStored
from lading.sources.podman import PODMAN
from lading.sources.reference import parse_reference
from lading.sources.registry import images_in_registry, open_registry

ENGINES: tuple[Engine, ...] = (DOCKER, PODMAN, CONTAINERD)
"""In the order in which they are asked for an image that names none of them."""


def open_any(target: Target, platform: Platform | None, limits: Limits, door: Door) -> Opened:
    """Open what the target names.

    Raise UsageError for what is no reference or needs a network that may not be used, ImageError
    when there is no such image or none for the platform, NetworkError when it cannot be fetched.
    """
    engine = next((one for one in ENGINES if one.name == target.scheme), None)
    if engine is not None:
        return _open_in(engine, target.reference, platform, limits, door)
    match target.scheme:
        case "registry":
            return open_registry(parse_reference(target.reference), platform, limits, door)
        case scheme if scheme == ANYWHERE:
            return _open_anywhere(target.reference, platform, limits, door)
        case scheme if scheme == STDIN:
            return open_stream(door.stdin, "standard input", target, platform, limits)
        case _:
            return open_target(target, platform, limits)


def images_of_any(target: Target, limits: Limits, door: Door) -> tuple[Target, ...]:
    """Return a target for every image that the target may mean, of all platforms.

    Docker and Podman have an image for one platform; without a scheme, the registry is asked.
    """
    if target.scheme == CONTAINERD.name:
        listed = images_in_containerd(target.reference, limits, door)
        name, scheme = target.reference.partition("@")[0], target.scheme
    elif target.scheme in ("registry", ANYWHERE):
        reference = parse_reference(target.reference)
        listed = images_in_registry(reference, limits, door)
        name, scheme = str(replace(reference, digest=None)), "registry"
    else:
        return images_of(target, limits)
    return tuple(
        Target(f"{scheme}:{name}@{image.digest}", scheme, target.path, notes=listed.notes)
        for image in listed.images
    )


def _open_in(
    engine: Engine, reference: str, platform: Platform | None, limits: Limits, door: Door
) -> Opened:
    try:
        return engine.open(reference, platform, limits, door)
    except EngineSilent as silent:
        raise ImageError(f"{engine.name}:{reference}: {silent}") from silent


def _open_anywhere(text: str, platform: Platform | None, limits: Limits, door: Door) -> Opened:
    """Ask the engines that answer, then the registry; what an engine said goes into the notes."""
    reference = parse_reference(text)
    said: list[str] = []
    notes: list[str] = []
    for engine in ENGINES:
        try:
            return engine.open(text, platform, limits, door)
        except (EngineSilent, NotStored) as absent:
            said.append(str(absent))
        except LadingError as error:
            said.append(str(error))
            notes.append(f"read from the registry, because it could not be read here: {error}")
    try:
        opened = open_registry(reference, platform, limits, door)
    except LadingError as error:
        tried = "; ".join(said)
        raise ImageError(f"{text}: no such file, and no such image: {error}; {tried}") from error
    return replace(opened, notes=(*opened.notes, *notes))
