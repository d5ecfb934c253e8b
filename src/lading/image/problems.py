"""What could not be read of one layer, into a bounded list of problems."""

from collections import Counter

from lading.model.problem import Problem, Stage


class Problems:
    """Problems of one layer: each kind up to a bound, the rest counted."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._seen: Counter[tuple[str, str]] = Counter()
        self._kept: list[Problem] = []

    def add(self, path: str, reason: str, effect: str) -> None:
        """Note one problem; past the bound of its kind (reason and effect) only its number."""
        self._seen[reason, effect] += 1
        if self._seen[reason, effect] <= self._bound:
            self._kept.append(_problem(shown(path), reason, effect))

    def all(self) -> list[Problem]:
        """Return those kept, and one for each kind that had more."""
        over = [
            _problem("", f"{reason} ({count - self._bound} more)", effect)
            for (reason, effect), count in self._seen.items()
            if count > self._bound
        ]
        return self._kept + over


def _problem(path: str, reason: str, effect: str) -> Problem:
    return Problem(stage=Stage.IMAGE, path=path, reason=reason, effect=effect)


def shown(path: str) -> str:
    """Return the path as valid Unicode: bytes that were not UTF-8 are written as escapes."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
