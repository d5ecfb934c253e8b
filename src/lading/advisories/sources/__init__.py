"""What each feed looks like: one module a format, each a pure `parse` from bytes to advisories.

To add one: write `sources/<name>.py`, add it to FORMATS, and a row to SOURCES where the feed can be
downloaded.
"""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from lading.advisories.format import Format
from lading.advisories.leads import first_line, first_mirror, updateinfo_in
from lading.advisories.listing import ChangeList
from lading.advisories.sources.almalinux import ALMALINUX
from lading.advisories.sources.arch import ARCH
from lading.advisories.sources.azurelinux import AZURELINUX
from lading.advisories.sources.bodhi import BODHI
from lading.advisories.sources.csaf import CSAF
from lading.advisories.sources.debian import DEBIAN
from lading.advisories.sources.debian_lists import DEBIAN_LISTS
from lading.advisories.sources.endoflife import ENDOFLIFE, SYSTEMS
from lading.advisories.sources.epss import EPSS
from lading.advisories.sources.kev import KEV
from lading.advisories.sources.nodejs import NODEJS, NODEJS_INDEX
from lading.advisories.sources.nvd import NVD, NVD_RECORD
from lading.advisories.sources.oracle import ORACLE
from lading.advisories.sources.osv import OSV
from lading.advisories.sources.own import OWN_TOML
from lading.advisories.sources.photon import PHOTON
from lading.advisories.sources.secdb import SECDB
from lading.advisories.sources.ubuntu_vex import UBUNTU_VEX
from lading.advisories.sources.updateinfo import UPDATEINFO

