"""The operating system that the packages of an SBOM are of.

A document states it as a component of kind operating-system, or in the `distro` of package URLs.
"""

from collections import Counter
from collections.abc import Sequence

from lading.model.package import Release
from lading.sbom.document import Component, Draft
from lading.sbom.entries import SYSTEM_KIND, Entry
from lading.sbom.releases import release_of
from lading.sbom.text import word

_LIKE = ("lading:idLike", "syft:distro:idLike")


def system_of(draft: Draft, entries: Sequence[Entry], damage: list[str]) -> Release | None:
    """Return the release stated, else that of most packages; several distributions are damage."""
    if draft.release is not None:
        return draft.release
    for component in draft.components:
        if component.kind == SYSTEM_KIND:
            return _described(component)
    named = Counter(
        (entry.release.id, entry.release.version_id, entry.release.codename)
        for entry in entries
        if entry.release is not None
    )
    if not named:
        return None
    if len(ids := sorted({id for id, _, _ in named})) > 1:
        damage.append(f"its packages are of several distributions ({', '.join(ids)[:200]})")
    id, version, codename = max(
        named, key=lambda key: (key[1] is not None or key[2] is not None, named[key], str(key))
    )
    return release_of(id, version, "distro of the package URLs", codename=codename)


def _described(component: Component) -> Release | None:
    said = dict(component.properties)
    like = (word(value) for name, value in component.properties if name.startswith(_LIKE))
    return release_of(
        word(said.get("syft:distro:id")) or component.name,
        word(said.get("syft:distro:versionID")) or component.version,
        "the operating system of the SBOM",
        pretty_name=word(said.get("syft:distro:prettyName")) or component.description,
        id_like=tuple(one for one in like if one),
        codename=word(said.get("lading:codename")) or word(said.get("syft:distro:versionCodename")),
    )
