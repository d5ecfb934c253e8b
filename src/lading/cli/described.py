"""A target that is an SBOM or a package URL into its document."""

import argparse
import sys
from dataclasses import replace
from typing import IO

from lading.errors import ImageError, UsageError
from lading.image.sbom_format import is_sbom
from lading.image.target import STDIN, Target
from lading.sbom import LARGEST, read
from lading.sbom.document import Document
from lading.sbom.identity import SYSTEMS, identity

_NOT_FOR_SBOMS = ("platform", "all_platforms", "exclude", "catalogers", "verify", "deleted")


def document_of(target: Target, options: argparse.Namespace) -> Document | None:
    """Return what the target lists; None when it is to be opened as an image.

    Raise UnreadableError for an SBOM that cannot be read, UsageError for a package URL that is
    none and for options that choose parts of an image.
    """
    match target.scheme:
        case "sbom":
            data, what = _file(target), str(target.path)
        case "purl":
            data, what = _purl(target.reference), "the package URL"
        case scheme if scheme == STDIN and _is_sbom(sys.stdin.buffer):
            data, what = sys.stdin.buffer.read(LARGEST + 1), "standard input"
        case _:
            return None
    for name in _NOT_FOR_SBOMS:
        if getattr(options, name):
            raise UsageError(
                f"--{name.replace('_', '-')} is about the files of an image; this is an SBOM"
            )
    document = read(data, what)
    if options.mode == "basic":
        kept = tuple(one for one in document.packages if one.type in SYSTEMS)
        document = replace(document, packages=kept)
    return document


def _file(target: Target) -> bytes:
    try:
        with target.path.open("rb") as file:
            return file.read(LARGEST + 1)
    except OSError as error:
        raise ImageError(f"{target.path}: {error.strerror}") from error


def _purl(text: str) -> bytes:
    if "\n" in text or identity(text) is None:
        raise UsageError(
            f"{text[:200]!r} is no package URL; write purl:pkg:TYPE/NAME@VERSION, such as "
            "purl:pkg:pypi/requests@2.31.0"
        )
    return text.encode("utf-8", "surrogateescape")


def _is_sbom(stream: IO[bytes]) -> bool:
    """Look at the first bytes of the stream, and leave them there."""
    peek = getattr(stream, "peek", None)
    return peek is not None and is_sbom(peek(1))
