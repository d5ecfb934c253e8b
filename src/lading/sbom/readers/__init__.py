"""Bytes of an SBOM in, a draft out: one module per format, chosen by content.

To add one: write `sbom/readers/<name>.py`, and a line in `draft_of` or `_json`.
"""

import re
from typing import Any

from lading.errors import UnreadableError
from lading.sbom.document import Draft
from lading.sbom.text import json_value

KNOWN = "CycloneDX (JSON, XML), SPDX (JSON, tag-value), Syft JSON, or package URLs, one a line"
_COMMENTS = re.compile(rb"(?:\s*#[^\n]*(?:\n|$))*\s*")
_MARK = b"\xef\xbb\xbf"


def draft_of(data: bytes, what: str) -> Draft:
    """Return what the document lists; UnreadableError when it is of no format that is read."""
    start = data.removeprefix(_MARK)[:65536].lstrip()
    if start[:1] == b"{":
        return _json(json_value(data, what), what)
    if start[:1] == b"<" or data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _xml(data, what)
    comments = _COMMENTS.match(start)
    body = start[comments.end() :] if comments else start
    if body.startswith(b"SPDXVersion"):
        from lading.sbom.readers.spdx_tag import read_spdx_tags

        return read_spdx_tags(data, what)
    if body.startswith(b"pkg:"):
        from lading.sbom.readers.purl_list import read_purl_list

        return read_purl_list(data, what)
    if not body:
        raise UnreadableError(f"{what} is empty: it lists nothing")
    if re.search(rb"(?m)^\"?(spdxVersion|SPDXID|bomFormat)\"?\s*:", start):
        raise UnreadableError(f"{what} is YAML, which is not read; convert it to JSON")
    raise UnreadableError(f"{what} is no SBOM that Lading reads: {KNOWN}")


def _xml(data: bytes, what: str) -> Draft:
    if b"rdf:RDF" in data[:65536]:
        raise UnreadableError(f"{what} is RDF, which is not read; convert it to JSON")
    from lading.sbom.readers.cyclonedx_xml import read_cyclonedx_xml

    return read_cyclonedx_xml(data, what)


def _json(value: object, what: str) -> Draft:
    from lading.sbom.readers.envelope import unwrapped

    if not isinstance(value, dict):
        raise UnreadableError(f"{what} is no SBOM: its JSON is no object")
    document: dict[str, Any] = unwrapped(value, what)
    if document.get("bomFormat") == "CycloneDX":
        from lading.sbom.readers.cyclonedx import read_cyclonedx

        return read_cyclonedx(document, what)
    if "spdxVersion" in document:
        from lading.sbom.readers.spdx import read_spdx

        return read_spdx(document, what)
    from lading.sbom.readers.spdx3 import CONTEXT, read_spdx3

    if CONTEXT in str(document.get("@context"))[:4096] and "@graph" in document:
        return read_spdx3(document)
    if isinstance(document.get("artifacts"), list) and "schema" in document:
        from lading.sbom.readers.syft import read_syft

        return read_syft(document)
    raise UnreadableError(f"{what} is no SBOM that Lading reads: {KNOWN}")
