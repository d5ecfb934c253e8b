"""VEX documents in, statements out: what somebody says of a vulnerability in a product.

OpenVEX, CSAF and CycloneDX in JSON. Which it is, the document says. To add a kind: a module with
`read(tree, file)`, and its mark below.
"""

import json
from collections.abc import Callable, Mapping

from lading.errors import UsageError
from lading.findings.vex import csaf, cyclonedx, openvex
from lading.findings.vex.statement import Read

LARGEST = 64 << 20  # bytes of one document

_KINDS: tuple[tuple[Callable[[Mapping[str, object]], bool], Callable[..., Read]], ...] = (
    (openvex.is_one, openvex.read),
    (csaf.is_one, csaf.read),
    (cyclonedx.is_one, cyclonedx.read),
)


def read_vex(data: bytes, file: str) -> Read:
    """Return the statements of a document, and of which parts nothing can be made.

    UsageError when it is none of the three, or not readable at all.
    """
    if len(data) > LARGEST:
        raise UsageError(f"{file}: larger than {LARGEST} bytes, so it is not read as VEX")
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{file}: this is no JSON, so it is no VEX document: {error}") from error
    if isinstance(tree, dict):
        for is_one, read in _KINDS:
            if is_one(tree):
                return read(tree, file)
    raise UsageError(f"{file}: this is neither OpenVEX nor CSAF nor CycloneDX")
