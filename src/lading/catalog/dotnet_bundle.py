"""A .NET application published as a single file into the dependency manifest inside it.

Format: https://github.com/dotnet/designs/blob/main/accepted/2020/single-file/bundler.md: the host
holds the offset of a header behind its other parts, just before a fixed mark, the SHA-256 of a
line ".net core bundle". Since version 2 the header says where the manifest is, which is never
packed.
"""

import hashlib
from struct import Struct, error

from lading.catalog.executable import Program
from lading.errors import CatalogError

_MARK = hashlib.sha256(b".net core bundle\n").digest()
_SECTIONS = (".data", "__data")  # the host writes to it
_OFFSET = Struct("<q")
_COUNTS = Struct("<IIi")  # major and minor version, number of files
_PLACE = Struct("<qq")  # offset and size of the manifest
_OLDEST = 2
_MOST_BYTES = 64 << 20


def manifest_in(path: str, program: Program) -> bytes | None:
    """Return the manifest in a single file; None for other programs.

    Raises CatalogError when there is a header that cannot be read.
    """
    start = _header(program)
    if not start:
        return None
    data = program.data
    try:
        major, _, _ = _COUNTS.unpack_from(data, start)
        if major < _OLDEST:
            raise CatalogError(f"{path}: a single file of .NET Core 3, whose parts are not read")
        length_at = start + _COUNTS.size
        length = data[length_at]  # of the bundle's name, which is short
        offset, size = _PLACE.unpack_from(data, length_at + 1 + length)
    except (error, IndexError) as reason:
        raise CatalogError(f"{path}: its header of a single file is cut off") from reason
    if not size:
        return None
    if offset < 0 or not 0 < size <= _MOST_BYTES or offset + size > len(data):
        raise CatalogError(f"{path}: the manifest in its single file lies outside of it")
    return bytes(data[offset : offset + size])


def _header(program: Program) -> int:
    """Return where the header is in the file; 0 when it is no single file."""
    for span in program.sections:
        if span.name not in _SECTIONS:
            continue
        data = bytes(program.content(span))
        found = data.find(_MARK)
        if found >= _OFFSET.size:
            offset: int = _OFFSET.unpack_from(data, found - _OFFSET.size)[0]
            return offset if 0 < offset < len(program.data) else 0
    return 0
