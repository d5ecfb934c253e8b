"""Arch Linux versions, `[epoch:]version[-release]`, as pacman compares them.

Order: https://man.archlinux.org/man/vercmp.8
Letters that follow a number at once are a pre-release (1.0rc < 1.0), after a separator they are not
(1.0 < 1.0.rc); the longer run of separators is above. Pacman calls versions equal when one of them
has no release: that would be no order, so here a missing release is below every release. A
separator at the end of a part puts pacman's own order in circles: such a version is InvalidVersion.
"""

import re

from lading.errors import InvalidVersion
from lading.versions.scheme import bounded

_PRINTABLE = re.compile(r"[!-~]+")
_SEGMENT = re.compile(r"([^0-9A-Za-z]*)([0-9]+|[A-Za-z]+)")
_ATTACHED, _END, _NEXT = range(3)

Segment = tuple[int, int, int, int, str]
PacmanKey = tuple[int, tuple[Segment, ...], tuple[Segment, ...]]


def key(text: str) -> PacmanKey:
    """Return a tuple that sorts as pacman sorts `text`.

    Raises InvalidVersion for text with spaces or characters outside ASCII, for an epoch that is no
    number, and for a part that is empty or ends in a separator.
    """
    if not _PRINTABLE.fullmatch(bounded("pacman", text)):
        raise InvalidVersion("pacman", text, "it has a space or a character outside ASCII")
    epoch, rest = text.split(":", 1) if ":" in text else ("", text)
    if epoch and not epoch.isdecimal():
        raise InvalidVersion("pacman", text, "its epoch is no number")
    version, release = rest.rsplit("-", 1) if "-" in rest else (rest, None)
    after = () if release is None else _segments(text, release)
    return int(epoch or 0), _segments(text, version), after


def _segments(text: str, part: str) -> tuple[Segment, ...]:
    if not part or not part[-1].isalnum():
        raise InvalidVersion("pacman", text, "it has a part that does not end in letter or digit")
    return (*(_segment(*found) for found in _SEGMENT.findall(part)), (_END, 0, 0, 0, ""))


def _segment(separators: str, run: str) -> Segment:
    if run.isdecimal():
        return _NEXT, len(separators), 1, int(run), ""
    return _NEXT if separators else _ATTACHED, len(separators), 0, 0, run
