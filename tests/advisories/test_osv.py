"""OSV records in the shapes that databases publish, and in those that nobody should."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from lading.advisories.sources.osv import OSV, parse, read
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected, Vector

CVSS = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"


def a_record(**members: Any) -> dict[str, Any]:
    """A record of PyPI's shape, with these members in place of its own."""
    package = {"ecosystem": "PyPI", "name": "Thing.Py"}
    events = [{"introduced": "0"}, {"fixed": "2.0"}]
    record: dict[str, Any] = {
        "schema_version": "1.6.0",
        "id": "PYSEC-2026-1",
        "modified": "2026-01-02T00:00:00Z",
        "published": "2026-01-01T00:00:00Z",
        "aliases": ["CVE-2026-1", "GHSA-xxxx-xxxx-xxxx"],
        "affected": [{"package": package, "ranges": [{"type": "ECOSYSTEM", "events": events}]}],
    }
    return record | members


def advisory(**members: Any) -> Advisory:
    return read(json.dumps(a_record(**members)).encode(), "osv/PyPI")


def affected(**members: Any) -> Affected:
    """What a record says of one package that has these members."""
    package = {"ecosystem": "PyPI", "name": "thing"}
    (one,) = advisory(affected=[{"package": package} | members]).affected
    return one


def events(one: Affected) -> list[list[tuple[str, str]]]:
    return [[(str(event.kind), event.version) for event in r.events] for r in one.ranges]


# ------------------------------------------------------------------ what records say


def test_a_record_is_read_whole() -> None:
    one = advisory()

    assert (one.id, one.feed, one.aliases) == (
        "PYSEC-2026-1",
        "osv/PyPI",
        ("CVE-2026-1", "GHSA-xxxx-xxxx-xxxx"),
    )
    assert (one.modified, one.published) == ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")
    assert (one.affected[0].ecosystem, one.affected[0].name) == ("PyPI", "thing-py")
    assert events(one.affected[0]) == [[("introduced", "0"), ("fixed", "2.0")]]


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        pytest.param(
            [{"type": "SEMVER", "events": [{"introduced": "1.0.0"}, {"last_affected": "1.4.2"}]}],
            [[("introduced", "1.0.0"), ("last_affected", "1.4.2")]],
            id="a last affected version",
        ),
        pytest.param(
            [{"type": "SEMVER", "events": [{"fixed": "4.1.0"}, {"introduced": "3.0.0"}]}],
            [[("fixed", "4.1.0"), ("introduced", "3.0.0")]],
            id="events out of order stay so",
        ),
        pytest.param(
            [{"type": "GIT", "repo": "https://x", "events": [{"introduced": "0"}, {"limit": "*"}]}],
            [[("introduced", "0"), ("limit", "*")]],
            id="commits",
        ),
        pytest.param(
            [{"type": "ECOSYSTEM", "events": [{"introduced": "0", "fixed": "1"}]}],
            [[("introduced", "0"), ("fixed", "1")]],
            id="two events in one",
        ),
        pytest.param([{"type": "SEMVER", "events": []}], [[]], id="an empty range"),
        pytest.param([{"type": "SEMVER"}], [[]], id="a range without events"),
        pytest.param([], [], id="no range"),
        pytest.param(
            [{"events": [{"introduced": 0}, {"fixed": 2.5}]}],
            [[("introduced", "0"), ("fixed", "2.5")]],
            id="numbers for versions",
        ),
        pytest.param(
            [{"events": [{"introduced": "0"}, {"fixed": None}]}],
            [[("introduced", "0"), ("fixed", "")]],
            id="a fix that cannot be read does not widen the range",
        ),
        pytest.param(
            [{"events": [{"introduced": "0"}, {"mended": "1"}, "fixed", None, 7]}],
            [[("introduced", "0")]],
            id="events of no kind",
        ),
        pytest.param(None, [], id="null"),
        pytest.param("1.0", [], id="a text"),
        pytest.param([None, 1, "x", []], [], id="no ranges at all"),
    ],
)
def test_ranges_are_kept_as_the_record_has_them(
    ranges: object, expected: list[list[tuple[str, str]]]
) -> None:
    assert events(affected(ranges=ranges)) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({}, (), id="none"),
        pytest.param({"severity": [{"type": "CVSS_V3", "score": CVSS}]}, (CVSS,), id="record's"),
        pytest.param(
            {"severity": [{"type": "CVSS_V3", "score": CVSS}, {"type": "CVSS_V4", "score": "4"}]},
            (CVSS, "4"),
            id="two",
        ),
        pytest.param(
            {"severity": [{"type": "CVSS_V3", "score": CVSS}] * 3}, (CVSS,), id="the same thrice"
        ),
        pytest.param({"severity": [{"type": "Ubuntu", "score": "medium"}]}, (), id="a word"),
        pytest.param({"severity": "high"}, (), id="no list"),
        pytest.param({"severity": [{"type": "CVSS_V3", "score": 9.8}]}, (), id="a number"),
        pytest.param({"severity": [{"type": None, "score": None}, 1, None]}, (), id="nothing"),
    ],
)
def test_vectors_are_the_records_own(members: dict[str, Any], expected: tuple[str, ...]) -> None:
    vectors = advisory(**members).vectors

    assert tuple(one.vector for one in vectors) == expected
    assert all(one.source == "PYSEC-2026-1" for one in vectors)


