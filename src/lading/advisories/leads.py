"""What leads to a feed whose address changes: a list of mirrors, a repository's index, a name.

Formats: `archive_latest.txt` of Red Hat's CSAF and `mirror.list` of Amazon's repositories (one
address or name a line), and `repodata/repomd.xml` (https://createrepo.readthedocs.io/). A lead is
a function from such a document to the address of the next one, relative to its own.
"""

from lading.advisories.markup import items
from lading.errors import InvalidRecord

_LONGEST = 1000  # characters of an address


def first_line(data: bytes) -> str:
    """Return the first line that is not empty; InvalidRecord where there is none."""
    text = data[: 1 << 16].decode("utf-8", "replace")
    lines = (line.strip() for line in text.splitlines())
    return _address(next((line for line in lines if line), ""))


def first_mirror(data: bytes) -> str:
    """Return the address of the index of the first repository in a list of mirrors."""
    return first_line(data).rstrip("/") + "/repodata/repomd.xml"


def updateinfo_in(data: bytes) -> str:
    """Return where a repository's index says that its errata are; InvalidRecord for nowhere.

    The index is in a folder of the repository, and speaks of places in the repository.
    """
    for _, node in items(data, 1):
        if node.tag == "data" and node.attributes.get("type") == "updateinfo":
            return "../" + _address(node.attribute_of("location", "href"))
    raise InvalidRecord("the index of the repository names no updateinfo")


def _address(text: str) -> str:
    if not text or len(text) > _LONGEST or any(character.isspace() for character in text):
        raise InvalidRecord(f"no address of a feed: {text[:80]!r}")
    return text
