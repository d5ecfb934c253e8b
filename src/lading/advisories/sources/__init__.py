"""What each feed looks like: one module a format, each a pure `parse` from bytes to advisories.

To add one: write `sources/<name>.py`, add its recognition to `lading.advisories.importing`, and a
row to SOURCES where it can be downloaded.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A feed that `lading advisories update` downloads."""

    name: str  # the feed's name in the database
    url: str


_OSV = "https://osv-vulnerabilities.storage.googleapis.com"
_ECOSYSTEMS = (
    "AlmaLinux", "Alpine", "Bitnami", "Chainguard", "CRAN", "crates.io", "Debian", "Go", "Hackage",
    "Hex", "Maven", "npm", "NuGet", "Packagist", "Pub", "PyPI", "Rocky Linux", "RubyGems", "SUSE",
    "SwiftURL", "Ubuntu", "Wolfi",
)  # fmt: skip

SOURCES: tuple[Source, ...] = (
    *(
        Source(name=f"osv/{name}", url=f"{_OSV}/{name.replace(' ', '%20')}/all.zip")
        for name in _ECOSYSTEMS
    ),
    Source(
        name="kev",
        url="https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
    ),
)
