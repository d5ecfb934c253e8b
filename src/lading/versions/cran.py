"""R versions: numbers with dots or hyphens between; zeros at the end do not count.

Specification: https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file
Order: https://stat.ethz.ch/R-manual/R-devel/library/base/html/numeric_version.html
A number fits into 31 bits, as R's integers do.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_VERSION = re.compile(r"[0-9]+(?:[.-][0-9]+)*")
_LARGEST = 2**31 - 1


def key(text: str) -> tuple[int, ...]:
    """Return a tuple that sorts as R sorts `text`; raise InvalidVersion where R cannot."""
    if not _VERSION.fullmatch(bounded("cran", text)):
        raise InvalidVersion("cran", text, "it is not numbers with dots or hyphens between")
    numbers = [int(number) for number in re.split(r"[.-]", text)]
    if max(numbers) > _LARGEST:
        raise InvalidVersion("cran", text, f"a number in it is above R's largest, {_LARGEST}")
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)
