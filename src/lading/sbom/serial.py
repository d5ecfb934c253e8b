"""A document into the number that names it: the same content has the same one.

UUID version 5: https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-5
"""

import hashlib
import uuid

import msgspec


def serial(document: object) -> uuid.UUID:
    """Return the number of a document of plain values."""
    digest = hashlib.sha256(msgspec.json.encode(document, order="sorted")).hexdigest()
    return uuid.uuid5(uuid.NAMESPACE_OID, digest)