def test_vectors_stand_at_packages_too() -> None:
    package = {"ecosystem": "crates.io", "name": "thing"}
    at_package = [{"type": "CVSS_V3", "score": CVSS}]

    for item in ({"severity": at_package}, {"database_specific": {"cvss": CVSS}}):
        assert advisory(affected=[{"package": package} | item]).vectors == (
            Vector(source="PYSEC-2026-1", vector=CVSS, score=None),
        )


@pytest.mark.parametrize(
    ("specific", "score"),
    [
        ({"cvss_v3": 7.5, "cvss_v2": 5.0}, 7.5),
        ({"cvss_v2": 5}, 5.0),
        ({"cvss_score": 11}, None),
        ({"cvss_score": -1}, None),
        ({"cvss_score": True}, None),
        ({"cvss_score": "9"}, None),
    ],
)
def test_a_bare_score_counts_where_there_is_no_vector(
    specific: dict[str, Any], score: float | None
) -> None:
    found = advisory(database_specific=specific).vectors

    assert [one.score for one in found] == ([] if score is None else [score])
    vector = [{"type": "CVSS_V3", "score": CVSS}]
    with_vector = advisory(database_specific=specific, severity=vector).vectors
    assert [one.vector for one in with_vector] == [CVSS]


@pytest.mark.parametrize(
    ("members", "rating"),
    [
        pytest.param({"database_specific": {"severity": "MODERATE"}}, "moderate", id="GitHub"),
        pytest.param({"summary": "Important: kernel update"}, "important", id="an erratum"),
        pytest.param({"summary": "Note: kernel update"}, None, id="another colon"),
        pytest.param({"severity": [{"type": "Ubuntu", "score": "low"}]}, "low", id="Ubuntu"),
        pytest.param({"database_specific": {"severity": 3}}, None, id="a number"),
        pytest.param({"database_specific": "high"}, None, id="no object"),
    ],
)
def test_the_records_own_word_is_kept(members: dict[str, Any], rating: str | None) -> None:
    assert advisory(**members).rating == rating


@pytest.mark.parametrize(
    ("members", "rating"),
    [
        pytest.param({"ecosystem_specific": {"urgency": "Unimportant"}}, "unimportant", id="deb"),
        pytest.param({"ecosystem_specific": {"severity": "Low"}}, "low", id="Rocky"),
        pytest.param({"severity": [{"type": "Ubuntu", "score": "high"}]}, "high", id="Ubuntu"),
        pytest.param({"ecosystem_specific": {"urgency": None}}, None, id="null"),
        pytest.param({"ecosystem_specific": [1]}, None, id="no object"),
    ],
)
def test_a_package_can_have_a_rating_of_its_own(
    members: dict[str, Any], rating: str | None
) -> None:
    assert affected(**members).rating == rating


def test_go_names_its_vulnerable_symbols() -> None:
    imports = [{"path": "net/http", "symbols": ["Serve", "Do"]}, {"path": "crypto/tls"}, {}]

    assert affected(ecosystem_specific={"imports": imports}).symbols == (
        "net/http.Serve",
        "net/http.Do",
        "crypto/tls",
    )


