"""Who built an OS package: the distribution, or somebody whose repository was added to it.

A distribution's advisories are about its own builds. Those of others have versions of their own,
which compare with the distribution's to no use: they are listed as without a feed. EPEL's are
looked up in EPEL's own feed.
Evidence, in this order: the vendor that an rpm states, the repository that its package manager took
it from, marks that packagers put into versions, and maintainers of debs. Debian's maintainers are
people with addresses of all kinds, so that for debs only others that are known count.
"""

import re
from dataclasses import dataclass

from lading.matching.releases import Ecosystems
from lading.model.package import Package


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What follows from who built a package; nothing where it is the distribution."""

    ecosystems: tuple[str, ...] = ()  # instead of the distribution's
    reason: str | None = None  # why no feed is about it


_OWN = Origin()

# What the vendors of a distribution's own rpms begin with, by what its ecosystems begin with.
_VENDORS = (
    ("AlmaLinux", ("AlmaLinux", "CloudLinux")),
    ("Rocky Linux", ("Rocky",)),
    ("Red Hat", ("Red Hat", "CentOS", "Koji", "AlmaLinux", "Rocky", "Oracle")),
    ("Oracle Linux", ("Oracle", "Red Hat")),
    ("Amazon Linux", ("Amazon",)),
    ("SUSE", ("SUSE", "openSUSE")),
    ("openSUSE", ("SUSE", "openSUSE")),
    ("Azure Linux", ("Microsoft",)),
    ("Photon OS", ("VMware", "Broadcom")),
    ("Fedora", ("Fedora",)),
    ("openEuler", ("http://openeuler.org", "openEuler", "OpenEuler")),
    ("Mageia", ("Mageia",)),
)
_WITH_EPEL = ("AlmaLinux", "Rocky Linux", "Red Hat", "Oracle Linux")
_UNSTATED = frozenset(("", "(none)", "unknown"))

# Parts of the names of repositories that no distribution has.
_REPOSITORIES = re.compile(
    r"\b(?:docker-ce|nvidia|cuda|pgdg|nodesource|mysql\d*|mariadb|percona|nginx|elastic|grafana"
    r"|hashicorp|google|kubernetes|cri-o|gitlab|jenkins|mongodb|remi|ius|rpmfusion|microsoft"
    r"|packages-microsoft-com|azul|adoptium|corretto|copr|influxdata|datadog|newrelic)",
    re.IGNORECASE,
)
_VERSIONS = re.compile(
    r"pgdg|nodesource|\.sury|deb\.sury|~ondrej|~ppa\d|\.remi|\.rpmfusion|\+maria~"
)
_MAINTAINERS = re.compile(
    r"@(?:docker\.com|nodesource\.com|nvidia\.com|nginx\.com|elastic\.co|grafana\.com"
    r"|hashicorp\.com|google\.com|chromium\.org|microsoft\.com|oss\.oracle\.com|oracle\.com"
    r"|mongodb\.com|10gen\.com|datadoghq\.com|gitlab\.com|cloudflare\.com|redis\.com"
    r"|redislabs\.com|mariadb\.(?:com|org)|percona\.com|influxdata\.com|confluent\.io|k8s\.io"
    r"|kubernetes\.io|azul\.com|puppet\.com|newrelic\.com)>"
    r"|PostgreSQL APT|^NVIDIA|cudatools|Kubernetes Authors",
    re.IGNORECASE,
)


def third_party(package: Package, found: Ecosystems) -> Origin:
    """Return where a package that the distribution did not build is looked up, or why nowhere."""
    if package.type == "rpm":
        return _rpm(package, found)
    if package.type != "deb":
        return _OWN
    if mark := _VERSIONS.search(package.version or ""):
        return _nobodys(f"its version says {mark[0]!r}")
    if _MAINTAINERS.search(package.vendor or ""):
        return _nobodys(f"its maintainer is {_shown(package.vendor)}")
    return _by_repository(package)


def _rpm(package: Package, found: Ecosystems) -> Origin:
    vendor = (package.vendor or "").strip()
    base = found.names[0].partition(":")[0]
    own = next((names for ecosystem, names in _VENDORS if ecosystem == base), ())
    if vendor not in _UNSTATED and own and found.note is None:
        if vendor.startswith(own):
            return _OWN
        if base in _WITH_EPEL and vendor.startswith("Fedora"):
            return _epel(found)
        return _nobodys(f"its vendor is {_shown(vendor)}")
    if base in _WITH_EPEL and re.match(r"epel\b", package.repository or ""):
        return _epel(found)
    if mark := _VERSIONS.search(package.version or ""):
        return _nobodys(f"its version says {mark[0]!r}")
    return _by_repository(package)


def _epel(found: Ecosystems) -> Origin:
    number = re.search(r":(\d+)", found.names[0].replace("Red Hat:enterprise_linux", ""))
    return Origin(ecosystems=(f"EPEL:{number[1]}",)) if number else _OWN


def _by_repository(package: Package) -> Origin:
    if package.repository and _REPOSITORIES.search(package.repository):
        return _nobodys(f"it is from the repository {_shown(package.repository)}")
    return _OWN


def _nobodys(evidence: str) -> Origin:
    return Origin(reason=f"no feed: not built by the distribution, {evidence}")


def _shown(text: str | None) -> str:
    return (text or "")[:80]
