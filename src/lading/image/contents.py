"""How many bytes of file contents are held at once, over all layers that are read side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

_SMALL = 1 << 16  # bytes: not worth the counting


class Contents:
    """A budget in bytes that threads share; a file waits until those before it are done."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held = 0
        self._changed = Condition()

    @contextmanager
    def hold(self, size: int) -> Iterator[None]:
        """Take `size` bytes out of the budget for as long as the block runs.

        One file may always be held, however large: whoever has a bound asks `most` first.
        """
        if size < _SMALL:
            yield
            return
        with self._changed:
            self._changed.wait_for(lambda: self._held == 0 or self._held + size <= self.most)
            self._held += size
        try:
            yield
        finally:
            with self._changed:
                self._held -= size
                self._changed.notify_all()