@pytest.mark.parametrize("functions", [["thing::f"], {"thing::f": ["< 1.0"]}])
def test_rust_names_its_vulnerable_functions(functions: object) -> None:
    specific = {"affects": {"functions": functions, "os": []}}

    assert affected(ecosystem_specific=specific).symbols == ("thing::f",)


@pytest.mark.parametrize(
    ("members", "malicious"),
    [
        ({"id": "MAL-2026-1"}, True),
        ({"id": "MALICE-1"}, False),
        ({}, False),
    ],
)
def test_a_malicious_package_is_told_by_the_id(members: dict[str, Any], *, malicious: bool) -> None:
    assert advisory(**members).malicious is malicious


def test_a_malicious_crate_is_told_by_its_category() -> None:
    package = {"ecosystem": "crates.io", "name": "thing"}
    item = {"package": package, "database_specific": {"categories": ["malicious"]}}

    assert advisory(affected=[item]).malicious


def test_advice_is_no_vulnerability() -> None:
    assert affected(database_specific={"informational": "unmaintained"}).state == "informational"
    assert affected(database_specific={"informational": None}).state is None


def test_a_withdrawn_record_says_so_at_every_package() -> None:
    one = advisory(withdrawn="2026-01-03T00:00:00Z")

    assert one.withdrawn == "2026-01-03T00:00:00Z"
    assert all(item.withdrawn for item in one.affected)
    assert not advisory(withdrawn=None).affected[0].withdrawn


def test_packages_of_no_manager_are_left_out() -> None:
    git = {"ranges": [{"type": "GIT", "repo": "https://x", "events": [{"introduced": "0"}]}]}

    assert advisory(affected=[git]).affected == ()
    assert advisory(affected=None).affected == ()


def test_names_once_each_in_their_order() -> None:
    one = advisory(
        aliases=["B", "A", "B", None, 1, ""], upstream=["U", "U"], related=["R"], references=[]
    )

    assert (one.aliases, one.upstream, one.related) == (("B", "A"), ("U",), ("R",))


def test_weaknesses_and_references_are_kept() -> None:
    one = advisory(
        database_specific={"cwe_ids": ["CWE-79"]},
        references=[{"type": "WEB", "url": "https://a"}, {"url": "https://a"}, {"url": 1}, None],
    )

    assert one.cwes == ("CWE-79",)
    assert one.references == ("https://a",)


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("2026-01-02T00:00:00Z", "2026-01-02T00:00:00Z"),
        ("2026-01-02T01:00:00+01:00", "2026-01-02T00:00:00Z"),
        ("2026-01-02T00:00:00.123456789Z", "2026-01-02T00:00:00.123456789Z"),
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("2026-13-02T00:00:00Z", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (17, None),
        (None, None),
    ],
)
def test_times_are_in_utc_or_unknown(text: object, time: str | None) -> None:
    assert advisory(modified=text).modified == time


def test_the_feed_of_a_record_is_its_ecosystem() -> None:
    def feed(*ecosystems: str) -> str:
        items = [{"package": {"ecosystem": one, "name": "x"}} for one in ecosystems]
        return parse(json.dumps(a_record(affected=items)).encode()).feed

    assert feed("PyPI") == "osv/PyPI"
    assert feed("Debian:11", "Debian:12", "Ubuntu:22.04") == "osv/Debian"
    assert feed() == "osv/other"
    assert parse(json.dumps(a_record()).encode(), "mine").feed == "mine"


@pytest.mark.parametrize(
    ("members", "is_osv"),
    [
        ({"id", "modified", "affected"}, True),
        ({"id", "modified", "withdrawn"}, True),
        ({"affected"}, True),
        ({"id"}, False),
        (set(), False),
    ],
)
def test_a_document_is_recognised_by_its_members(members: set[str], *, is_osv: bool) -> None:
    assert OSV.recognises(frozenset(members)) is is_osv


