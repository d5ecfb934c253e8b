"""Package URLs, one a line; `#` starts a comment.

Specification of a line: https://github.com/package-url/purl-spec
"""

from lading.sbom.document import Component, Draft
from lading.sbom.identity import identity
from lading.sbom.text import decoded


def read_purl_list(data: bytes, what: str) -> Draft:
    """Return a component for each line; a line that is no package URL is damage."""
    components: list[Component] = []
    damage: list[str] = []
    for number, line in enumerate(decoded(data, what).splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        text = text.partition(" #")[0].rstrip()
        found = identity(text)
        if found is None:
            damage.append(f"line {number} is no package URL: {text[:200]!r}")
        else:
            components.append(Component(ref=text, name=found.name, purl=text))
    return Draft(format="package URLs", components=tuple(components), damage=tuple(damage))
