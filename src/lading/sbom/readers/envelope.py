"""What an SBOM may be wrapped in, taken off: DSSE envelopes and in-toto statements.

Specifications: https://github.com/secure-systems-lab/dsse/blob/master/envelope.md and
https://github.com/in-toto/attestation/tree/main/spec/v1. Signatures are not verified here.
"""

import base64
import binascii
from typing import Any

from lading.errors import UnreadableError
from lading.sbom.text import json_value, mapping

_DEEPEST = 4  # wrappings


def unwrapped(document: dict[str, Any], what: str) -> dict[str, Any]:
    """Return the document inside; UnreadableError when a wrapping is damaged, or there are many."""
    for _ in range(_DEEPEST):
        if isinstance(document.get("dsseEnvelope"), dict):  # a Sigstore bundle
            document = document["dsseEnvelope"]
        elif isinstance(document.get("payload"), str) and "payloadType" in document:
            document = _payload(document["payload"], what)
        elif str(document.get("_type", "")).startswith("https://in-toto.io/Statement/"):
            predicate = document.get("predicate")
            if not isinstance(predicate, dict):
                raise UnreadableError(f"{what}: its in-toto statement has no predicate")
            document = predicate
        else:
            return document
    raise UnreadableError(f"{what} is wrapped more than {_DEEPEST} times")


def _payload(text: str, what: str) -> dict[str, Any]:
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError(f"{what}: the payload of its envelope is no base64") from error
    return mapping(json_value(data, f"the payload of {what}"))