FORMATS: tuple[Format, ...] = (
    SECDB,
    KEV,
    OSV,
    DEBIAN,
    DEBIAN_LISTS,
    EPSS,
    ENDOFLIFE,
    NODEJS,
    NODEJS_INDEX,
    UBUNTU_VEX,
    NVD,
    NVD_RECORD,
    OWN_TOML,
    AZURELINUX,
    ORACLE,
    UPDATEINFO,
    CSAF,
    ALMALINUX,
    ARCH,
    BODHI,
    PHOTON,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed that `lading advisories update` downloads."""

    name: str  # the feed's name in the database
    url: str
    format: Format  # of the document, or of the members of an archive
    changes: ChangeList | None = None  # lists the records, each of which is a file beside it
    ecosystems: tuple[str, ...] = ()  # that it speaks of; none: the name says it, or it is of all
    leads: tuple[Callable[[bytes], str], ...] = ()  # what is at the URL leads to it, by these steps
    is_large: bool = False  # so that it is fetched only where it is asked for by name


_OSV = "https://osv-vulnerabilities.storage.googleapis.com"
# Alpine, Chainguard and Wolfi are left to their own databases, which osv.dev copies.
_ECOSYSTEMS = (
    "AlmaLinux", "Alpaquita", "Azure Linux", "Bitnami", "CRAN", "crates.io", "Debian", "Go",
    "Hackage", "Hex", "Julia", "Mageia", "Maven", "MinimOS", "npm", "NuGet", "openEuler",
    "openSUSE", "Packagist", "Pub", "PyPI", "Red Hat", "Rocky Linux", "RubyGems", "SUSE",
    "SwiftURL", "Ubuntu",
)  # fmt: skip
_SALSA = "https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data"
_MICROSOFT = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main"
_PHOTON = "https://packages.vmware.com/photon/photon_cve_metadata"
_RED_HAT = "https://security.access.redhat.com/data/csaf/v2/vex"
_SUSE = "https://ftp.suse.com/pub/projects/security"
_AMAZON = (
    ("2", "cdn.amazonlinux.com/2/core/latest/x86_64"),
    ("2023", "cdn.amazonlinux.com/al2023/core/mirrors/latest/x86_64"),
    ("2023/kernel-livepatch", "cdn.amazonlinux.com/al2023/kernel-livepatch/mirrors/latest/x86_64"),
)
_ALPINE = (*(f"v3.{minor}" for minor in range(10, 25)), "edge")

SOURCES: tuple[Source, ...] = (
    *(
        Source(
            name=f"osv/{name}",
            url=f"{_OSV}/{quote(name)}/all.zip",
            format=OSV,
            changes=ChangeList(url=f"{_OSV}/{quote(name)}/modified_id.csv"),
        )
        for name in _ECOSYSTEMS
    ),
    *(
        Source(
            name=f"secdb/alpine/{release}/{repository}",
            url=f"https://secdb.alpinelinux.org/{release}/{repository}.json",
            format=SECDB,
        )
        for release in _ALPINE
        for repository in ("main", "community")
    ),
    Source(name="secdb/wolfi", url="https://packages.wolfi.dev/os/security.json", format=SECDB),
    Source(
        name="secdb/chainguard",
        url="https://packages.cgr.dev/chainguard/security.json",
        format=SECDB,
    ),
    Source(
        name="kev",
        url="https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
        format=KEV,
    ),
    Source(
        name="debian/tracker",
        url="https://security-tracker.debian.org/tracker/data/json",
        format=DEBIAN,
        ecosystems=("Debian",),
    ),
    *(
        Source(
            name=f"debian/{name.lower()}",
            url=f"{_SALSA}/{name}/list",
            format=DEBIAN_LISTS,
            ecosystems=("Debian",),
        )
        for name in ("DSA", "DLA")
    ),
    Source(
        name="epss",
        url="https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
        format=EPSS,
    ),
    *(
        Source(
            name=f"nvd/{year}",
            url=f"https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-{year}.json.gz",
            format=NVD,
            ecosystems=("NVD",),
        )
        for year in range(2002, 2027)
    ),
    Source(
        name="nodejs",
        url="https://raw.githubusercontent.com/nodejs/security-wg/main/vuln/core/index.json",
        format=NODEJS_INDEX,
        ecosystems=("Node.js",),
    ),
    *(
        Source(
            name=f"endoflife/{product}",
            url=f"https://endoflife.date/api/v1/products/{product}",
            format=ENDOFLIFE,
            ecosystems=(ecosystem,),
        )
        for product, (_, ecosystem) in SYSTEMS.items()
    ),
    *(
        Source(
            name=name,
            url=f"{_MICROSOFT}/{file}-oval.xml",
            format=AZURELINUX,
            ecosystems=("Azure Linux",),
        )
        for name, file in (
            ("oval/azurelinux/3.0", "azurelinux-3.0"),
            ("oval/mariner/2.0", "cbl-mariner-2.0"),
            ("oval/mariner/1.0", "cbl-mariner-1.0"),
        )
    ),
    Source(
        name="oval/oracle",
        url="https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2",
        format=ORACLE,
        ecosystems=("Oracle Linux",),
    ),
    Source(
        name="arch",
        url="https://security.archlinux.org/issues/all.json",
        format=ARCH,
        ecosystems=("Arch Linux",),
    ),
    *(
        Source(
            name=f"photon/{release}",
            url=f"{_PHOTON}/cve_data_photon{release}.json",
            format=PHOTON,
            ecosystems=("Photon OS",),
        )
        for release in ("3.0", "4.0", "5.0")
    ),
    *(
        Source(
            name=f"updateinfo/amazon/{name}",
            url=f"https://{host}/mirror.list",
            format=UPDATEINFO,
            ecosystems=(f"Amazon Linux:{name.partition('/')[0]}",),
            leads=(first_mirror, updateinfo_in),
        )
        for name, host in _AMAZON
    ),
    Source(
        name="csaf/redhat/vex",
        url=f"{_RED_HAT}/archive_latest.txt",
        format=CSAF,
        changes=ChangeList(url=f"{_RED_HAT}/changes.csv", prefix="REDHAT-"),
        ecosystems=("Red Hat",),
        leads=(first_line,),
        is_large=True,
    ),
    Source(
        name="csaf/suse/vex",
        url=f"{_SUSE}/csaf-vex.tar.bz2",
        format=CSAF,
        changes=ChangeList(url=f"{_SUSE}/csaf-vex/changes.csv", prefix="SUSE-"),
        ecosystems=("SUSE", "openSUSE"),
        is_large=True,
    ),
)
