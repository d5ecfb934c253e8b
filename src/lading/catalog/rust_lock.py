"""What Cargo.lock declares.

Format: https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html ([[package]] with name
and version; crates without a source are the project's own).
"""

from collections.abc import Iterator
from typing import Any

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.toml_document import read_toml, tables
from lading.catalog.wording import words
from lading.model.package import Fact


def read_rust_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no TOML."""
    if not is_own(file.path):
        return
    rows = tables(read_toml(file.path, file.data), "package")
    found = (
        (row.get("name"), row.get("version"), _required(row)) for row in rows if row.get("source")
    )
    yield from declare("cargo", file.path, found)


def _required(row: dict[str, Any]) -> list[str]:
    """Return `name`, or `name version` where there are several, without the source behind it."""
    return [" ".join(text.split()[:2]) for text in words(row.get("dependencies"))]


RUST_LOCK = Cataloger(
    name="rust-lock", revision=2, wants=("**/Cargo.lock",), max_size=4 << 20, read=read_rust_lock
)
