"""What mix.lock declares.

Format: https://hexdocs.pm/mix/Mix.Tasks.Deps.html: a map, one dependency a line, whose value for a
package of Hex is `{:hex, :PACKAGE, "VERSION", …`.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

_ROW = re.compile(r"\"[^\"\n]{1,256}\": \{:hex, :\"?([\w.-]{1,256})\"?, \"([^\"\n]{1,256})\"")


def read_elixir_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no map."""
    if not is_own(file.path):
        return
    text = bytes(file.data).decode("utf-8", "replace")
    if not text.lstrip().startswith("%{"):
        raise CatalogError(f"{file.path}: it is no map")
    rows = ((found[1], found[2]) for found in _ROW.finditer(text))
    yield from declare("hex", file.path, rows)


ELIXIR_LOCK = Cataloger(
    name="elixir-lock", revision=1, wants=("**/mix.lock",), max_size=8 << 20, read=read_elixir_lock
)
