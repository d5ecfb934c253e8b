"""Erlang and Elixir applications, from the resource file of each, and the runtime of a release.

Formats: https://www.erlang.org/doc/apps/kernel/app.html (ebin/NAME.app),
https://www.erlang.org/doc/apps/sasl/rel.html (releases/VERSION/NAME.rel), and
https://www.erlang.org/doc/system/versions.html (releases/MAJOR/OTP_VERSION).
What comes with Erlang/OTP and Elixir is of type otp; all else is taken for a package of Hex.
"""

from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.erlang_terms import Atom, Term, read_terms
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Certainty, Fact, Package

_NAMES = """
    asn1 common_test compiler crypto debugger dialyzer diameter edoc eldap erl_docgen
    erl_interface erts et eunit ftp hipe inets jinterface kernel megaco mnesia observer odbc
    os_mon otp_mibs parsetools percept public_key reltool runtime_tools sasl snmp ssh ssl stdlib
    syntax_tools test_server tftp tools typer wx xmerl eex elixir ex_unit iex logger mix
"""
_SHIPPED = frozenset(_NAMES.split())
_ASKED = ("applications", "included_applications")


def read_erlang(file: ImageFile) -> Iterator[Fact]:
    """Yield the application of an .app, the parts of a .rel, or the release in OTP_VERSION.

    Raises CatalogError for a file that is none, or lacks a fit name.
    """
    if file.path.endswith("/OTP_VERSION"):
        yield _runtime(file)
        return
    terms = read_terms(file.path, bytes(file.data))
    kind = "application" if file.path.endswith(".app") else "release"
    found = [term for term in terms if isinstance(term, tuple) and term[:1] == (Atom(kind),)]
    if not found:
        raise CatalogError(f"{file.path}: it describes no {kind}")
    for term in found:
        yield from (
            _application(file.path, term) if kind == "application" else _release(file.path, term)
        )


def _runtime(file: ImageFile) -> Package:
    # Two stars at the end mean that patches were applied.
    text = bytes(file.data[:256]).decode("utf-8", "replace").strip().rstrip("*")
    version = word(text)
    if version is None:
        raise refuse(file.path, "version", text)
    return Package(type="generic", name="erlang", version=version, paths=(file.path,))


def _application(path: str, term: tuple[Term, ...]) -> Iterator[Package]:
    name = word(term[1]) if len(term) > 1 else None
    if name is None:
        raise refuse(path, "name", term[1] if len(term) > 1 else None)
    properties = term[2] if len(term) > 2 and isinstance(term[2], list) else []
    stated = {row[0]: row[1] for row in properties if _is_pair(row)}
    version = stated.get("vsn")
    yield _package(
        path,
        name,
        None if isinstance(version, Atom) else word(version),  # `git` asks for a version
        tuple(dict.fromkeys(name for key in _ASKED for name in words(stated.get(key)))),
    )


def _release(path: str, term: tuple[Term, ...]) -> Iterator[Package]:
    rows = [term[2], *term[3]] if len(term) == 4 and isinstance(term[3], list) else []
    unfit = 0
    for row in rows:
        name, version = row[:2] if isinstance(row, tuple) and len(row) > 1 else (None, None)
        if version == "":
            continue  # so OTP's own releases list what was not built
        if (called := word(name)) and (stated := word(version)):
            yield _package(path, called, stated, ())
        else:
            unfit += 1
    if unfit or not rows:
        raise CatalogError(f"{path}: {unfit or 'all'} of its parts have no fit name and version")


def _is_pair(row: Term) -> bool:
    return isinstance(row, tuple) and len(row) == 2 and isinstance(row[0], Atom)


def _package(path: str, name: str, version: str | None, requires: tuple[str, ...]) -> Package:
    is_shipped = name in _SHIPPED
    return Package(
        type="otp" if is_shipped else "hex",
        name=name,
        version=version,
        paths=(path,),
        certainty=Certainty.EXACT if is_shipped else Certainty.INFERRED,
        requires=requires,
    )


ERLANG = Cataloger(
    name="erlang",
    revision=2,
    wants=("**/ebin/*.app", "**/releases/*/*.rel", "**/releases/*/OTP_VERSION"),
    max_size=1 << 20,
    read=read_erlang,
)
