"""CVSS vectors to scores and ratings.

Specifications: https://www.first.org/cvss/ (v2, v3.0, v3.1, v4.0); ratings of v3 and v4 by their
qualitative scale, of v2 by NVD's (it has no critical).
"""

from functools import lru_cache

from lading.model.finding import Severity


@lru_cache(maxsize=1 << 14)
def score_of(vector: str) -> float | None:
    """Return the base score, or None for what is no complete vector (templates, cut texts)."""
    from cvss import CVSS2, CVSS3, CVSS4
    from cvss.exceptions import CVSSError

    try:
        if vector.startswith("CVSS:4"):
            return float(CVSS4(vector).base_score)
        if vector.startswith("CVSS:3"):
            return float(CVSS3(vector).base_score)
        return float(CVSS2(vector.strip("()")).base_score)
    except (CVSSError, ValueError, KeyError, IndexError, ArithmeticError):
        return None


def generation(vector: str) -> int:
    """Return 4, 3 or 2: the newer generation is trusted first."""
    return {"CVSS:4": 4, "CVSS:3": 3}.get(vector[:6], 2)


_SCALE = (
    (9.0, Severity.CRITICAL),
    (7.0, Severity.HIGH),
    (4.0, Severity.MEDIUM),
    (0.1, Severity.LOW),
    (0.0, Severity.NEGLIGIBLE),
)
_SCALE_2 = ((7.0, Severity.HIGH), (4.0, Severity.MEDIUM), (0.0, Severity.LOW))


def rating(score: float, generation: int) -> Severity:
    """Return the word for a score from 0.0 to 10.0."""
    scale = _SCALE_2 if generation == 2 else _SCALE
    return next((word for bound, word in scale if score >= bound), Severity.UNKNOWN)
