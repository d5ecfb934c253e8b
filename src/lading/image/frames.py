"""Where zstd frames begin and end, to tell a stream that ends early from one that is whole.

Format: https://www.rfc-editor.org/rfc/rfc8878#section-3. The inflater gives out what it has when
its input ends inside a frame, and does not say so.
"""

from collections.abc import Callable

_MAGIC = 0xFD2FB528
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)
_RLE = 1  # a block that repeats one byte


def is_frame(magic: int) -> bool:
    """Say whether a frame begins with this number."""
    return magic == _MAGIC or magic in _SKIPPABLE


class Frames:
    """Follows the compressed bytes by the sizes that headers give; the content it passes over."""

    def __init__(self) -> None:
        self._step: Callable[[bytes], None] = self._magic
        self._wanted = 4  # bytes of the header to come
        self._head = b""
        self._pass = 0  # bytes to pass over before it
        self._has_checksum = False

    @property
    def is_whole(self) -> bool:
        """True between frames."""
        return self._step == self._magic and not self._head and not self._pass

    def feed(self, data: memoryview) -> None:
        """Take the next bytes; what is no frame never ends: the inflater says what is wrong."""
        at = 0
        while at < len(data):
            if self._pass:
                over = min(self._pass, len(data) - at)
                self._pass -= over
                at += over
                continue
            part = bytes(data[at : at + self._wanted - len(self._head)])
            at += len(part)
            self._head += part
            if len(self._head) == self._wanted:
                head, self._head = self._head, b""
                self._step(head)

    def _next(self, step: Callable[[bytes], None], wanted: int, over: int = 0) -> None:
        self._step, self._wanted, self._pass = step, wanted, over

    def _magic(self, head: bytes) -> None:
        magic = int.from_bytes(head, "little")
        if magic in _SKIPPABLE:
            self._next(self._skippable, 4)
        elif is_frame(magic):
            self._next(self._descriptor, 1)
        else:
            self._next(self._magic, 4, over=1 << 62)

    def _skippable(self, head: bytes) -> None:
        self._next(self._magic, 4, over=int.from_bytes(head, "little"))

    def _descriptor(self, head: bytes) -> None:
        flags = head[0]
        is_single = bool(flags & 0x20)
        self._has_checksum = bool(flags & 0x04)
        content_size = (1 if is_single else 0, 2, 4, 8)[flags >> 6]
        window, dictionary = (0 if is_single else 1), (0, 1, 2, 4)[flags & 3]
        self._next(self._block, 3, over=window + dictionary + content_size)

    def _block(self, head: bytes) -> None:
        fields = int.from_bytes(head, "little")
        size = 1 if (fields >> 1) & 3 == _RLE else fields >> 3
        if fields & 1:
            self._next(self._magic, 4, over=size + (4 if self._has_checksum else 0))
        else:
            self._next(self._block, 3, over=size)
