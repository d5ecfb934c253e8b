"""How bad: which source is believed, and what a vector or a word stands for."""

import pytest

from lading.model.advisory import Advisory, Vector
from lading.model.finding import Severity
from lading.risk.cvss import generation, rating, score_of
from lading.risk.severity import rate, word

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
V30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V31 = "CVSS:3.1/AV:L/AC:H/PR:H/UI:R/S:U/C:L/I:N/A:N"
V4 = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:N/SI:N/SA:N"


def an_advisory(
    *vectors: str, rating: str | None = None, feed: str = "osv/PyPI", id: str = "A-1"
) -> Advisory:
    return Advisory(
        id=id,
        feed=feed,
        modified=None,
        rating=rating,
        vectors=tuple(Vector(source=id, vector=text, score=None) for text in vectors),
    )


@pytest.mark.parametrize(
    ("vector", "score"),
    [
        (V2, 7.5),
        (f"({V2})", 7.5),
        (V30, 9.8),
        (V31, 1.8),
        (V4, 8.7),
        ("", None),
        ("CVSS:3.1/AV:N", None),
        ("CVSS:4.0/AV:N/AC:L/AT:P/PR:H/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:X/CR:Q", None),
        ("CVSS:9.9/AV:N", None),
        ("7.5", None),
        ("\x00" * 300, None),
    ],
)
def test_a_vector_has_a_score_or_none(vector: str, score: float | None) -> None:
    assert score_of(vector) == score


def test_vectors_tell_their_generation() -> None:
    assert [generation(text) for text in (V2, V30, V31, V4)] == [2, 3, 3, 4]


@pytest.mark.parametrize(
    ("score", "of", "severity"),
    [
        (10.0, 3, Severity.CRITICAL),
        (9.0, 3, Severity.CRITICAL),
        (8.9, 3, Severity.HIGH),
        (7.0, 4, Severity.HIGH),
        (6.9, 4, Severity.MEDIUM),
        (4.0, 3, Severity.MEDIUM),
        (0.1, 3, Severity.LOW),
        (0.0, 3, Severity.NEGLIGIBLE),
        (10.0, 2, Severity.HIGH),
        (6.9, 2, Severity.MEDIUM),
        (0.0, 2, Severity.LOW),
    ],
)
def test_a_score_has_a_word_by_its_generation(score: float, of: int, severity: Severity) -> None:
    assert rating(score, of) is severity


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Important", Severity.HIGH),
        ("MODERATE", Severity.MEDIUM),
        ("unimportant", Severity.NEGLIGIBLE),
        ("not yet assigned", None),
        ("", None),
        (None, None),
    ],
)
def test_sources_use_their_own_words(text: str | None, severity: Severity | None) -> None:
    assert word(text) is severity


def test_what_a_record_says_of_the_package_comes_first() -> None:
    own = [an_advisory(V30)]

    assert rate(own, (), ["low"]) == (Severity.LOW, 9.8)
    assert rate(own, (), ["not yet assigned"]) == (Severity.CRITICAL, 9.8)


def test_a_newer_generation_comes_before_an_older_and_the_worst_of_one_counts() -> None:
    assert rate([an_advisory(V30, V4)], ()) == (Severity.HIGH, 8.7)
    assert rate([an_advisory(V31, V30)], ()) == (Severity.CRITICAL, 9.8)


def test_a_distribution_s_word_comes_before_its_vector_and_others_after() -> None:
    said = an_advisory(V30, rating="important", feed="osv/AlmaLinux:9")

    assert rate([said], ()) == (Severity.HIGH, 9.8)
    assert rate([an_advisory(V30, rating="low")], ()) == (Severity.CRITICAL, 9.8)
    assert rate([an_advisory(rating="low")], ()) == (Severity.LOW, None)


def test_a_record_without_severity_borrows_from_others_of_the_same_vulnerability() -> None:
    assert rate([an_advisory()], [an_advisory("broken"), an_advisory(V31)]) == (Severity.LOW, 1.8)


def test_no_source_is_unknown_and_never_a_number() -> None:
    assert rate([an_advisory()], ()) == (Severity.UNKNOWN, None)


def test_a_stated_score_without_a_vector_counts() -> None:
    stated = Advisory(
        id="A", feed="f", modified=None, vectors=(Vector(source="A", vector=None, score=9.1),)
    )

    assert rate([stated], ()) == (Severity.CRITICAL, 9.1)
