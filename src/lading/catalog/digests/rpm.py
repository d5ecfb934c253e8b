"""Digests of rpms' files, from any of rpm's databases.

Tags: https://rpm-software-management.github.io/rpm/manual/tags.html. Which files count follows
`rpm -V` (https://rpm-software-management.github.io/rpm/man/rpm.8): those that were not installed
(documentation, other languages) or are ghosts do not; replaced ones need only be there.
"""

from collections.abc import Iterator, Sequence
from itertools import repeat

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import DigestReader, Kept, Recorded, Records
from lading.catalog.owned import Allowance
from lading.catalog.rpmdb.blobs import LARGEST, PLACES, blobs
from lading.catalog.rpmdb.header import FILE_LISTS, Header, read_header
from lading.errors import CatalogError

_STATES, _MODES, _DIGESTS, _LINKS, _FLAGS = 1029, 1030, 1035, 1036, 1037
_VERIFIED, _ALGORITHM = 1045, 5011
_WANTED = FILE_LISTS | {_STATES, _MODES, _DIGESTS, _LINKS, _FLAGS, _VERIFIED, _ALGORITHM}
_NORMAL, _REPLACED, _WRONG_COLOUR = 0, 1, 4  # states of files that were installed
_CONFIGURATION, _MISSING_OK, _GHOST = 1 << 0, 1 << 3, 1 << 6  # flags
_BY_DIGEST, _BY_LINK = 1 << 0, 1 << 2  # what is to be verified
_KIND, _REGULAR, _LINK = 0o170000, 0o100000, 0o120000  # in modes
_NAMES = {
    1: "md5", 2: "sha1", 3: "ripemd160", 8: "sha256", 9: "sha384", 10: "sha512", 11: "sha224",
    12: "sha3_256", 14: "sha3_512",
}  # fmt: skip
"""By number: https://www.rfc-editor.org/rfc/rfc9580#section-9.5"""


def read(file: ImageFile) -> Iterator[Kept]:
    """Yield the files of each package; CatalogError, at the end, for what is damaged."""
    allowance = Allowance(len(file.data))
    broken = 0
    for blob in blobs(file.path, file.data):
        try:
            entry = read_header(blob)
            header = Header(blob, _WANTED, "surrogateescape")
            files = tuple(_recorded(header, allowance))
        except CatalogError:
            broken += 1
            continue
        broken += not header.is_whole
        if files:
            yield Records(
                type="rpm", name=entry.name, version=entry.version, arch=entry.arch, files=files
            )
    if broken:
        raise CatalogError(f"{broken} package headers are damaged, or list absurdly many files")


def _recorded(header: Header, allowance: Allowance) -> Iterator[Recorded]:
    files = header.files()
    if files is None:
        return
    count = len(files.bases)
    longest = max(map(len, files.folders))
    if not allowance.take(2 * count, sum(map(len, files.bases)) + longest * count):
        raise CatalogError("its files make a list of absurd length")
    algorithm = _algorithm(header)
    digests, links = header.texts(_DIGESTS), header.texts(_LINKS)
    if len(digests) != count or len(links) not in (0, count):
        return  # before rpm 4 had digests, or a header that says nothing of them
    columns = zip(
        files.indexes,
        files.bases,
        digests,
        links or repeat(""),
        _column(header, _MODES, count, _REGULAR),
        _column(header, _FLAGS, count, 0),
        _column(header, _VERIFIED, count, 0xFFFFFFFF),
        _column(header, _STATES, count, _NORMAL),
        strict=False,
    )
    for index, base, digest, link, mode, flags, verified, state in columns:
        kind = mode & _KIND
        is_link = kind == _LINK
        if flags & _GHOST or state not in (_NORMAL, _REPLACED, _WRONG_COLOUR):
            continue
        if (is_link and not link) or (not is_link and (kind != _REGULAR or not digest)):
            continue
        yield Recorded(
            files.folders[index] + base,
            f"link:{link}" if is_link else f"{algorithm}:{digest.lower()}",
            is_configuration=bool(flags & _CONFIGURATION),
            is_optional=bool(flags & _MISSING_OK),
            is_compared=state == _NORMAL and bool(verified & (_BY_LINK if is_link else _BY_DIGEST)),
        )


def _algorithm(header: Header) -> str:
    """Return the name; MD5 where the header names none, as before rpm 4.6."""
    numbers = header.numbers(_ALGORITHM)
    number = numbers[0] if numbers else 1
    return _NAMES.get(number, f"openpgp-{number}")


def _column(header: Header, tag: int, count: int, usual: int) -> Sequence[int] | Iterator[int]:
    numbers = header.numbers(tag)
    return numbers if len(numbers) == count else repeat(usual, count)


RPM_DIGESTS = DigestReader(name="rpm", wants=PLACES, max_size=LARGEST, read=read)
