"""RPM versions, `[epoch:]version[-release]`, as rpm compares two packages.

Order: https://rpm-software-management.github.io/rpm/man/rpm-version.7
This follows `rpmVersionCompare` (as `rpm.labelCompare` does): no epoch is epoch 0, and a missing
release is below every release. It does not follow dependency matching, where a missing release
equals them all: that would be no order.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_PRINTABLE = re.compile(r"[!-~]+")
_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+|[~^]")
_END = (1, 0, "")
_MARKS = {"~": (0, 0, ""), "^": (2, 0, "")}

Segment = tuple[int, int, str]
RpmKey = tuple[int, tuple[Segment, ...], tuple[Segment, ...]]


def key(text: str) -> RpmKey:
    """Return a tuple that sorts the way rpm sorts `text`.

    Raises InvalidVersion for text with spaces or characters outside ASCII, for an epoch that is no
    number, and for a version without any letter or digit.
    """
    if not _PRINTABLE.fullmatch(bounded("rpm", text)):
        raise InvalidVersion("rpm", text, "it has a space or a character outside ASCII")
    epoch, rest = text.split(":", 1) if ":" in text else ("", text)
    if epoch and not epoch.isdecimal():
        raise InvalidVersion("rpm", text, "its epoch is no number")
    version, release = rest.rsplit("-", 1) if "-" in rest else (rest, None)
    if not any(character.isalnum() for character in version):
        raise InvalidVersion("rpm", text, "its version has neither letter nor digit")
    return int(epoch or 0), _segments(version), () if release is None else _segments(release)


def _segments(text: str) -> tuple[Segment, ...]:
    """Return one item per segment: `~` < the end < `^` < letters < numbers."""
    return (*(_segment(part) for part in _SEGMENT.findall(text)), _END)


def _segment(part: str) -> Segment:
    if part in _MARKS:
        return _MARKS[part]
    return (4, int(part), "") if part.isdecimal() else (3, 0, part)
