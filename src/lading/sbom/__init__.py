"""SBOMs to packages, and packages to SBOMs.

`read` takes the bytes of a document of any format in `readers` and returns a `Document`;
`cyclonedx.write` and `spdx.write` make documents of a result.
"""

from lading.errors import UnreadableError
from lading.sbom.assemble import assemble
from lading.sbom.document import Document
from lading.sbom.readers import draft_of

LARGEST = 256 << 20
"""Bytes of a document."""


def read(data: bytes, what: str) -> Document:
    """Return the packages of an SBOM; `what` names it in messages.

    Raise UnreadableError when it is none, damaged as a whole, or too large. A damaged entry becomes
    a Problem of the document, and the rest stands.
    """
    if len(data) > LARGEST:
        raise UnreadableError(f"{what} is larger than {LARGEST >> 20} MiB; that is no SBOM")
    return assemble(draft_of(data, what), what)
