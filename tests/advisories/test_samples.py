"""Real documents of feeds that are not held whole: each is read, or left out with a reason."""

from pathlib import Path

import pytest

from lading.advisories.importing import Report, import_paths
from lading.advisories.writer import Writer
from shared_data import shared

pytestmark = pytest.mark.shared


def imported(tmp_path: Path, folder: str) -> Report:
    """Each file by itself, as a whole feed would be."""
    total = Report()
    with Writer(tmp_path / "x.db") as writer:
        for file in sorted(shared("advisories", "samples", folder).iterdir()):
            report = import_paths([file], writer)
            for feed, records in report.feeds.items():
                total.count(feed, records, records)
            total.left_out += report.left_out
            total.rejected += report.rejected
    return total


@pytest.mark.parametrize(
    ("folder", "feeds"),
    [
        ("alpine-osv", {"osv/Alpine": 2}),
        (
            "alpine-secdb-newer",
            {
                "secdb/alpine/edge/community": 8,
                "secdb/alpine/edge/main": 3,
                "secdb/alpine/v3.16/community": 1,
                "secdb/alpine/v3.16/main": 2,
                "secdb/alpine/v3.2/main": 1,
            },
        ),
        ("debian-tracker", {"debian/dsa": 10, "debian/tracker": 16}),
        ("debian-tracker-git", {"debian/dla": 3534, "debian/dsa": 5406, "debian/dtsa": 208}),
        ("epss", {"epss": 42}),
        ("node-core", {"nodejs": 341}),
        ("nvd-2.0", {"nvd": 60}),
        ("ubuntu-osv", {"osv/Ubuntu": 9}),
        ("ubuntu-vex", {"ubuntu/vex": 1}),
    ],
)
def test_every_document_is_read(tmp_path: Path, folder: str, feeds: dict[str, int]) -> None:
    report = imported(tmp_path, folder)

    assert report.rejected == []
    assert report.feeds == feeds
    assert {Path(path).name.partition("__")[2]: reason for path, reason in report.left_out} == (
        {"input__legacy__vulnerabilities-debian:7-0.json": "JSON of no format that is read"}
        if folder == "debian-tracker"
        else {}
    )
