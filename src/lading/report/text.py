"""Text from an image or a feed to text that is safe to show, measured and shortened.

Terminals act on control characters and reorder text at bidirectional ones, so a package name could
hide a line or fake one. Such characters are shown as escapes. The list is written out, not taken
from `unicodedata`, because reports must not change with the Python that runs them.
Widths follow https://www.unicode.org/reports/tr11/ (wide and full-width take two columns).
"""

import re
import unicodedata

UNSEEN = (
    "\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e0fff"
)
"""The inside of a character class: what has no shape of its own, beyond the C0 controls."""

_SURROGATES = "\ud800-\udfff"
_UNPRINTABLE = re.compile(f"[\x00-\x1f{UNSEEN}{_SURROGATES}]")
_UNSEEN = re.compile(f"[{UNSEEN}]")
_UNENCODABLE = re.compile(f"[{_SURROGATES}]")


def plain(text: str) -> str:
    r"""Return `text` on one line, its unprintable characters shown as `\x1b` or `\u202e`."""
    return _UNPRINTABLE.sub(_escape, text)


def json_plain(text: str) -> str:
    r"""Return JSON with unprintable characters as `\u202e`: the same to a reader of JSON."""
    return _UNSEEN.sub(_json_escape, text)


def _json_escape(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))


def encodable(text: str) -> str:
    r"""Return `text` with lone surrogates, which stand for bytes that were no UTF-8, as `\xff`."""
    return _UNENCODABLE.sub(_escape, text)


def width(text: str) -> int:
    """Return the columns that `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def shorten(text: str, room: int) -> str:
    """Return `text` in at most `room` columns, … in its middle where something is left out."""
    if width(text) <= room:
        return text
    if room < 1:
        return ""
    head = (room - 1) // 2
    return _fitting(text, head) + "…" + _fitting(text[::-1], room - 1 - head)[::-1]


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    if 0xDC80 <= code <= 0xDCFF:  # a byte that Python could not decode, kept by surrogateescape
        code -= 0xDC00
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _columns(char: str) -> int:
    if char < "\x7f":
        return 1
    if unicodedata.category(char) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _fitting(text: str, room: int) -> str:
    used = 0
    for at, char in enumerate(text):
        used += _columns(char)
        if used > room:
            return text[:at]
    return text
