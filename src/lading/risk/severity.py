"""One severity for a vulnerability in a package, by a written rule.

The order of trust: what the advisories that matched say of the package, then of the vulnerability,
then other sources of the same vulnerability. Within one source a word of the distribution comes
first for its own packages; else CVSS, v4 before v3 before v2; else the source's word.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lading.model.advisory import Advisory, Vector
from lading.model.finding import Severity
from lading.risk.cvss import generation, rating, score_of

_WORDS = {
    "critical": Severity.CRITICAL,
    "important": Severity.HIGH,
    "high": Severity.HIGH,
    "moderate": Severity.MEDIUM,
    "medium": Severity.MEDIUM,
    "low": Severity.LOW,
    "minor": Severity.LOW,
    "negligible": Severity.NEGLIGIBLE,
    "unimportant": Severity.NEGLIGIBLE,
    "none": Severity.NEGLIGIBLE,
}
_DISTRIBUTION = ("Debian", "Ubuntu", "Alpine", "AlmaLinux", "Rocky", "Red Hat", "Azure", "Wolfi")


class Rated(NamedTuple):
    """The chosen severity, and the score behind it where there is one."""

    severity: Severity
    score: float | None


def word(text: str | None) -> Severity | None:
    """Return the severity that a source's word stands for; None for no word and for no answer."""
    return _WORDS.get(text.strip().lower()) if text else None


def rate(
    own: Sequence[Advisory], others: Iterable[Advisory], package_ratings: Sequence[str | None] = ()
) -> Rated:
    """Return the severity; `own` are the records that matched, `others` speak of the same thing.

    `package_ratings` are what those records say of this package alone, in the order of `own`.
    """
    for text in package_ratings:
        if (found := word(text)) is not None:
            return Rated(found, _score(own))
    for advisories in ([one] for one in (*own, *others)):
        rated = _of(advisories[0])
        if rated is not None:
            return rated
    return Rated(Severity.UNKNOWN, None)


def _of(advisory: Advisory) -> Rated | None:
    said = word(advisory.rating)
    best = _best(advisory.vectors)
    if said is not None and advisory.feed.removeprefix("osv/").startswith(_DISTRIBUTION):
        return Rated(said, best[1] if best else None)
    if best is not None:
        return Rated(rating(best[1], best[0]), best[1])
    return Rated(said, None) if said is not None else None


def _best(vectors: Iterable[Vector]) -> tuple[int, float] | None:
    """Return (generation, score) of the newest readable vector, the worst of several."""
    scored = []
    for one in vectors:
        score = one.score if one.vector is None else score_of(one.vector)
        if score is not None:
            scored.append((generation(one.vector) if one.vector else 3, score))
    return max(scored, default=None)


def _score(advisories: Iterable[Advisory]) -> float | None:
    scores = (best[1] for one in advisories if (best := _best(one.vectors)) is not None)
    return max(scores, default=None)
