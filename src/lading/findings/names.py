"""Which vulnerabilities a record speaks of, and which of their names comes first.

A record is one vulnerability under all its names (https://ossf.github.io/osv-schema/#aliases-field);
an erratum is several: those of its `upstream`, else the CVEs that it relates to.
"""

import re
from collections.abc import Iterable, Sequence

from lading.model.advisory import Advisory

_CVE = re.compile(r"CVE-([0-9]{4})-([0-9]{4,19})")
_CARRIED = re.compile(rf"[A-Za-z]+-({_CVE.pattern})")  # UBUNTU-CVE-2021-3782
_ERRATUM = re.compile(
    r"(?:ALAS\w*|AL[SBE]A|R[LX][SBE]A|RH[SBE]A|EL[SBE]A|USN|LSN|DSA|DLA|DTSA|GLSA|MGASA"
    r"|SUSE-[A-Z]U|openSUSE-[A-Z]U|openEuler-SA)-"
)
_NO_SECURITY = re.compile(r"(?:(?:AL|RL|RX|RH|EL)[BE]A|SUSE-[ORF]U)-")  # bugs, enhancements
_Order = tuple[int, int, int, str]


def order(name: str) -> _Order:
    """Return a key that puts CVEs first, by year and number, then GHSA, then the others."""
    if found := _CVE.fullmatch(name):
        return 0, int(found[1]), int(found[2]), ""
    return (1 if name.startswith("GHSA-") else 2), 0, 0, name


def best(names: Iterable[str]) -> Sequence[str]:
    """Return the names, the one to show first."""
    return sorted(names, key=order)


def is_cve(name: str) -> bool:
    """Say whether it is a CVE id."""
    return _CVE.fullmatch(name) is not None


def vulnerabilities(advisory: Advisory) -> tuple[frozenset[str], ...]:
    """Return the vulnerabilities that the record speaks of, each as the set of its names.

    None for an erratum that mends bugs or adds features and names no CVE: it is no vulnerability.
    """
    if _ERRATUM.match(advisory.id):
        listed = advisory.upstream or [
            name for name in (*advisory.aliases, *advisory.related) if is_cve(name)
        ]
        found = tuple(dict.fromkeys(_spelled(name) for name in listed))
        if found or _NO_SECURITY.match(advisory.id):
            return found
        return (frozenset((advisory.id, *advisory.aliases)),)
    carried = dict.fromkeys(_spelled(name) for name in advisory.upstream)
    if len({name for names in carried for name in names if is_cve(name)}) > 1:
        return tuple(carried)
    own = (advisory.id, *advisory.aliases)
    return (frozenset[str]().union(*map(_spelled, own), *carried),)


def _spelled(name: str) -> frozenset[str]:
    """Return the name, and the CVE in it where a distribution only put its own before it."""
    found = _CARRIED.fullmatch(name)
    return frozenset((name, found[1])) if found else frozenset((name,))


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


def unique(advisories: Iterable[Advisory]) -> tuple[Advisory, ...]:
    """Return the records in their order, each once: a feed has one record of an id."""
    return tuple({(one.id, one.feed): one for one in advisories}.values())


class Register:
    """All records that speak of one vulnerability alone, by each of its names."""

    def __init__(self, advisories: Iterable[Advisory]) -> None:
        self._records: dict[str, list[Advisory]] = {}
        self._names: dict[tuple[str, str], frozenset[str]] = {}
        for advisory in sorted(unique(advisories), key=lambda one: (one.id, one.feed)):
            names = vulnerabilities(advisory)
            if len(names) == 1:
                self._names[advisory.id, advisory.feed] = names[0]
                for name in names[0]:
                    self._records.setdefault(name, []).append(advisory)

    def speaking_of(self, names: Iterable[str]) -> tuple[Advisory, ...]:
        """Return the records of any of the names, those of the best name first."""
        return unique(one for name in best(names) for one in self._records.get(name, ()))

    def completed(self, names: frozenset[str]) -> frozenset[str]:
        """Return the names with the CVE that others know for them, if these have none.

        Only where the others agree on one: a wrong alias must not join two vulnerabilities.
        """
        if any(map(is_cve, names)):
            return names
        others = [self._names[one.id, one.feed] for one in self.speaking_of(names)]
        cves = {name for all in others for name in all if is_cve(name)}
        return names.union(*others) if len(cves) == 1 else names
