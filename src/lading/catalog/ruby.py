"""Ruby gems, from the specifications that RubyGems writes when it installs them.

Format: https://guides.rubygems.org/specification-reference/. A specification is a Ruby program;
it is read by the lines that RubyGems itself writes, never run. Bundler writes the same for gems
that it takes from Git: https://bundler.io/guides/git.html
"""

import re
from collections.abc import Iterator, Sequence

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word, words
from lading.model.package import Certainty, Evidence, Fact, Package

_TEXT = r"""(?:%q[{<(\[]([^}>)\]\n]*)[}>)\]]|"([^"\\\n]*)"|'([^'\\\n]*)')"""
_QUOTED = re.compile(_TEXT)
_NAME = re.compile(rf"^[ \t]*\w+\.name[ \t]*=[ \t]*{_TEXT}", re.MULTILINE)
_VERSION = re.compile(
    rf"^[ \t]*\w+\.version[ \t]*=[ \t]*(?:Gem::Version\.new[( ])?[ \t]*{_TEXT}", re.MULTILINE
)
_LICENSES = re.compile(r"^[ \t]*\w+\.licenses?[ \t]*=[ \t]*([^\n]*)", re.MULTILINE)
_NEEDED = re.compile(rf"\.add_(runtime_|development_|)dependency[( ][ \t]*{_TEXT}([^\n]*)")
_BOUND = re.compile(r"(?:(?:=|!=|>=|<=|~>|>|<)\s*)?[0-9][0-9A-Za-z.-]*")
_ANY = ">= 0"
_STUB = re.compile(r"^# stub: (\S+) (\S+) ", re.MULTILINE)
_FILE = re.compile(r"(.+)-(\d[^-]*)(?:-.+)?", re.DOTALL)


def read_ruby(file: ImageFile) -> Iterator[Fact]:
    """Yield the gem of a specification.

    Name and version that the program works out, instead of stating them, come from RubyGems' stub
    line, else from the file's name, as inferred. Raises CatalogError when none of those has them.
    """
    text = bytes(file.data).decode("utf-8", "replace")
    name, version = word(_first(_NAME, text)), word(_first(_VERSION, text))
    certainty = Certainty.EXACT if name and version else Certainty.INFERRED
    if stub := _STUB.search(text):
        name, version = name or word(stub[1]), version or word(stub[2])
    stem = file.path.rpartition("/")[2].removesuffix(".gemspec")
    if found := _FILE.fullmatch(stem):
        name, version = name or word(found[1]), version or word(found[2])
    if name is None:
        raise refuse(file.path, "name", None)
    yield Package(
        type="gem",
        name=name,
        version=version,
        paths=(file.path,),
        evidence=Evidence.BUNDLED if "/vendor/gems/" in file.path else Evidence.INSTALLED,
        certainty=certainty,
        licenses=words([_inner(one.groups()) for one in _QUOTED.finditer(_last(_LICENSES, text))]),
        requires=_required(text),
    )
    if version is None:
        raise refuse(file.path, "version", None)


def _required(text: str) -> tuple[str, ...]:
    """Return what is needed to run.

    Specifications that old RubyGems wrote repeat all that is asked for, in the plain form, for
    RubyGems that were older still; what development needs is in there too.
    """
    needed = [(kind, _inner(rest[:3]), rest[3]) for kind, *rest in _NEEDED.findall(text)]
    development = {name for kind, name, _ in needed if kind == "development_"}
    wanted = [
        (name, _bounds(rest))
        for kind, name, rest in needed
        if kind == "runtime_" or (not kind and name not in development)
    ]
    return words([f"{name} ({bounds})" if bounds else name for name, bounds in wanted])


def _bounds(rest: str) -> str:
    """Return the bounds that stand behind a name, as one text; none where all versions will do."""
    stated = (_inner(one.groups()) for one in _QUOTED.finditer(rest))
    return ", ".join(one for one in stated if one != _ANY and _BOUND.fullmatch(one))


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    stated = _inner(found.groups()) if found else None
    return None if stated is None or "#{" in stated else stated  # worked out, not stated


def _last(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.findall(text)
    return str(found[-1]) if found else ""


def _inner(parts: Sequence[str | None]) -> str:
    return next((part for part in parts if part), "")


RUBY = Cataloger(
    name="ruby",
    revision=3,
    wants=(
        "**/specifications/*.gemspec",
        "**/specifications/default/*.gemspec",
        "**/bundler/gems/*/*.gemspec",
        "**/bundler/gems/*/*/*.gemspec",
        "**/bundler/gems/*/*/*/*.gemspec",
        "**/vendor/gems/*/*.gemspec",
    ),
    max_size=16 << 20,
    read=read_ruby,
)
