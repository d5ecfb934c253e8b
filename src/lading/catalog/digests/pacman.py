"""Digests of Arch Linux packages' files: the `mtree` of each, its settings files, `NoExtract`.

Formats: mtree(5) (https://man.freebsd.org/cgi/man.cgi?mtree(5)), gzip-packed; `%BACKUP%` of
https://man.archlinux.org/man/alpm-db-files.5.en; https://man.archlinux.org/man/pacman.conf.5.en.
"""

import re
import zlib
from collections.abc import Iterator

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import (
    DigestReader,
    Kept,
    LeftOut,
    Recorded,
    Records,
    left_out,
)
from lading.catalog.owned import Allowance
from lading.errors import CatalogError

_MOST = 64 << 20  # bytes of an unpacked mtree
_OCTAL = re.compile(rb"\\([0-7]{3})")
_DIGESTS = (("sha256digest", "sha256"), ("sha256", "sha256"), ("md5digest", "md5"), ("md5", "md5"))
_KEYS = frozenset((b"type", b"link", *(key.encode() for key, _ in _DIGESTS)))
_NO_EXTRACT = re.compile(r"[ \t]*NoExtract[ \t]*=(.*)")


def read(file: ImageFile) -> Iterator[Kept]:
    """Yield the files of a package, or the rules of the settings.

    Raises CatalogError for an mtree that cannot be unpacked or is absurdly long, and for a folder
    that names no package.
    """
    if file.path == "/etc/pacman.conf":
        yield _left_out(file)
        return
    folder = file.path.split("/")[-2]
    name, *rest = folder.rsplit("-", 2)
    if len(rest) != 2 or not name:
        raise CatalogError("its folder names no package and version")
    is_tree = file.path.endswith("/mtree")
    files = _of_tree(_unpacked(file)) if is_tree else _backup(bytes(file.data))
    yield Records(type="alpm", name=name, version="-".join(rest), files=tuple(files))


def _unpacked(file: ImageFile) -> bytes:
    unpacking = zlib.decompressobj(31)
    try:
        text = unpacking.decompress(bytes(file.data), _MOST)
    except zlib.error as error:
        raise CatalogError(f"it cannot be unpacked: {error}") from error
    if not unpacking.eof:
        raise CatalogError(f"it is cut, or more than {_MOST} bytes when unpacked")
    return text


def _of_tree(text: bytes) -> Iterator[Recorded]:
    usual: dict[bytes, bytes] = {}
    allowance = Allowance(len(text))
    for line in text.split(b"\n"):
        name, *words = line.split() if line.strip() else (b"",)
        facts = {
            key: value for key, _, value in (one.partition(b"=") for one in words) if key in _KEYS
        }
        if name == b"/set":
            usual |= facts
            continue
        path = _text(name).removeprefix(".")
        # The package's own facts (.PKGINFO and the like) lie beside its files, without a folder.
        if not path.startswith("/") or path.startswith("/."):
            continue
        if not allowance.take(2, len(line)):
            raise CatalogError("its files make a list of absurd length")
        expected = _expected(usual | facts)
        if expected is not None:
            yield Recorded(path, expected)


def _expected(facts: dict[bytes, bytes]) -> str | None:
    if facts.get(b"type") == b"link":
        return f"link:{_text(facts.get(b'link', b''))}"
    if facts.get(b"type") != b"file":
        return None
    for key, algorithm in _DIGESTS:
        if digest := facts.get(key.encode()):
            return f"{algorithm}:{_text(digest)}"
    return None


def _text(written: bytes) -> str:
    """Return a name whose blanks and other odd bytes are written as three octal digits."""
    raw = _OCTAL.sub(lambda found: bytes([int(found[1], 8) & 0xFF]), written)
    return raw.decode("utf-8", "surrogateescape")


def _backup(data: bytes) -> Iterator[Recorded]:
    block = data.decode("utf-8", "surrogateescape").partition("%BACKUP%\n")[2]
    for line in block.partition("\n\n")[0].split("\n"):
        path, tab, digest = line.partition("\t")
        if tab and len(digest) == 32:
            yield Recorded(f"/{path}", f"md5:{digest}", is_configuration=True)


def _left_out(file: ImageFile) -> LeftOut:
    """Return the NoExtract globs; behind a `!` stands what is to be there all the same."""
    text = bytes(file.data).decode("utf-8", "surrogateescape")
    found = (known[1] for line in text.split("\n") if (known := _NO_EXTRACT.fullmatch(line)))
    globs = [glob for line in found for glob in line.split()]
    rules = ((not glob.startswith("!"), "/" + glob.removeprefix("!")) for glob in globs)
    return left_out(file, "alpm", rules)


PACMAN_DIGESTS = DigestReader(
    name="pacman",
    wants=(
        "/var/lib/pacman/local/*/mtree",
        "/var/lib/pacman/local/*/files",
        "/etc/pacman.conf",
    ),
    max_size=32 << 20,
    read=read,
)
