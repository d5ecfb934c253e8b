"""A crate as a file into its package, from the Cargo.toml in it.

Format: https://doc.rust-lang.org/cargo/reference/manifest.html; `cargo package` writes a gzipped
tar whose files are in `NAME-VERSION/`.
"""

import re
from collections.abc import Iterator

from lading.catalog.archives.record import LARGEST_FILE, opening, packed_files, standing_for
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.toml_document import read_toml
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Fact, Package

_MANIFEST = re.compile(r"[^/]+/Cargo\.toml")


def read_crate(file: ImageFile) -> Iterator[Fact]:
    """Yield the crate; raises CatalogError for what is no crate, or damaged."""
    document = read_toml(f"{file.path}!/Cargo.toml", _manifest(file))
    stated = document.get("package")
    fields = stated if isinstance(stated, dict) else {}
    name, version = word(fields.get("name")), word(fields.get("version"))
    if name is None or version is None:
        raise refuse(file.path, "name" if name is None else "version", None)
    package = Package(
        type="cargo",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([fields.get("license")]),
        requires=words(_required(document.get("dependencies"))),
    )
    yield from standing_for(file, (package,))


def _required(dependencies: object) -> list[object]:
    """Return the crates' names, which a table may state beside the name they are used by."""
    rows = dependencies if isinstance(dependencies, dict) else {}
    return [
        terms.get("package", used) if isinstance(terms, dict) else used
        for used, terms in rows.items()
    ]


def _manifest(file: ImageFile) -> bytes:
    with opening(file.path):
        for one in packed_files(file):
            if _MANIFEST.fullmatch(one.name):
                return one.data
    raise CatalogError(f"{file.path}: a crate without Cargo.toml")


CRATE_FILE = Cataloger(
    name="crate-file", revision=1, wants=("**/*.crate",), max_size=LARGEST_FILE, read=read_crate
)
