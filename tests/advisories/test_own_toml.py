"""A user's own advisories in TOML: ten lines, and every mistake in them is said."""

import datetime as dt
import json
from typing import Any

import pytest

from lading.advisories.sources.own import OWN_TOML, parse
from lading.errors import InvalidRecord
from lading.matching.ecosystems import coordinates
from lading.model.advisory import Advisory, Affected
from lading.model.ecosystem import OF_TYPE
from lading.model.package import Package

AS_OF = "2026-03-01T00:00:00Z"


def written(advisory: dict[str, Any], *affected: dict[str, Any]) -> bytes:
    lines = ["[advisory]", *(f"{name} = {_value(value)}" for name, value in advisory.items())]
    for one in affected:
        lines += ["[[affected]]", *(f"{name} = {_value(value)}" for name, value in one.items())]
    return "\n".join(lines).encode()


def _value(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.date) else json.dumps(value)


def advisory_of(*affected: dict[str, Any], **members: Any) -> Advisory:
    table = {"id": "ACME-2026-1"} | members
    (one,) = parse(written(table, *affected or (PYPI,)), None, AS_OF).advisories
    return one


PYPI = {"type": "pypi", "name": "acme.auth"}


def affected_of(**members: Any) -> Affected:
    (one,) = advisory_of(PYPI | members).affected
    return one


def shown(affected: Affected) -> str:
    return " ".join(
        f"{event.kind} {event.version}" for one in affected.ranges for event in one.events
    )


def test_ten_lines_are_an_advisory() -> None:
    data = b"""\
# ours
[advisory]
id = "ACME-2026-1"
severity = "high"
title = "Session tokens can be guessed"

[[affected]]
type = "pypi"
name = "Acme.Auth"
introduced = "1.0"
fixed = "1.4.2"
"""
    found = parse(data, None, AS_OF)

    (one,) = found.advisories
    assert (one.id, one.feed, one.rating) == ("ACME-2026-1", "own", "high")
    assert (one.title, one.modified) == ("Session tokens can be guessed", AS_OF)
    assert [(item.ecosystem, item.name) for item in one.affected] == [("PyPI", "acme-auth")]
    assert shown(one.affected[0]) == "introduced 1.0 fixed 1.4.2"
    assert OWN_TOML.claims(data)


def test_every_member_of_the_advisory_is_kept() -> None:
    one = advisory_of(
        aliases=["CVE-2026-1000"],
        cvss="CVSS:3.1/x",
        cwes=["CWE-79"],
        references=["https://example.org"],
        published=dt.date(2026, 1, 31),
        modified=dt.datetime(2026, 2, 1, 12, 0, 0, tzinfo=dt.UTC),
        withdrawn="2026-02-02T00:00:00+01:00",
        malicious=True,
    )

    assert (one.aliases, one.cwes) == (("CVE-2026-1000",), ("CWE-79",))
    assert [vector.vector for vector in one.vectors] == ["CVSS:3.1/x"]
    assert one.references == ("https://example.org",)
    assert (one.published, one.modified) == ("2026-01-31T00:00:00Z", "2026-02-01T12:00:00Z")
    assert (one.withdrawn, one.affected[0].withdrawn) == ("2026-02-01T23:00:00Z", True)
    assert one.malicious


@pytest.mark.parametrize(
    ("members", "ranges", "versions"),
    [
        ({}, "introduced 0", ()),
        ({"fixed": "2"}, "introduced 0 fixed 2", ()),
        ({"introduced": "1"}, "introduced 1", ()),
        ({"introduced": "1", "last_affected": "2"}, "introduced 1 last_affected 2", ()),
        ({"versions": ["1.1", "1.2"]}, "", ("1.1", "1.2")),
        ({"versions": ["1.1"], "fixed": "1"}, "introduced 0 fixed 1", ("1.1",)),
        ({"state": "not-affected"}, "", ()),
        ({"state": "wont-fix"}, "introduced 0", ()),
    ],
)
def test_versions(members: dict[str, Any], ranges: str, versions: tuple[str, ...]) -> None:
    affected = affected_of(**members)

    assert (shown(affected), affected.versions) == (ranges, versions)


