"""Releases of distributions, and until when everybody gets their fixes."""

from datetime import date

import pytest

from lading.advisories.support import is_supported, support_of
from lading.model.advisory import Support
from lading.model.package import Release


def a_release(id: str, version: str | None) -> Release:
    return Release(id=id, version_id=version, path="/etc/os-release")


@pytest.mark.parametrize(
    ("id", "version", "ends"),
    [
        ("debian", "12", "2028-06-30"),
        ("debian", "10.13", "2024-06-30"),
        ("ubuntu", "22.04", "2027-04-01"),
        ("ubuntu", "22.10", "2023-07-20"),
        ("alpine", "3.19.1", "2025-11-01"),
        ("alpine", "3.1", None),
        ("almalinux", "9.4", "2032-05-31"),
        ("rhel", "8.10", "2029-05-31"),
        ("rocky", "9.3", "2032-05-31"),
        ("amzn", "2", "2026-06-30"),
        ("amzn", "2023", "2028-03-15"),
        ("amzn", "2018.03", "2023-12-31"),
        ("ol", "8.9", "2029-07-01"),
        ("centos", "7", "2024-06-30"),
        ("fedora", "39", "2024-11-26"),
        ("sles", "15.5", "2024-12-31"),
        ("sles", "15.9", None),
        ("opensuse-leap", "15.6", "2026-04-30"),
        ("debian", None, None),
        ("arch", "1", None),
    ],
)
def test_the_facts_that_come_with_lading(id: str, version: str | None, ends: str | None) -> None:
    found = support_of(a_release(id, version), ())

    assert (found.ends if found else None) == ends


def test_what_the_feed_says_comes_before_the_facts() -> None:
    said = Support(system="debian", release="12", ends="2033-01-01")

    assert support_of(a_release("debian", "12"), [said]) == said
    assert support_of(a_release("debian", "11"), [said]) != said


@pytest.mark.parametrize(
    ("ends", "ended", "today", "answer"),
    [
        ("2026-06-30", None, date(2026, 6, 30), True),
        ("2026-06-30", None, date(2026, 7, 1), False),
        (None, True, date(2026, 7, 1), False),
        (None, False, date(2026, 7, 1), True),
        (None, None, date(2026, 7, 1), None),
    ],
)
def test_support_ends_after_its_last_day(
    ends: str | None, ended: bool | None, today: date, answer: bool | None
) -> None:
    support = Support(system="x", release="1", ends=ends, ended=ended)

    assert is_supported(support, today) is answer
