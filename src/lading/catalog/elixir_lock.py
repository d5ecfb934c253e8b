"""What mix.lock and rebar.lock declare.

Formats: https://hexdocs.pm/mix/Mix.Tasks.Deps.html: a map, one dependency a line, whose value for a
package of Hex is `{:hex, :PACKAGE, "VERSION", HASH, TOOLS, DEPENDENCIES, …`;
https://rebar3.org/docs/workflow/lock/: an Erlang term, in which a package of Hex is
`{<<"NAME">>, {pkg, <<"PACKAGE">>, <<"VERSION">>}, LEVEL}`, and nothing says what asks for what.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.catalog.erlang_terms import Atom, Term, read_terms
from lading.errors import CatalogError
from lading.model.package import Fact

_ROW = re.compile(
    r"\"[^\"\n]{1,256}\": \{:hex, :\"?([\w.-]{1,256})\"?, \"([^\"\n]{1,256})\"([^\n]*)"
)
_ASKED = re.compile(
    r"\{:\"?[\w.-]{1,256}\"?, \"[^\"\n]{0,256}\", \[hex: :\"?([\w.-]{1,256})\"?,([^\]\n]{0,256})\]"
)


def read_elixir_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is neither form."""
    if not is_own(file.path):
        return
    if file.path.endswith("/rebar.lock"):
        yield from declare("hex", file.path, _of_rebar(file.path, bytes(file.data)))
        return
    text = bytes(file.data).decode("utf-8", "replace")
    if not text.lstrip().startswith("%{"):
        raise CatalogError(f"{file.path}: it is no map")
    rows = ((found[1], found[2], _asked(found[3])) for found in _ROW.finditer(text))
    yield from declare("hex", file.path, rows)


def _asked(text: str) -> list[str]:
    """Return the packages of Hex that must be there; what is optional is another's to ask for."""
    return [one[1] for one in _ASKED.finditer(text) if "optional: true" not in one[2]]


def _of_rebar(path: str, data: bytes) -> Iterator[tuple[object, ...]]:
    terms = read_terms(path, data)
    first = terms[0] if terms else None
    # The oldest form has no version of the format around the list.
    rows = first[1] if isinstance(first, tuple) and len(first) == 2 else first
    if not isinstance(rows, list):
        raise CatalogError(f"{path}: it is no lock file of rebar3")
    for row in rows:
        yield from _of_hex(row[1] if isinstance(row, tuple) and len(row) == 3 else None)


def _of_hex(source: Term) -> Iterator[tuple[object, ...]]:
    if not isinstance(source, tuple):
        yield None, None
    elif source[:1] == (Atom("pkg"),):
        yield source[1:3] if len(source) > 2 else (None, None)


ELIXIR_LOCK = Cataloger(
    name="elixir-lock",
    revision=2,
    wants=("**/mix.lock", "**/rebar.lock"),
    max_size=2 << 20,
    read=read_elixir_lock,
)
