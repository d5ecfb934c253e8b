"""How long the file lists of one database may become in memory.

A few bytes can ask for many paths: a long folder name that every file repeats. A real database is
larger than the paths it lists, so what goes far beyond its size is an attack.
"""

_LEAST = 1 << 20
_MOST = 256 << 20
_RATIO = 32  # times the size of the database; what real ones need is below 4
_EACH = 64  # bytes that a path takes beside its characters


class Allowance:
    """Memory for paths that is left for one file."""

    def __init__(self, size: int) -> None:
        """Take the size of the file in bytes."""
        self._left = min(_MOST, _LEAST + _RATIO * size)

    def take(self, paths: int, characters: int) -> bool:
        """Return whether so many paths of so many characters in all are still allowed."""
        self._left -= _EACH * paths + characters
        return self._left >= 0
