"""How bad: which source is believed, and what a vector or a word stands for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.model.advisory import Advisory, Vector
from lading.model.finding import Severity
from lading.risk.cvss import generation, rating, score_of
from lading.risk.severity import rate, word

V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
V30 = "CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
V31_WORSE = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"
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


def _spoilt(vector: str) -> st.SearchStrategy[str]:
    """Return the vector with one character replaced, or cut short."""
    places = st.integers(0, len(vector) - 1)
    return st.builds(
        lambda at, text, end: vector[:at] + text + vector[at + 1 : end],
        places,
        st.text(max_size=2),
        st.none() | places,
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
    assert [generation(text) for text in (V2, V30, V31, V4)] == [2.0, 3.0, 3.1, 4.0]


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
        (0.0, 3.1, Severity.NEGLIGIBLE),
        (9.0, 3.1, Severity.CRITICAL),
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
        ("low**", Severity.LOW),
        ("end-of-life", None),
        ("not yet assigned", None),
        ("", None),
        (None, None),
    ],
)
def test_sources_use_their_own_words(text: str | None, severity: Severity | None) -> None:
    assert word(text) is severity


def test_a_newer_generation_comes_before_an_older_and_the_worst_of_one_counts() -> None:
    assert rate([an_advisory(V30, V4)]) == (Severity.HIGH, 8.7)
    assert rate([an_advisory(V30), an_advisory(V31)]) == (Severity.LOW, 1.8)
    assert rate([an_advisory(V31), an_advisory(V31_WORSE)]) == (Severity.HIGH, 7.5)
    assert rate([an_advisory(V2, V30)]) == (Severity.CRITICAL, 9.8)


def test_a_distribution_s_word_comes_before_any_vector_for_its_own_packages() -> None:
    said = an_advisory(V30, rating="important", feed="osv/AlmaLinux:9")

    assert rate([said], words_first=True) == (Severity.HIGH, 9.8)
    assert rate([said], (), ["low"], words_first=True) == (Severity.LOW, 9.8)
    assert rate([said], (), ["not yet assigned"], words_first=True) == (Severity.HIGH, 9.8)


def test_elsewhere_a_word_comes_after_the_vectors_of_the_same_records() -> None:
    other = an_advisory(V4)

    assert rate([an_advisory(V30, rating="low")]) == (Severity.CRITICAL, 9.8)
    assert rate([an_advisory(V30)], (), ["low"]) == (Severity.CRITICAL, 9.8)
    assert rate([an_advisory(rating="low")], [other]) == (Severity.LOW, 8.7)
    assert rate([an_advisory(rating="low")]) == (Severity.LOW, None)


def test_a_word_may_stand_beside_a_vector() -> None:
    vector = Vector(source="A", vector=None, score=None, rating="Moderate")
    own = Advisory(id="A", feed="f", modified=None, vectors=(vector,))

    assert rate([own]) == (Severity.MEDIUM, None)


def test_a_record_without_severity_borrows_from_others_of_the_same_vulnerability() -> None:
    assert rate([an_advisory()], [an_advisory("broken"), an_advisory(V31)]) == (Severity.LOW, 1.8)


def test_the_word_of_another_source_comes_last() -> None:
    others = [an_advisory(rating="odd"), an_advisory(rating="high"), an_advisory(rating="low")]

    assert rate([an_advisory()], others) == (Severity.HIGH, None)


@given(st.text(max_size=80) | st.sampled_from((V2, V30, V4)).flatmap(_spoilt))
def test_no_text_breaks_the_reading_of_vectors(text: str) -> None:
    score = score_of(text)

    assert score is None or 0 <= score <= 10


def test_no_source_is_unknown_and_never_a_number() -> None:
    assert rate([an_advisory()], ()) == (Severity.UNKNOWN, None)


def test_a_stated_score_without_a_vector_counts() -> None:
    stated = Advisory(
        id="A", feed="f", modified=None, vectors=(Vector(source="A", vector=None, score=9.1),)
    )

    assert rate([stated], ()) == (Severity.CRITICAL, 9.1)
