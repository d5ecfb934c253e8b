"""Which scheme the versions of an advisory ecosystem follow.

Names: https://ossf.github.io/osv-schema/#defined-ecosystems
"""

from collections.abc import Mapping

_SCHEMES: Mapping[str, str] = {
    "AlmaLinux": "rpm",
    "Alpaquita": "apk",
    "Alpine": "apk",
    "Amazon Linux": "rpm",
    "Arch Linux": "pacman",
    "Azure Linux": "rpm",
    "Bioconductor": "cran",
    "Bitnami": "bitnami",
    "CRAN": "cran",
    "Chainguard": "apk",
    "ConanCenter": "semver",
    "Debian": "deb",
    "EPEL": "rpm",
    "Fedora": "rpm",
    "Go": "go",
    "Hackage": "hackage",
    "Hex": "hex",
    "Julia": "semver",
    "Mageia": "rpm",
    "Mariner": "rpm",
    "Maven": "maven",
    "MinimOS": "apk",
    "NuGet": "nuget",
    "Oracle Linux": "rpm",
    "Packagist": "composer",
    "Photon OS": "rpm",
    "Pub": "pub",
    "PyPI": "pep440",
    "Red Hat": "rpm",
    "Rocky Linux": "rpm",
    "RubyGems": "gem",
    "SUSE": "rpm",
    "SwiftURL": "semver",
    "Ubuntu": "deb",
    "Wolfi": "apk",
    "crates.io": "cargo",
    "npm": "npm",
    "openEuler": "rpm",
    "openSUSE": "rpm",
}


def scheme_of_ecosystem(ecosystem: str) -> str | None:
    """Return the scheme of an ecosystem, with or without its release; None for none known."""
    return _SCHEMES.get(ecosystem.partition(":")[0])
