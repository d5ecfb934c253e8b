"""Programs and libraries that no package manager lists, from the bytes of executable files.

What a file says of itself (package notes, version resources) is read first, then it is searched for
the texts in `lading.catalog.fingerprints`, whatever its name is: a renamed BusyBox, an OpenSSL
inside a wheel. The inventory leaves out what lies in files that the operating system installed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lading.catalog.cataloger import Cataloger, Content, ImageFile
from lading.catalog.constants import constants_of, reader
from lading.catalog.dynamic import Links, links_of
from lading.catalog.labels import Label, package_note, version_resource
from lading.errors import CatalogError
from lading.model.package import Certainty, Evidence, Fact, Package

if TYPE_CHECKING:
    from lading.catalog.fingerprints.recognise import Hit

_LONGEST_PROOF = 160


def read_file(file: ImageFile) -> Iterator[Fact]:
    """Yield what the file says it is, and the programs and libraries recognised in it.

    A library in a file that is not its own is `bundled`; what the file itself is, is `content`.
    Raises CatalogError for a package note that cannot be read, and for a file so full of numbers
    that it was not searched to its end; what was found is yielded before.
    """
    from lading.catalog.fingerprints.recognise import recognise  # its tables take their time

    programs, parts, text, is_all = constants_of(file)
    wrong = []
    for program in programs:
        note = package_note(program)
        if isinstance(note, Label):
            yield _labelled(file.path, note, Certainty.EXACT)
        elif note is not None:
            wrong.append(f"its package note {note.reason}")
    links = links_of(programs) if text else Links()
    hits = tuple(recognise(text, reader(parts), links))
    known = {hit.version for hit in hits}
    for program in programs:
        # "The OpenSSL Toolkit 3.6.4" says nothing that "openssl 3.6.4" does not.
        if (resource := version_resource(program)) and resource.version not in known:
            yield _labelled(file.path, resource, Certainty.INFERRED)
    for hit in hits:
        yield _package(file.path, hit)
    if not is_all:
        wrong.append("it holds too many numbers to be searched to its end")
    if wrong:
        raise CatalogError(f"{file.path}: {', and '.join(wrong)}")


def _labelled(path: str, label: Label, certainty: Certainty) -> Package:
    return Package(
        type="generic",
        name=label.name,
        version=label.version,
        paths=(path,),
        evidence=Evidence.CONTENT,
        certainty=certainty,
        proof=_printable(label.proof),
    )


def _package(path: str, hit: "Hit") -> Package:
    is_part = hit.is_part_of(path.rpartition("/")[2])
    return Package(
        type="generic",
        name=hit.fingerprint.name,
        version=hit.version,
        paths=(path,),
        evidence=Evidence.BUNDLED if is_part else Evidence.CONTENT,
        certainty=Certainty.EXACT if hit.is_exact else Certainty.INFERRED,
        proof=_printable(hit.proof.decode("ascii", "replace")),
    )


def _printable(text: str) -> str:
    shown = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    return shown[:_LONGEST_PROOF]


PROGRAMS = Cataloger(
    name="programs",
    revision=3,
    content=(Content.ELF, Content.PE, Content.MACHO),
    max_size=512 << 20,
    read=read_file,
)
