"""Python distributions inside of others: by the records of files, by `_vendor` folders.

Rule: https://packaging.python.org/en/latest/specifications/recording-installed-packages/ (RECORD
lists every file of a distribution, those that it copied from others among them).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from lading.catalog.dependencies.python_versions import fold
from lading.catalog.python_lists import site_of, vendored_in
from lading.model.package import Package

Owner = Callable[[str], str | None]
"""From a file to the id of the package whose record lists it."""

_Named = Mapping[tuple[str, str], str]  # by folder and name


def bringers(packages: Iterable[Package], owner_of: Owner) -> Iterator[tuple[Package, list[str]]]:
    """Yield each Python distribution with the id of the one around it, for each of its paths.

    That one's record lists the file, or the code beside vendored copies, or else its folder has
    its name; "" where there is none.
    """
    packages = [one for one in packages if one.type == "pypi"]
    known = {one.id for one in packages}
    named = {
        (site, fold(one.name)): one.id
        for one in packages
        for path in one.paths
        if (site := site_of(path)) is not None and vendored_in(site) is None
    }

    def around(package: Package, path: str) -> str:
        file = path.partition("!")[0]
        inside = vendored_in(site_of(path) or "")
        for place in [file, *([f"{inside}/__init__.py"] if inside else ())]:
            owner = owner_of(place)
            if owner in known and owner != package.id:
                return owner or ""
        return _by_folder(inside, named) if inside else ""

    for package in packages:
        yield package, [around(package, path) for path in package.paths]


def _by_folder(inside: str, named: _Named) -> str:
    site, _, name = inside.rpartition("/")
    return named.get((site, fold(name)), "")
