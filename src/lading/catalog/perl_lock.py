"""What cpanfile.snapshot declares.

Format: https://metacpan.org/pod/Carton: under `DISTRIBUTIONS`, each distribution's name with its
version, two blanks in, and what it provides and needs below.
"""

import re
from collections.abc import Iterator

from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Fact

_DISTRIBUTION = re.compile(r"^  (\S+)-(v?\d[^\s-]*(?:-TRIAL)?)$", re.MULTILINE)


def read_perl_lock(file: ImageFile) -> Iterator[Fact]:
    """Yield the distributions; raises CatalogError for what is no snapshot of Carton's."""
    if not is_own(file.path):
        return
    text = bytes(file.data).decode("utf-8", "replace")
    if "\nDISTRIBUTIONS" not in text and not text.startswith("DISTRIBUTIONS"):
        raise CatalogError(f"{file.path}: it lists no distributions")
    yield from declare("cpan", file.path, _DISTRIBUTION.findall(text))


PERL_LOCK = Cataloger(
    name="perl-lock",
    revision=1,
    wants=("**/cpanfile.snapshot",),
    max_size=8 << 20,
    read=read_perl_lock,
)
