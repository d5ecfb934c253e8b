"""What Stack's and Cabal's lock files declare.

Formats: https://docs.haskellstack.org/en/stable/topics/lock_files/ (stack.yaml.lock: lines
`hackage: NAME-VERSION@sha256:…`) and
https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-freeze (cabal.project.freeze:
`any.NAME ==VERSION`). What a snapshot of Stack's adds is not in its lock file.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.model.package import Fact

_STACK = re.compile(r"^ +hackage: ([A-Za-z0-9-]+?)-(\d[0-9.]*)@", re.MULTILINE)
_CABAL = re.compile(r"\bany\.([A-Za-z0-9-]+) *==(\d[0-9.]*)")


def read_haskell_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for."""
    if not is_own(file.path):
        return
    text = bytes(file.data).decode("utf-8", "replace")
    pattern = _STACK if file.path.endswith("/stack.yaml.lock") else _CABAL
    # Stack writes each package twice: as it is completed, and as it was asked for.
    yield from declare("hackage", file.path, pattern.findall(text))


HASKELL_LOCK = Cataloger(
    name="haskell-lock",
    revision=1,
    wants=("**/stack.yaml.lock", "**/cabal.project.freeze"),
    max_size=8 << 20,
    read=read_haskell_lock,
)
