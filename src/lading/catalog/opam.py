"""OCaml packages, from the file that opam keeps of each in a switch.

Format: https://opam.ocaml.org/doc/Manual.html#opam (SWITCH/.opam-switch/packages/NAME.VERSION/opam;
a name has no dot). Of the fields only the licence and what is asked for are read; what is asked for
under a condition of tests, documentation or development is left out.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word, words
from lading.model.package import Fact, Package

_PROSE = re.compile(r"\"{3}.*?\"{3}", re.DOTALL)
_TOKEN = re.compile(
    r"""\s++|\#[^\n]*+|"(?P<text>(?:[^"\\]|\\.)*+)"|(?P<open>[\[({])|(?P<close>[\])}])|[^\s"\[\](){}\#]++""",
    re.VERBOSE | re.DOTALL,
)
_ASIDE = re.compile(r"\b(?:with-test|with-doc|with-dev-setup|dev)\b")
_LONGEST = 1 << 16  # characters of a field


def read_opam(file: ImageFile) -> Iterator[Fact]:
    """Yield the package that the folder names; raises CatalogError when it names none."""
    stem = file.path.split("/")[-2]
    stated_name, _, stated_version = stem.partition(".")
    name, version = word(stated_name), word(stated_version)
    if name is None or version is None:
        raise refuse(file.path, "name and version", stem)
    text = _PROSE.sub('""', bytes(file.data).decode("utf-8", "replace"))
    yield Package(
        type="opam",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words([text for text, _ in _texts(text, "license")]),
        requires=words(
            [name for name, limit in _texts(text, "depends") if not _ASIDE.search(limit)]
        ),
    )


def _texts(text: str, field: str) -> list[tuple[str, str]]:
    """Return the texts of a field, one or a list, each with the condition in braces behind it."""
    head = re.search(rf"^{field}:", text, re.MULTILINE)
    value = text[head.end() : head.end() + _LONGEST] if head else ""
    found: list[tuple[str, str]] = []
    depth = at = 0
    condition = None  # where it begins
    while token := _TOKEN.match(value, at):
        at = token.end()
        if token["open"]:
            depth += 1
            condition = token.start() if token["open"] == "{" and condition is None else condition
        elif token["close"]:
            depth -= 1
            if token["close"] == "}" and condition is not None and found:
                found[-1] = (found[-1][0], value[condition:at])
                condition = None
        elif token["text"] is not None and condition is None:
            found.append((token["text"], ""))
        if depth <= 0 and (token["text"] is not None or token["close"]):
            break
    return found


OPAM = Cataloger(
    name="opam",
    revision=1,
    wants=("**/.opam-switch/packages/*/opam",),
    max_size=4 << 20,
    read=read_opam,
)
