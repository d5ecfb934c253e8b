"""Which files are not as their package installed them: an opened image in, modified files out.

Two walks of the layers beside the inventory's own. The first reads what the package managers keep
of their files; the second hashes those of the files that a digest was kept of. What changed is
judged on the final file system. The package managers' own checks are the model: `dpkg --verify`,
`rpm -V`, `apk audit`, `pacman -Qkk`.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from lading.catalog.digests.recorded import Absences, Recorded
from lading.catalog.inventory import OS_TYPES
from lading.catalog.ownership import Diversions, owner_id, package_index
from lading.image.problems import shown
from lading.image.source import LayerSource
from lading.ledger.digests import EFFECT, Found, Hashing, Keeping, Places, digest, is_known
from lading.model.package import Ownership, Package
from lading.model.problem import Problem, Stage
from lading.model.result import Modified

_LINK = "link"


class Verified(NamedTuple):
    """What a verification found."""

    modified: tuple[Modified, ...]  # by path
    proven: frozenset[str]  # paths of files that are as a package recorded them, by digest
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]  # what was not compared


class _Claim(NamedTuple):
    """A package's word on one place of the file system."""

    package: str  # id
    type: str
    recorded: Recorded


_Claims = Mapping[str, Sequence[_Claim]]
"""By place: an absolute path, the links in its folders resolved."""


def verify(
    layers: Sequence[LayerSource], packages: Sequence[Package], *, is_layered: bool
) -> Verified:
    """Compare the files of the packages with their records; ImageError for a damaged layer.

    A file that is as any package recorded it is as installed. Where a layer was not read to its
    end, nothing is called missing.
    """
    keeping = Keeping(layers)
    places = Places(keeping.tree)
    claims = _claims(keeping, packages, places)
    wanted = {place: _algorithms(several) for place, several in claims.items()}
    hashing = Hashing(layers, wanted, places)
    absences = Absences(keeping.left_out)
    modified = []
    proven = set()
    unread = 0
    for place, several in claims.items():
        found = hashing.found(place)
        if found is not None:
            unread += found.digests is None and found.kind == "file" and bool(wanted[place])
        elif hashing.is_cut:
            continue
        one = _judged(place, several, found, absences)
        if one is None and found is not None and found.digests is not None and wanted[place]:
            proven.add(shown(place))
        if one is not None:
            modified.append(one if is_layered else replace(one, layer=None))
    return Verified(
        modified=tuple(sorted(modified, key=lambda one: one.path)),
        proven=frozenset(proven),
        problems=tuple(dict.fromkeys((*keeping.problems, *hashing.problems, *_unknown(claims)))),
        notes=_notes(claims, packages, unread),
    )


def _claims(keeping: Keeping, packages: Sequence[Package], places: Places) -> _Claims:
    """Return what installed packages say, with links in folders and diversions followed."""
    index = package_index(packages)
    moved = Diversions(keeping.lists)
    listed = _listed(keeping.lists)
    claims: dict[str, list[_Claim]] = {}
    for records in keeping.records:
        owner = owner_id(records.type, records.name, records.version, records.arch, index)
        if owner is None:
            continue
        own = None
        if records.type == "deb":
            own = listed.get((records.name, records.arch)) or listed.get((records.name, None))
        files = [one for one in records.files if own is None or one.path in own]
        paths = moved.seen_by(records.type, records.name, [one.path for one in files])
        for path, recorded in zip(paths, files, strict=True):
            claims.setdefault(places.real(path), []).append(_Claim(owner, records.type, recorded))
    return claims


def _listed(lists: Iterable[Ownership]) -> Mapping[tuple[str, str | None], frozenset[str]]:
    """Return what dpkg's lists still call a package's, by name and architecture.

    A file that another package took over is in the first one's digests, but no longer in its list.
    """
    return {(one.name, one.arch): frozenset(one.paths) for one in lists if one.paths}


def _algorithms(claims: Iterable[_Claim]) -> frozenset[str]:
    compared = {_algorithm(one) for one in claims if one.recorded.is_compared}
    return frozenset(name for name in compared if name != _LINK and is_known(name))


def _algorithm(claim: _Claim) -> str:
    return claim.recorded.expected.partition(":")[0]


def _judged(
    place: str, claims: Sequence[_Claim], found: Found | None, absences: Absences
) -> Modified | None:
    """Return how the place differs from what packages say of it; None where it does not."""
    first = claims[0]
    if found is None:
        if any(one.recorded.is_optional for one in claims) or absences.explain(first.type, place):
            return None
        return _modified(place, first, "missing", None)
    compared = [one for one in claims if one.recorded.is_compared]
    answers = [(one, _seen(one, found)) for one in compared]
    told = [(one, seen) for one, seen in answers if seen is not None]
    if not told or any(seen == one.recorded.expected for one, seen in told):
        return None
    claim, seen = told[0]
    # What several records of a file say of it counts for all of them.
    is_meant = any(one.recorded.is_configuration for one in claims)
    return _modified(
        place, claim, "configuration" if is_meant else "changed", seen, layer=found.layer
    )


def _seen(claim: _Claim, found: Found) -> str | None:
    """Return what stands there in the words of the record; None where it cannot be told."""
    algorithm = _algorithm(claim)
    if found.kind == _LINK:
        # apk keeps a digest of the target.
        if algorithm != _LINK and claim.type == "apk" and is_known(algorithm):
            target = found.target.encode("utf-8", "surrogateescape")
            if claim.recorded.expected == f"{algorithm}:{digest(algorithm, target)}":
                return claim.recorded.expected
        return f"link:{found.target}"
    if found.kind != "file" or algorithm == _LINK:
        return found.kind
    known = (found.digests or {}).get(algorithm)
    return None if known is None else f"{algorithm}:{known}"


def _modified(
    place: str, claim: _Claim, state: str, found: str | None, layer: int | None = None
) -> Modified:
    return Modified(
        path=shown(place),
        layer=layer,
        package=claim.package,
        state=state,
        expected=shown(claim.recorded.expected),
        found=None if found is None else shown(found),
    )


def _unknown(claims: _Claims) -> Iterable[Problem]:
    """Yield a problem for each algorithm that digests are by and that cannot be computed."""
    compared = (one for several in claims.values() for one in several if one.recorded.is_compared)
    counts = Counter(_algorithm(one) for one in compared)
    for name, count in sorted(counts.items()):
        if name != _LINK and not is_known(name):
            reason = f"{count} files have digests by {name}, which cannot be computed here"
            yield Problem(stage=Stage.CATALOG, path="", reason=reason, effect=EFFECT)


def _notes(claims: _Claims, packages: Iterable[Package], unread: int) -> tuple[str, ...]:
    """Return which packages left nothing to compare with, and how much was not compared."""
    told = {claim.package for several in claims.values() for claim in several}
    silent = [one for one in packages if one.type in OS_TYPES and one.id not in told]
    notes = []
    if silent:
        notes.append(f"{len(silent)} packages of the system keep no digests of their files")
    if unread:
        notes.append(f"{unread} files could not be compared with what their packages keep of them")
    return tuple(notes)
