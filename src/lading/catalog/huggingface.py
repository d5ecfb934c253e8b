"""Models in a cache of the Hugging Face Hub, from the commits that its names stand for.

Format: https://huggingface.co/docs/huggingface_hub/guides/manage-cache:
models--OWNER--NAME/refs/REF holds the commit; the files of that commit are links below snapshots.
Data sets are no software.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.wording import refuse, word
from lading.model.package import Fact, Package

_MODEL = re.compile(r"/models--((?:[^/]+?--)?[^/]+)/refs/")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def read_huggingface(file: ImageFile) -> Iterator[Fact]:
    """Yield the model whose commit the file holds; raises CatalogError for what is no commit."""
    stated = bytes(file.data[:64]).decode("utf-8", "replace").strip()
    found = _MODEL.search(file.path)
    name = word(found[1].replace("--", "/", 1)) if found else None
    if name is None or not _COMMIT.fullmatch(stated):
        raise refuse(file.path, "commit", stated)
    yield Package(type="huggingface", name=name, version=stated, paths=(file.path,))


HUGGINGFACE = Cataloger(
    name="huggingface",
    revision=1,
    wants=("**/models--*/refs/**",),
    max_size=1 << 16,
    read=read_huggingface,
)
