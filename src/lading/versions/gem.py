"""Ruby versions: dots between numbers and words; a word makes a pre-release.

Specification: https://docs.ruby-lang.org/en/3.3/Gem/Version.html
A hyphen reads as `.pre.`, letters and digits part by themselves, zeros at the end do not count.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_SPACES = " \t\n\v\f\r"
_VERSION = re.compile(r"[0-9]+(?:\.[0-9A-Za-z]+)*(?:-[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?")
_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+")
_WORD, _END, _NUMBER = range(3)

Segment = tuple[int, int, int, str]


def key(text: str) -> tuple[Segment, ...]:
    """Return a tuple that sorts as RubyGems sorts `text`; raise InvalidVersion where it refuses.

    A version that ends counts as zeros without end. So zeros are no segments of their own here:
    each segment says how many were before it; many are above before a word, few before a number.
    """
    version = bounded("gem", text).strip(_SPACES)
    if not _VERSION.fullmatch(version):
        raise InvalidVersion("gem", text, "it is not numbers and words with dots between")
    key: list[Segment] = []
    zeros, numbers_only = 0, True
    for run in _SEGMENT.findall(version.replace("-", ".pre.")):
        if not run.isdecimal():
            # The zeros before the first word do not count either.
            key.append((_WORD, 0 if numbers_only else zeros, 0, run))
            zeros, numbers_only = 0, False
        elif int(run) == 0:
            zeros += 1
        else:
            key.append((_NUMBER, -zeros, int(run), ""))
            zeros = 0
    key.append((_END, 0, 0, ""))
    return tuple(key)
