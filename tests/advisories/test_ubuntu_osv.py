"""Ubuntu's OSV records: what everybody gets, and what Pro's subscribers get, kept apart."""

import json

import pytest

from lading.advisories.recognising import document
from lading.advisories.sources.osv import parse
from shared_data import shared


def tier_of(ecosystem: str, purl: object) -> str | None:
    package = {"ecosystem": ecosystem, "name": "thing", "purl": purl}
    record = {"id": "UBUNTU-CVE-2026-1000", "affected": [{"package": package}]}
    return parse(json.dumps(record).encode()).advisories[0].affected[0].tier


@pytest.mark.parametrize(
    ("ecosystem", "purl", "tier"),
    [
        ("Ubuntu:22.04:LTS", "pkg:deb/ubuntu/thing@1?arch=source&distro=jammy", None),
        ("Ubuntu:Pro:22.04:LTS", "pkg:deb/ubuntu/thing@1?distro=esm-apps/jammy", "esm-apps"),
        ("Ubuntu:Pro:16.04:LTS", "pkg:deb/ubuntu/x@1?a=b&distro=esm-infra/xenial", "esm-infra"),
        ("Ubuntu:Pro:14.04:LTS", "pkg:deb/ubuntu/thing@1?distro=trusty/esm", "esm"),
        ("Ubuntu:Pro:14.04:LTS", None, "pro"),
        ("Ubuntu:Pro:14.04:LTS", 7, "pro"),
        ("Ubuntu:Pro:FIPS-updates:20.04:LTS", None, "fips-updates"),
        ("Debian:12", "pkg:deb/debian/thing@1?distro=esm-apps/x", None),
    ],
)
def test_the_archive_that_has_the_fix_is_the_tier(
    ecosystem: str, purl: object, tier: str | None
) -> None:
    assert tier_of(ecosystem, purl) == tier


@pytest.mark.shared
def test_every_sample_is_read_whole() -> None:
    for file in sorted(shared("advisories", "samples", "ubuntu-osv").iterdir()):
        raw = json.loads(document(file))
        (one,) = parse(document(file)).advisories

        assert [(item.ecosystem, item.name) for item in one.affected] == [
            (item["package"]["ecosystem"], item["package"]["name"]) for item in raw["affected"]
        ]
        assert all((item.tier is not None) is (":Pro:" in item.ecosystem) for item in one.affected)
