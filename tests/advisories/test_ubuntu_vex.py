"""Ubuntu's VEX documents: statements on packages of releases and of Pro's archives."""

import json
from typing import Any

import pytest

from lading.advisories.recognising import document
from lading.advisories.sources.ubuntu_vex import UBUNTU_VEX, parse
from lading.errors import InvalidRecord
from lading.model.advisory import Affected
from shared_data import shared


def a_purl(name: str = "thing", distro: str = "jammy", arch: str = "source") -> str:
    return f"pkg:deb/ubuntu/{name}@1.0-1?arch={arch}&distro={distro}"


def a_statement(*products: Any, status: Any = "not_affected", **members: Any) -> dict[str, Any]:
    statement = {
        "vulnerability": {"name": "CVE-2026-1000", "aliases": []},
        "timestamp": "2026-01-01T00:00:00Z",
        "products": [{"@id": one} if isinstance(one, str) else one for one in products],
        "status": status,
    }
    return statement | members


def a_document(*statements: Any, **members: Any) -> bytes:
    document = {"@context": "https://openvex.dev/ns/v0.2.0", "timestamp": "2026-02-01T00:00:00Z"}
    return json.dumps(document | {"statements": statements} | members).encode()


def affected(*statements: Any) -> tuple[Affected, ...]:
    found = parse(a_document(*statements))
    assert found.rejected == ()
    return tuple(item for one in found.advisories for item in one.affected)


def test_a_statement_is_read_whole() -> None:
    aliases = ["https://ubuntu.com/security/notices/USN-6429-1", "https://ubuntu.com/security"]
    vulnerability = {"name": "CVE-2026-1000", "aliases": aliases}

    found = parse(
        a_document(
            a_statement(
                a_purl(),
                vulnerability=vulnerability,
                justification="vulnerable_code_not_present",
                impact_statement="it came later",
            )
        )
    )

    (one,) = found.advisories
    assert (one.id, one.upstream, one.feed) == (
        "UBUNTU-CVE-2026-1000",
        ("CVE-2026-1000",),
        "ubuntu/vex",
    )
    assert (one.modified, one.published) == ("2026-02-01T00:00:00Z", "2026-01-01T00:00:00Z")
    assert (one.related, one.references) == (("USN-6429-1",), tuple(aliases))
    assert one.affected == (
        Affected(
            ecosystem="Ubuntu:22.04:LTS",
            name="thing",
            state="not-affected",
            of="source",
            statement="vulnerable_code_not_present: it came later",
        ),
    )


@pytest.mark.parametrize(
    ("distro", "ecosystem", "tier"),
    [
        ("jammy", "Ubuntu:22.04:LTS", None),
        ("questing", "Ubuntu:25.10", None),
        ("esm-apps/jammy", "Ubuntu:Pro:22.04:LTS", "esm-apps"),
        ("esm-infra-legacy/trusty", "Ubuntu:Pro:14.04:LTS", "esm-infra-legacy"),
        ("trusty/esm", "Ubuntu:Pro:14.04:LTS", "esm"),
        ("fips-updates/jammy", "Ubuntu:Pro:FIPS-updates:22.04:LTS", "fips-updates"),
        ("fips%2Fbionic", "Ubuntu:Pro:FIPS:18.04:LTS", "fips"),
        ("zanzibar", "Ubuntu:zanzibar", None),
    ],
)
def test_the_distro_of_a_purl_is_ecosystem_and_tier(
    distro: str, ecosystem: str, tier: str | None
) -> None:
    (one,) = affected(a_statement(a_purl(distro=distro)))

    assert (one.ecosystem, one.tier) == (ecosystem, tier)


@pytest.mark.parametrize(
    ("status", "said", "state"),
    [
        ("affected", None, "not-fixed"),
        ("affected", "This package is no longer supported.", "end-of-life"),
        ("affected", "A fix has been deferred.", "deferred"),
        ("affected", "It will not be fixed.", "wont-fix"),
        ("under_investigation", None, "under-investigation"),
        ("not_affected", None, "not-affected"),
    ],
)
def test_states(status: str, said: str | None, state: str) -> None:
    (one,) = affected(a_statement(a_purl(), status=status, action_statement=said))

    assert (one.state, one.statement) == (state, said)
    assert [event.version for range in one.ranges for event in range.events] == (
        [] if state == "not-affected" else ["0"]
    )


def test_fixed_names_the_version_of_today_and_says_nothing_of_those_between() -> None:
    found = parse(a_document(a_statement(a_purl(), status="fixed")))

    assert [one.affected for one in found.advisories] == [()]


def test_binaries_are_kept_only_where_their_source_is_not_listed() -> None:
    binaries = [a_purl(name, arch=arch) for name in ("x", "y") for arch in ("amd64", "arm64")]
    alone = [a_purl("z", "noble", "amd64")]

    found = affected(a_statement(*binaries, a_purl(), *alone))

    assert [(one.ecosystem, one.name, one.of) for one in found] == [
        ("Ubuntu:22.04:LTS", "thing", "source"),
        ("Ubuntu:24.04:LTS", "z", "binary"),
    ]


@pytest.mark.parametrize(
    "broken",
    [
        a_statement("pkg:npm/thing@1"),
        a_statement("pkg:deb/ubuntu/thing@1.0"),
        a_statement(a_purl(distro="../x")),
        a_statement(a_purl(distro="a b/jammy")),
        a_statement(a_purl(), status="perhaps"),
        a_statement(a_purl(), vulnerability={"name": "a bug"}),
    ],
)
def test_what_cannot_be_read_of_a_document_is_rejected_alone(broken: dict[str, Any]) -> None:
    found = parse(a_document(broken, a_statement(a_purl("whole"))))

    assert [item.name for one in found.advisories for item in one.affected] == ["whole"]
    assert len(found.rejected) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"statements": ' + b"[" * 100_000,
        a_document(),
        a_document(a_statement("pkg:oci/somebody/else")),
        a_document(a_statement(a_purl(), status=7)),
        a_document(a_statement(7)),
    ],
)
def test_what_is_no_vex_of_ubuntu_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="VEX document"):
        parse(data)


def test_a_document_is_recognised_by_its_members() -> None:
    assert UBUNTU_VEX.recognises(frozenset({"@context", "statements", "@id"}))
    assert not UBUNTU_VEX.recognises(frozenset({"document", "vulnerabilities"}))


@pytest.mark.shared
def test_the_sample_says_what_its_sources_say() -> None:
    (file,) = shared("advisories", "samples", "ubuntu-vex").iterdir()
    data = document(file)

    found = parse(data)

    said = [
        (one["status"], product["@id"])
        for one in json.loads(data)["statements"]
        for product in one["products"]
        if "arch=source" in product["@id"] and one["status"] != "fixed"
    ]
    kept = [item for one in found.advisories for item in one.affected]
    assert found.rejected == ()
    assert len(kept) == len(said) == 5
    assert sorted(str(one.tier) for one in kept) == [
        "None",
        "esm-infra",
        "esm-infra",
        "esm-infra",
        "esm-infra-legacy",
    ]
