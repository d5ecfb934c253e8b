"""One severity for a vulnerability in a package, by a written rule.

First the word of the distribution, for the packages that it builds. Else the CVSS of the records
that matched: the newest version that any of them uses, the worst of several vectors. Else their own
word. Else the same of the other records of the vulnerability, CVSS before words. Else `unknown`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from lading.model.advisory import Advisory
from lading.model.finding import Severity
from lading.risk.cvss import UNSTATED, generation, rating, score_of

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


class Rated(NamedTuple):
    """The chosen severity, and the CVSS score that is known, whether it decided or not."""

    severity: Severity
    score: float | None


def word(text: str | None) -> Severity | None:
    """Return the severity that a source's word stands for; None for `not yet assigned`.

    Debian marks urgencies that it took from elsewhere with asterisks: `low**`.
    """
    return _WORDS.get(text.strip().rstrip("*").lower()) if text else None


def rate(
    own: Sequence[Advisory],
    others: Sequence[Advisory] = (),
    package_ratings: Iterable[str | None] = (),
    *,
    words_first: bool = False,
) -> Rated:
    """Return the severity; `own` are the records that matched, `others` speak of the same thing.

    `package_ratings` are what the former say of this package alone. `words_first` is for packages
    of a distribution, whose word takes into account how it builds them.
    """
    scored, elsewhere = _best(own), _best(others)
    said = next(_words(package_ratings, own), None)
    known = scored or elsewhere
    score = known.score if known is not None else None
    if words_first and said is not None:
        return Rated(said, score)
    if scored is not None:
        return Rated(rating(scored.score, scored.generation), score)
    if said is not None:
        return Rated(said, score)
    if elsewhere is not None:
        return Rated(rating(elsewhere.score, elsewhere.generation), score)
    return Rated(next(_words((), others), Severity.UNKNOWN), None)


class _Scored(NamedTuple):
    generation: float
    score: float


def _best(advisories: Iterable[Advisory]) -> _Scored | None:
    """Return the worst score of the newest generation that can be read."""
    scored = []
    for one in (vector for advisory in advisories for vector in advisory.vectors):
        score = one.score if one.vector is None else score_of(one.vector)
        if score is not None:
            number = UNSTATED if one.vector is None else generation(one.vector)
            scored.append(_Scored(number, score))
    return max(scored, default=None)


def _words(ratings: Iterable[str | None], advisories: Iterable[Advisory]) -> Iterator[Severity]:
    """Yield what the texts mean: those about the package first, then those about the record."""
    for text in ratings:
        if (found := word(text)) is not None:
            yield found
    for advisory in advisories:
        for text in (advisory.rating, *(one.rating for one in advisory.vectors)):
            if (found := word(text)) is not None:
                yield found
