"""Advisories for tests of the room: values that say only what matters, and strategies."""

from hypothesis import strategies as st

from lading.model.advisory import Advisory, Affected, Event, EventKind, Range, Vector

_TEXTS = st.text(max_size=12)
_SOME = st.none() | _TEXTS
_TUPLES = st.lists(_TEXTS, max_size=3).map(tuple)
_EVENTS = st.builds(Event, kind=st.sampled_from(EventKind), version=_TEXTS)
_RANGES = st.builds(
    Range,
    type=st.sampled_from(["ECOSYSTEM", "SEMVER", "GIT"]) | st.text(min_size=1, max_size=9),
    events=st.lists(_EVENTS, max_size=4).map(tuple),
)

AFFECTED = st.builds(
    Affected,
    ecosystem=_TEXTS,
    name=_TEXTS,
    ranges=st.lists(_RANGES, max_size=3).map(tuple),
    versions=_TUPLES,
    rating=_SOME,
    state=_SOME,
    symbols=_TUPLES,
    withdrawn=st.booleans(),
)


@st.composite
def advisories(draw: st.DrawFn) -> Advisory:
    """Any record, without `affected`; its vectors are its own."""
    id = draw(st.text(min_size=1, max_size=12))
    numbers = st.none() | st.floats(0, 10)
    vectors = st.builds(Vector, source=st.just(id), vector=_SOME, score=numbers)
    return Advisory(
        id=id,
        feed=draw(_TEXTS),
        modified=draw(_SOME),
        published=draw(_SOME),
        withdrawn=draw(_SOME),
        aliases=draw(_TUPLES),
        upstream=draw(_TUPLES),
        related=draw(_TUPLES),
        title=draw(_SOME),
        rating=draw(_SOME),
        vectors=tuple(draw(st.lists(vectors, max_size=2))),
        cwes=draw(_TUPLES),
        references=draw(_TUPLES),
        malicious=draw(st.booleans()),
    )


def an_affected(
    name: str = "thing", *, ecosystem: str = "PyPI", fixed: str | None = "2.0"
) -> Affected:
    """Affected from the beginning up to the fix; for ever where there is none."""
    events = [Event(kind=EventKind.INTRODUCED, version="0")]
    if fixed is not None:
        events.append(Event(kind=EventKind.FIXED, version=fixed))
    range = Range(type="ECOSYSTEM", events=tuple(events))
    return Affected(ecosystem=ecosystem, name=name, ranges=(range,))


def an_advisory(
    id: str = "PYSEC-2026-1",
    *affected: Affected,
    feed: str = "osv/PyPI",
    modified: str | None = "2026-01-01T00:00:00Z",
    aliases: tuple[str, ...] = (),
    upstream: tuple[str, ...] = (),
    title: str | None = None,
) -> Advisory:
    """One record; of `thing` of PyPI below 2.0 unless told otherwise."""
    return Advisory(
        id=id,
        feed=feed,
        modified=modified,
        aliases=aliases,
        upstream=upstream,
        title=title,
        affected=affected or (an_affected(),),
    )
