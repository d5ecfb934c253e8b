"""How SBOMs name a distribution and its release, into the words of os-release.

os-release: https://www.freedesktop.org/software/systemd/man/os-release.html
"""

import re

from lading.model.package import Release

_IDS = {
    "alma": "almalinux",
    "amazon": "amzn",
    "amazonlinux": "amzn",
    "azure": "azurelinux",
    "cbl-mariner": "mariner",
    "opensuse.leap": "opensuse-leap",
    "opensuse.tumbleweed": "opensuse-tumbleweed",
    "oracle": "ol",
    "oraclelinux": "ol",
    "redhat": "rhel",
    "rockylinux": "rocky",
    "suse": "sles",
    "suse linux enterprise server": "sles",
}
_DISTRO = re.compile(r"([a-z][a-z._-]*?)-v?(\d.*|edge|stream)", re.IGNORECASE)


def release_of(
    id: str | None,
    version: str | None,
    path: str,
    *,
    pretty_name: str | None = None,
    id_like: tuple[str, ...] = (),
    codename: str | None = None,
) -> Release | None:
    """Return the release that a name and a version mean; None without a name."""
    if not id:
        return None
    key = id.lower()
    key = _IDS.get(key, key)
    return Release(
        id=key,
        version_id=version,
        pretty_name=pretty_name,
        id_like=id_like,
        codename=codename,
        path=path,
    )


def release_in(distro: str | None, namespace: str | None, path: str) -> Release | None:
    """Return the release of a purl: from its `distro` (`debian-12`), or its namespace alone."""
    if not distro:
        return release_of(namespace, None, path)
    if found := _DISTRO.fullmatch(distro):
        return release_of(found[1], found[2], path)
    id, dash, codename = distro.rpartition("-")
    if dash and id:
        return release_of(id, None, path, codename=codename)
    if distro[:1].isdigit():  # some write the version alone
        return release_of(namespace, distro, path)
    return release_of(distro, None, path)