# ------------------------------------------------------------------ what cannot be read


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"PYSEC-1"', id="a text"),
        pytest.param(b'{"id": "X"', id="cut"),
        pytest.param(b'{"id": "\xff"}', id="no UTF-8"),
        pytest.param(b"[" * 100_000, id="nested without end"),
        pytest.param(b'{"id": ' + b"[" * 100_000, id="nested without end, inside"),
        pytest.param(b'{"id": "X", "aliases": ' + b"[" * 100_000, id="nested, elsewhere"),
        pytest.param(b"{}", id="no id"),
        pytest.param(b'{"id": ""}', id="an empty id"),
        pytest.param(b'{"id": 17}', id="a number for an id"),
        pytest.param(b'{"id": "' + b"x" * 5000 + b'"}', id="an endless id"),
        pytest.param(b'{"id": "X", "affected": {}}', id="affected is no list"),
        pytest.param(b'{"id": "X", "affected": ["thing"]}', id="affected holds a text"),
        pytest.param(b'{"id": "X", "affected": [{"package": "thing"}]}', id="package is a text"),
        pytest.param(b'{"id": "X", "affected": [{"package": {"name": "x"}}]}', id="no ecosystem"),
        pytest.param(
            b'{"id": "X", "affected": [{"package": {"ecosystem": "npm", "name": ""}}]}',
            id="no name",
        ),
    ],
)
def test_a_record_without_its_essentials_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="no OSV record"):
        read(data, "osv/PyPI")


VALUES: list[Any] = [
    None, True, 0, -1, 1e308, "", "x", "x" * 100_000, [], {}, [None], [[]], ["x"], [{}], {"x": 1},
    [{"type": 1}], {"severity": []}, {"cwe_ids": 1}, {"affects": []}, {"imports": [1]},
    {"categories": "x"}, {"cvss": {}}, "\ud800", [1] * 1000,
]  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in a document."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    key, *rest = path
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[key] = changed(value[key], tuple(rest), new)
    return copy


FULL = a_record(
    upstream=["CVE-2026-1"],
    related=["X"],
    summary="Important: update",
    severity=[{"type": "CVSS_V3", "score": CVSS}],
    references=[{"type": "WEB", "url": "https://a"}],
    withdrawn="2026-01-03T00:00:00Z",
    database_specific={"severity": "HIGH", "cwe_ids": ["CWE-79"], "cvss_v3": 1.0},
    affected=[
        {
            "package": {"ecosystem": "Go", "name": "thing"},
            "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1"}]}],
            "versions": ["0.1"],
            "severity": [{"type": "CVSS_V3", "score": CVSS}],
            "ecosystem_specific": {
                "urgency": "low",
                "imports": [{"path": "a", "symbols": ["B"]}],
                "affects": {"functions": {"f": []}},
            },
            "database_specific": {"categories": ["x"], "cvss": CVSS, "informational": "notice"},
        }
    ],
)


@pytest.mark.parametrize("path", [*places(FULL)], ids=lambda path: ".".join(map(str, path)) or "-")
def test_a_wrong_type_anywhere_is_rejected_or_left_out(path: tuple[Any, ...]) -> None:
    for value in VALUES:
        data = json.dumps(changed(FULL, path, value)).encode()
        try:
            one = read(data, "feed")
        except InvalidRecord:
            continue
        assert isinstance(one, Advisory)
        assert is_sound(one)


def test_many_wrong_types_at_once_are_no_traceback() -> None:
    chance = random.Random(7)
    everywhere = [*places(FULL)]
    sound = 0
    for _ in range(2000):
        record: Any = FULL
        for path in chance.sample(everywhere, 4):
            if path in set(places(record)):
                record = changed(record, path, chance.choice(VALUES))
        try:
            sound += is_sound(read(json.dumps(record).encode(), "feed"))
        except InvalidRecord:
            continue

    assert sound > 200


def is_sound(one: Advisory) -> bool:
    """Every text of the value is a text that a database can keep."""
    texts = [
        *(one.id, one.modified, one.published, one.withdrawn, one.title, one.rating),
        *(*one.aliases, *one.upstream, *one.related, *one.cwes, *one.references),
    ]
    for item in one.affected:
        texts += [item.ecosystem, item.name, item.rating, item.state, *item.versions]
        texts += [*item.symbols, *(event.version for r in item.ranges for event in r.events)]
    for vector in one.vectors:
        texts.append(vector.vector)
        assert vector.score is None or 0 <= vector.score <= 10
    kept = [text for text in texts if text is not None]
    assert {type(text) for text in kept} == {str}
    assert all(len(text) <= 5000 for text in kept)
    assert "\ud800" not in "".join(kept)
    return True
