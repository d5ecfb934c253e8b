"""What CocoaPods' and Carthage's lock files declare.

Formats: https://guides.cocoapods.org/using/using-cocoapods.html (Podfile.lock: a list `PODS` of
`NAME (VERSION)`, with `/SUBSPEC` behind the names of parts of a pod) and
https://github.com/Carthage/Carthage/blob/master/Documentation/Artifacts.md (Cartfile.resolved:
lines of a kind, a place and a version, the last two quoted).
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

Rows = Iterator[tuple[object, ...]]

_POD = re.compile(r"  - \"?([^\s\"/]+)(?:/[^\s\"]*)? \((\d[^)\s]*)\)\"?:?")
_CARTHAGE = re.compile(r"github \"([^\"/\s]+/[^\"/\s]+)\" \"([^\"\s]+)\"")


def read_apple_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield what the lock file asks for; raises CatalogError for what is no lock file."""
    if not is_own(file.path):
        return
    text = bytes(file.data).decode("utf-8-sig", "replace")
    if file.path.endswith("/Podfile.lock"):
        yield from declare("cocoapods", file.path, _pods(file.path, text))
    else:
        yield from declare("github", file.path, _CARTHAGE.findall(text))


def _pods(path: str, text: str) -> Rows:
    part = ""
    parts = set()
    for line in text.splitlines():
        if line[:1].strip():
            part = line.rstrip()
            parts.add(part)
        elif part == "PODS:" and (found := _POD.fullmatch(line.rstrip())):
            yield found[1], found[2]
    if "PODS:" not in parts:
        raise CatalogError(f"{path}: it lists no pods")


APPLE_LOCK = Cataloger(
    name="apple-lock",
    revision=1,
    wants=("**/Podfile.lock", "**/Cartfile.resolved"),
    max_size=8 << 20,
    read=read_apple_lock,
)
