"""Perl distributions, from what their installers leave: cpanm's records, lists of files, a log.

Formats: https://metacpan.org/pod/CPAN::Meta::Spec (MYMETA.json), cpanm's install.json beside it in
.meta/DIST-VERSION, https://perldoc.perl.org/ExtUtils::Packlist (auto/MODULE/.packlist, which states
no version), https://perldoc.perl.org/perllocal (a log of installed modules).
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.document import read_object
from lading.catalog.owned import Allowance
from lading.catalog.wording import refuse, word, words
from lading.errors import CatalogError
from lading.model.package import Certainty, Fact, Ownership, Package

_FACT = re.compile(r" \w+=")
_INSTALLED = re.compile(r"[^\n]*?\bL<([\w:]+)\|")
_VERSION = re.compile(r"C<VERSION: ([^>\n]*)>")
_LONGEST = 8192  # characters of an entry


def read_perl(file: ImageFile) -> Iterator[Fact]:
    """Yield the distribution, or the modules of the log, each by its distribution's usual name.

    Raises CatalogError for a record that is no JSON object or has no fit name, and for a list of
    files that lies below no module.
    """
    name = file.path.rpartition("/")[2]
    if name == ".packlist":
        yield from _listed(file)
    elif name == "perllocal.pod":
        yield from _logged(file)
    else:
        yield _recorded(file, is_meta=name == "MYMETA.json")


def _recorded(file: ImageFile, *, is_meta: bool) -> Package:
    record = read_object(file.path, file.data)
    stated = record.get("version")
    stem, _, tail = (word(record.get("dist")) or "").rpartition("-")
    # install.json calls the module `name` and has the distribution as NAME-VERSION. Its version may
    # be a number, which has lost the zeros at its end.
    version = word(stated if isinstance(stated, str) else tail or str(stated or ""))
    name = word(record.get("name")) if is_meta else word(stem)
    if name is None:
        raise refuse(file.path, "name", record.get("name" if is_meta else "dist"))
    licenses = record.get("license")
    requires = _runtime(record) if is_meta else ()
    return Package(
        type="cpan",
        name=name,
        version=version,
        paths=(file.path,),
        licenses=words(licenses if isinstance(licenses, list) else [licenses]),
        requires=tuple(_dist(one) for one in requires if one != "perl"),
        provides=tuple(_dist(one) for one in words(record.get("provides"))),
    )


def _runtime(record: dict[str, object]) -> tuple[str, ...]:
    node: object = record
    for key in ("prereqs", "runtime", "requires"):
        node = node.get(key) if isinstance(node, dict) else None
    return words(node)


def _listed(file: ImageFile) -> Iterator[Fact]:
    module = file.path.removesuffix(".packlist").rpartition("/auto/")[2].strip("/")
    name = word(module.replace("/", "-"))
    if name is None:
        raise CatalogError(f"{file.path}: it lies below no module")
    yield Package(
        type="cpan",
        name=name,
        version=None,
        paths=(file.path,),
        certainty=Certainty.INFERRED,
    )
    lines = bytes(file.data).decode("utf-8", "backslashreplace").split("\n")
    paths = tuple(_FACT.split(line, maxsplit=1)[0] for line in lines if line.startswith("/"))
    if not Allowance(len(file.data)).take(len(paths), sum(map(len, paths))):
        raise CatalogError(f"{file.path}: its files make a list of absurd length")
    if paths:
        yield Ownership(type="cpan", name=name, paths=paths)


def _logged(file: ImageFile) -> Iterator[Package]:
    """Yield the last entry of each module; entries are of the form of ExtUtils::MakeMaker."""
    text = bytes(file.data).decode("utf-8", "replace")
    versions: dict[str, str | None] = {}
    for entry in f"\n{text}".split("\n=head2 ")[1:]:
        head = _INSTALLED.match(entry[:_LONGEST])
        found = _VERSION.search(entry[:_LONGEST])
        if head:
            versions[head[1]] = word(found[1]) if found else None
    for module, version in versions.items():
        yield Package(
            type="cpan",
            name=_dist(module),
            version=version,
            paths=(file.path,),
            certainty=Certainty.INFERRED,
        )


def _dist(module: str) -> str:
    return module.replace("::", "-")


PERL = Cataloger(
    name="perl",
    revision=2,
    wants=(
        "**/.meta/*/MYMETA.json",
        "**/.meta/*/install.json",
        "**/auto/**/.packlist",
        "**/perllocal.pod",
    ),
    max_size=16 << 20,
    read=read_perl,
)