def test_packages_of_distributions_are_named_by_their_ecosystem() -> None:
    deb = {"ecosystem": "Debian:12", "name": "acme-agent", "statement": "ours"}
    (affected,) = advisory_of(deb | {"severity": "low"}).affected

    assert (affected.ecosystem, affected.rating) == ("Debian:12", "low")
    assert affected.statement == "ours"


@pytest.mark.parametrize("type", sorted(OF_TYPE))
def test_a_type_is_the_ecosystem_that_its_packages_are_looked_up_in(type: str) -> None:
    name = "acme:auth" if type == "maven" else "acme"
    package = Package(type=type, name=name, version="1.0", paths=("/x",))
    (affected,) = advisory_of({"type": type, "name": name}).affected

    places = coordinates(package, None).places
    assert (affected.ecosystem, affected.name) in {place.coordinate for place in places}


@pytest.mark.parametrize(
    ("affected", "said"),
    [
        ({"type": "pypi"}, "needs a `name`"),
        ({"name": "x"}, "needs one of `type`"),
        ({"name": "x", "type": "pypi", "ecosystem": "PyPI"}, "needs one of `type`"),
        ({"name": "x", "type": "python"}, "no type 'python'"),
        (PYPI | {"fixd": "1"}, "has no 'fixd'"),
        (PYPI | {"fixed": 1.4}, "`fixed` is no text in quotes"),
        (PYPI | {"fixed": ""}, "`fixed` is no text in quotes"),
        (PYPI | {"fixed": "2", "last_affected": "1"}, "has both"),
        (PYPI | {"versions": "1.0"}, "no list of texts"),
        (PYPI | {"versions": [1]}, "no text in quotes"),
        (PYPI | {"state": "perhaps"}, "there are not-affected"),
        (PYPI | {"severity": "bad"}, "there are critical"),
        (PYPI | {"name": "x" * 5000}, "no text in quotes"),
    ],
)
def test_a_mistake_in_a_package_says_what_and_where(affected: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRecord, match=said) as caught:
        advisory_of(PYPI, affected)

    assert "[[affected]] 2" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("members", "said"),
    [
        ({"id": ""}, "`id`"),
        ({"id": "a b"}, "`id`"),
        ({"id": 7}, "`id`"),
        ({"severity": "High"}, "`severity`"),
        ({"sevrity": "high"}, "has no 'sevrity'"),
        ({"published": "soon"}, "`published` is no date"),
        ({"published": 2026}, "`published` is no date"),
        ({"aliases": "CVE-2026-1"}, "`aliases`"),
        ({"malicious": "yes"}, "`malicious`"),
    ],
)
def test_a_mistake_in_the_advisory_says_what(members: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidRecord, match=said):
        advisory_of(**members)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no table"),
        (b"\xff", "no TOML"),
        (b"[advisory", "no TOML"),
        (b"a = " + b"[" * 100_000, "no TOML"),
        (b"advisory = 1", "no table"),
        (b'[advisory]\nid = "X-1"\n', "of which packages"),
        (b'[advisory]\nid = "X-1"\n[affected]\nname = "x"\n', "of which packages"),
        (b'affected = [1]\n[advisory]\nid = "X-1"\n', "is no table"),
        (b'[advisory]\nid = "X-1"\n[other]\n', "has no 'other'"),
        (b"#" * (2 << 20), "more than"),
    ],
)
def test_what_is_no_advisory_is_rejected(data: bytes, said: str) -> None:
    with pytest.raises(InvalidRecord, match=said):
        parse(data)


@pytest.mark.parametrize(
    ("head", "is_ours"),
    [
        (b"# a remark\n\n [ advisory ]\n", True),
        (b"\xef\xbb\xbf[advisory]\n", True),
        (b"[package]\n[advisory]\n", False),
        (b"```toml\n[advisory]\n", False),
    ],
)
def test_a_file_is_recognised_by_its_first_table(head: bytes, *, is_ours: bool) -> None:
    assert OWN_TOML.claims(head) is is_ours
