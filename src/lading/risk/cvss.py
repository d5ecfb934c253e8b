"""CVSS vectors to scores and ratings.

Specifications: https://www.first.org/cvss/ (v2, v3.0, v3.1, v4.0). The words for scores are those
of the qualitative scale of v3 and v4; v2 has none, so NVD's are taken
(https://nvd.nist.gov/vuln-metrics/cvss), which know no critical.
"""

from functools import lru_cache

from lading.model.finding import Severity

UNSTATED = 3.0
"""The generation of a score that came without a vector: most likely."""


@lru_cache(maxsize=1 << 14)
def score_of(vector: str) -> float | None:
    """Return the base score, or None for what is no whole vector: a template, a text cut short."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    try:
        if vector.startswith("CVSS:4"):
            return float(CVSS4(vector).base_score)
        if vector.startswith("CVSS:3"):
            return float(CVSS3(vector).base_score)
        return float(CVSS2(vector.strip("()")).base_score)
    except (CVSSError, ValueError, LookupError, ArithmeticError):
        return None


_GENERATIONS = {"CVSS:4": 4.0, "CVSS:3.1": 3.1, "CVSS:3": 3.0}


def generation(vector: str) -> float:
    """Return 4.0, 3.1, 3.0 or 2.0, which has no prefix."""
    found = (number for start, number in _GENERATIONS.items() if vector.startswith(start))
    return next(found, 2.0)


_SCALE = (
    (9.0, Severity.CRITICAL),
    (7.0, Severity.HIGH),
    (4.0, Severity.MEDIUM),
    (0.1, Severity.LOW),
)
_SCALE_2 = ((7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))


def rating(score: float, generation: float) -> Severity:
    """Return the word for a score from 0.0 to 10.0; the `none` of v3 and v4 is `negligible`."""
    scale = _SCALE_2 if generation < 3 else _SCALE
    return next((word for bound, word in scale if score >= bound), Severity.NEGLIGIBLE)
