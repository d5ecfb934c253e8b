"""A package's findings to the one version that ends them all, where there is one."""

from collections.abc import Iterable

from lading.errors import InvalidVersion
from lading.model.finding import Finding
from lading.report.view import is_fixable
from lading.versions import SCHEMES, scheme_of
from lading.versions.scheme import Sortable


def remedy(findings: Iterable[Finding], type: str) -> tuple[str, int] | None:
    """Return the smallest version that fixes all fixable findings of one package, and their number.

    `type` is the package's, which says how its versions compare. A version counts as fixing a
    finding when it is one of its fixed versions, or not below the highest: what lies between them
    may be a branch that is still affected. None where nothing is fixable, or a version unreadable.
    """
    scheme = scheme_of(type)
    if scheme is None:
        return None
    key = SCHEMES[scheme]
    fixes = [found.fix.versions for found in findings if is_fixable(found) and found.fix.versions]
    try:
        keyed = [{key(version): version for version in versions} for versions in fixes]
    except InvalidVersion:
        return None
    candidates: dict[Sortable, str] = {}
    for fixed in keyed:
        candidates |= fixed
    for candidate in sorted(candidates):
        if all(candidate in fixed or not candidate < max(fixed) for fixed in keyed):
            return candidates[candidate], len(fixes)
    return None
