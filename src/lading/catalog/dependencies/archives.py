"""What Java archives hold: an archive depends on the artifacts in it.

Archives do not say what they need of one another, but what they were packed with. Containment is
read from the paths: `/app.war!/WEB-INF/lib/a.jar` is in `/app.war`, and an artifact that was merged
into a jar has the jar's own path.
"""

from collections.abc import Iterator, Sequence

from lading.catalog.dependencies.rule import Edges, Surroundings
from lading.model.package import Evidence, Package

_INSIDE = "!/"


def edges(packages: Sequence[Package], _around: Surroundings) -> Edges:
    """Yield an edge from the artifact that an archive is to each one directly in it.

    An archive that is no artifact itself is passed over: what it holds belongs to the next outer.
    """
    held: dict[str, list[Package]] = {}
    for package in packages:
        if package.evidence is not Evidence.DECLARED:
            for path in package.paths:
                held.setdefault(path, []).append(package)
    own = {path: _own(path, found) for path, found in held.items()}
    for path, found in held.items():
        outer = own[path]
        if outer is not None:
            yield from ((outer.id, package.id) for package in found)
            inner = [outer]
        else:
            inner = found
        around_it = next((one for at in _outwards(path) if (one := own.get(at))), None)
        if around_it is not None:
            yield from ((around_it.id, package.id) for package in inner)


def _own(path: str, found: list[Package]) -> Package | None:
    """Return the artifact that the archive is: the one not bundled, else the one of its name."""
    whole = [package for package in found if package.evidence is not Evidence.BUNDLED]
    if len(whole) == 1:
        return whole[0]
    stem = path.rpartition("/")[2]
    named = [one for one in whole if stem.startswith(one.name.rpartition(":")[2] + "-")]
    return named[0] if len(named) == 1 else None


def _outwards(path: str) -> Iterator[str]:
    while _INSIDE in path:
        path = path.rpartition(_INSIDE)[0]
        yield path
