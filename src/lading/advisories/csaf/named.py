"""The package that a product of a CSAF document is, and package URLs to tell it by.

Specification: https://github.com/package-url/purl-spec.
"""

from dataclasses import dataclass
from urllib.parse import unquote

SOURCES = ("src", "nosrc")  # architectures that say: a source rpm
ARCHES = (
    r"noarch|src|nosrc|x86_64|aarch64|i[3-6]86|ppc64le|ppc64|ppc|s390x|s390|ia64|armv7hl|riscv64"
)
NAME = r"[^/:@\s]+"  # of an rpm


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A package as advisories file it."""

    ecosystem: str
    name: str
    version: str | None = None
    arch: str | None = None
    of: str | None = None  # binary, source, module; None: it is not said
    module: str | None = None  # "name:stream"
    tier: str | None = None
    is_rpm: bool = False  # of Red Hat or SUSE: a version is that of one build of the package


@dataclass(frozen=True, slots=True)
class Purl:
    """A package URL's parts; documents have thousands, too many for a checking library."""

    type: str
    namespace: str
    name: str
    version: str
    qualifiers: dict[str, str]

    @classmethod
    def read(cls, text: str | None) -> "Purl | None":
        if text is None or not text.startswith("pkg:"):
            return None
        text = text.removeprefix("pkg:").partition("#")[0]
        path, _, query = text.partition("?")
        head, slash, last = path.strip("/").rpartition("/")
        name, _, version = last.partition("@")
        type, _, namespace = head.partition("/")
        if not slash or not name or not type:
            return None
        pairs = (pair.partition("=") for pair in query.split("&"))
        return cls(
            type.lower(),
            unquote(namespace),
            unquote(name),
            unquote(version),
            {key.lower(): unquote(value) for key, _, value in pairs},
        )

    def full_version(self) -> str | None:
        """Return the version with the epoch that the qualifiers may have."""
        epoch = self.qualifiers.get("epoch", "")
        if self.version and epoch.isdigit() and ":" not in self.version:
            return f"{epoch}:{self.version}"
        return self.version or None


def stream_of(text: str) -> str | None:
    """Return name and stream of a module, of which the build may follow."""
    name, colon, rest = text.partition(":")
    return f"{name}:{rest.split(':')[0]}" if colon and name and rest else None
