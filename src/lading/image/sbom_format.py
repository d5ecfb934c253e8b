"""The first and last bytes of a file into whether it is an SBOM, so that it is read as one.

Formats: https://cyclonedx.org/specification/overview/, https://spdx.github.io/spdx-spec/,
https://github.com/package-url/purl-spec (a list, one a line), and in-toto around them.
"""

import re

PEEKED = 1 << 16  # bytes at each end that are looked at
_MARK = b"\xef\xbb\xbf"
_IN_JSON = re.compile(
    rb'"(?:bomFormat|spdxVersion|payloadType|dsseEnvelope)"\s*:'
    rb'|"_type"\s*:\s*"https://in-toto\.io/'
    rb"|https://spdx\.org/rdf/3\.0"
    rb"|https://raw\.githubusercontent\.com/anchore/syft/"
)
_SYFT = re.compile(rb'\s*\{\s*"artifacts"\s*:')
_IN_XML = re.compile(rb"http://cyclonedx\.org/schema/bom/|http://spdx\.org/rdf/terms")
_LINES = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*(?:SPDXVersion:|pkg:[a-zA-Z])")


def is_sbom(head: bytes, tail: bytes = b"") -> bool:
    """Say whether a file that begins and ends so is an SBOM, of a format that is read or not."""
    start = head.removeprefix(_MARK)
    match start.lstrip()[:1]:
        case b"{":
            ends = (start, tail)
            return bool(_SYFT.match(start)) or any(_IN_JSON.search(part) for part in ends)
        case b"<":
            return _IN_XML.search(start) is not None
        case _:
            return _LINES.match(start) is not None
