"""Which ecosystem of advisories is about the packages of a type.

Types: https://github.com/package-url/purl-spec/blob/main/PURL-TYPES.rst. Ecosystems:
https://ossf.github.io/osv-schema/#defined-ecosystems. Those of distributions have a release, which
no package knows by itself.
"""

from collections.abc import Mapping

OF_TYPE: Mapping[str, str] = {
    "bioconductor": "Bioconductor",
    "bitnami": "Bitnami",
    "cargo": "crates.io",
    "composer": "Packagist",
    "conan": "ConanCenter",
    "cran": "CRAN",
    "gem": "RubyGems",
    "golang": "Go",
    "hackage": "Hackage",
    "hex": "Hex",
    "julia": "Julia",
    "maven": "Maven",
    "npm": "npm",
    "nuget": "NuGet",
    "pub": "Pub",
    "pypi": "PyPI",
    "swift": "SwiftURL",
}

GENERIC = "generic"
"""Of packages of that type: no feed has it, but a user's own advisories may."""
