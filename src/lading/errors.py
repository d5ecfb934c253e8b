"""Every error Lading raises on purpose.

    LadingError                    what went wrong, with which thing, and what to do next
    ├── UsageError                 an option, a policy file, an exception file: exit 2
    ├── UnreadableError            the target or the advisory database cannot be read: exit 3
    │   ├── ImageError             no image there, or it is damaged
    │   │   ├── DigestMismatch     bytes that are not what their digest says
    │   │   └── LimitExceeded      larger, deeper or longer than the settings allow
    │   └── AdvisoryError          the advisory database or a feed
    │       └── InvalidRecord      one advisory record cannot be understood
    ├── InvalidVersion             text that is no version of its scheme
    └── CatalogError               one file in the image cannot be understood: becomes a Problem

Entry points catch `LadingError` and turn it into one line and an exit code; nobody else catches
wide.
"""


class LadingError(Exception):
    """The root: `str(error)` is one line that a user can act on."""

    exit_code = 3


class UsageError(LadingError):
    """What the user asked for cannot be done as it was asked."""

    exit_code = 2


class UnreadableError(LadingError):
    """The target or the advisory database could not be read."""


class ImageError(UnreadableError):
    """The target is no image, or a damaged one."""


class DigestMismatch(ImageError):
    """The bytes are not those that the digest promises."""

    def __init__(self, what: str, *, expected: str, found: str) -> None:
        """Name the part (`layer 3`), the promised and the found digest (`sha256:<hex>`)."""
        super().__init__(f"{what}: its content is {found}, not {expected}; copy the image again")


class LimitExceeded(ImageError):
    """A bound of the settings was reached; the message names it."""


class AdvisoryError(UnreadableError):
    """The advisory database, or a feed on its way into it, cannot be used."""


class InvalidRecord(AdvisoryError):
    """One record of a feed cannot be understood; the others still can."""


class InvalidVersion(LadingError):
    """The text is no version of this scheme."""

    def __init__(self, scheme: str, text: str, reason: str = "") -> None:
        """Take the scheme's name, the text as found, and what is wrong with it."""
        shown = text if len(text) <= 80 else text[:77] + "..."
        super().__init__(f"{shown!r} is no {scheme} version" + (f": {reason}" if reason else ""))
        self.scheme = scheme
        self.text = text


class CatalogError(LadingError):
    """A file that should list packages cannot be understood."""
