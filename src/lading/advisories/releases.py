"""Codenames, by which Debian's and Ubuntu's feeds call their releases, to OSV's ecosystems.

Debian: https://wiki.debian.org/DebianReleases. Ubuntu: https://wiki.ubuntu.com/Releases.
Ecosystems: https://ossf.github.io/osv-schema/#defined-ecosystems. Testing is called by the number
that it will have; unstable never has one.
"""

import re

from lading.errors import InvalidRecord

_DEBIAN = {
    "hamm": "2.0",
    "slink": "2.1",
    "potato": "2.2",
    "woody": "3.0",
    "sarge": "3.1",
    "etch": "4.0",
    "lenny": "5.0",
    "squeeze": "6.0",
    "wheezy": "7",
    "jessie": "8",
    "stretch": "9",
    "buster": "10",
    "bullseye": "11",
    "bookworm": "12",
    "trixie": "13",
    "forky": "14",
    "duke": "15",
    "sid": "unstable",
}
_UBUNTU = {
    "precise": "12.04:LTS",
    "quantal": "12.10",
    "raring": "13.04",
    "saucy": "13.10",
    "trusty": "14.04:LTS",
    "utopic": "14.10",
    "vivid": "15.04",
    "wily": "15.10",
    "xenial": "16.04:LTS",
    "yakkety": "16.10",
    "zesty": "17.04",
    "artful": "17.10",
    "bionic": "18.04:LTS",
    "cosmic": "18.10",
    "disco": "19.04",
    "eoan": "19.10",
    "focal": "20.04:LTS",
    "groovy": "20.10",
    "hirsute": "21.04",
    "impish": "21.10",
    "jammy": "22.04:LTS",
    "kinetic": "22.10",
    "lunar": "23.04",
    "mantic": "23.10",
    "noble": "24.04:LTS",
    "oracular": "24.10",
    "plucky": "25.04",
    "questing": "25.10",
    "resolute": "26.04:LTS",
}
# Builds that only who needs the certificate installs; OSV files them under names of their own.
_CERTIFIED = {
    "fips": "FIPS:",
    "fips-preview": "FIPS-preview:",
    "fips-updates": "FIPS-updates:",
    "realtime": "Realtime:",
}
_TIER = re.compile(r"[a-z0-9-]{1,30}")
_CODENAME = re.compile(r"[a-z]{2,20}")


def debian(codename: str) -> str:
    """Return the ecosystem; by its codename where the number is not known yet. InvalidRecord."""
    return f"Debian:{_DEBIAN.get(codename) or _word(codename)}"


def ubuntu(distro: str) -> tuple[str, str | None]:
    """Return the ecosystem of an Ubuntu distribution as purls name it, and its tier.

    `jammy` is what everybody gets; `esm-apps/jammy` and, of old, `trusty/esm` are of Ubuntu Pro.
    InvalidRecord.
    """
    parts = distro.split("/")
    codename = next((part for part in parts if part in _UBUNTU), parts[-1])
    number = _UBUNTU.get(codename) or _word(codename)
    tier = "/".join(part for part in parts if part != codename)
    if not tier:
        return f"Ubuntu:{number}", None
    if not _TIER.fullmatch(tier):
        raise InvalidRecord(f"no tier of Ubuntu: {tier[:80]!r}")
    return f"Ubuntu:Pro:{_CERTIFIED.get(tier, '')}{number}", tier


def _word(codename: str) -> str:
    if not _CODENAME.fullmatch(codename):
        raise InvalidRecord(f"no codename of a release: {codename[:80]!r}")
    return codename
