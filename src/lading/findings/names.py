"""Which vulnerabilities a record speaks of, and which of their names comes first."""

import re
from collections.abc import Iterable, Sequence

from lading.model.advisory import Advisory

_CVE = re.compile(r"CVE-(\d{4})-(\d{4,})")
_ERRATA = re.compile(
    r"(?:ALSA|ALBA|ALEA|RLSA|RXSA|RHSA|RHBA|RHEA|ELSA|USN|DSA|DLA|DTSA|ALAS\w*|SUSE-|openSUSE-|GLSA|MGASA)"
)
_Order = tuple[int, int, int, str]


def order(name: str) -> _Order:
    """Return a key that puts CVEs first, by year and number, then GHSA, then the others."""
    if found := _CVE.fullmatch(name):
        return 0, int(found[1]), int(found[2]), ""
    return (1 if name.startswith("GHSA-") else 2), 0, 0, name


def is_cve(name: str) -> bool:
    """Say whether it is a CVE id."""
    return _CVE.fullmatch(name) is not None


def vulnerabilities(advisory: Advisory) -> tuple[frozenset[str], ...]:
    """Return the vulnerabilities that the record speaks of, each as the set of its names.

    One record is one vulnerability, but for an erratum, which fixes several: one for each that its
    `upstream` names, or the CVEs under `related` where it has no better list.
    """
    own = {advisory.id, *advisory.aliases}
    carried = tuple(dict.fromkeys(advisory.upstream))
    if _ERRATA.match(advisory.id):
        carried = carried or tuple(
            dict.fromkeys(name for name in (*advisory.aliases, *advisory.related) if is_cve(name))
        )
        return tuple(frozenset((name,)) for name in carried) or (frozenset(own),)
    cves = [name for name in carried if is_cve(name)]
    if len(cves) > 1:
        return tuple(frozenset((name,)) for name in cves)
    return (frozenset((*own, *carried)),)


def groups(names: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Join the sets that share a name, however long the chain; cycles are no harm."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    for one in names:
        first, *rest = sorted(one)
        parent.setdefault(first, first)
        for name in rest:
            parent.setdefault(name, name)
            parent[root(name)] = root(first)
    joined: dict[str, set[str]] = {}
    for name in parent:
        joined.setdefault(root(name), set()).add(name)
    return [frozenset(group) for group in joined.values()]


def vulnerability_names(advisories: Iterable[Advisory]) -> frozenset[str]:
    """Return every name under which other sources may speak of the same vulnerabilities."""
    return frozenset(
        name for advisory in advisories for names in vulnerabilities(advisory) for name in names
    )


def best(names: Iterable[str]) -> Sequence[str]:
    """Return the names, the one to show first."""
    return sorted(names, key=order)
