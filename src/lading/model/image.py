"""What an image says of itself."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer, lowest first."""

    index: int
    digest: str | None  # of the blob as stored; None where the archive stores it unpacked
    diff_id: str  # of the unpacked tar
    size: int | None  # bytes of the blob as stored
    created_by: str | None  # the build instruction, from the image's history


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """The operating system in the image, and what is known of its support."""

    id: str
    version_id: str | None
    pretty_name: str | None
    end_of_life: str | None  # date, YYYY-MM-DD
    supported: bool | None  # None: unknown
    id_like: tuple[str, ...] = ()  # what it says that it derives from
    codename: str | None = None  # "bookworm"


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseImage:
    """The image this one was built on."""

    name: str | None
    digest: str | None
    layers: int | None  # how many of the lowest are its; None: it is named, its layers are not
    evidence: str | None = None  # known (by its layers), annotation, label, history


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """The image of a result; all but `os` is None for a directory."""

    reference: str | None
    digest: str | None
    config_digest: str | None
    platform: str | None  # os/arch[/variant]
    created: str | None
    os: System | None
    base: BaseImage | None
    layers: tuple[Layer, ...]


NO_IMAGE = Image(
    reference=None,
    digest=None,
    config_digest=None,
    platform=None,
    created=None,
    os=None,
    base=None,
    layers=(),
)
"""Of a target that is no image."""
