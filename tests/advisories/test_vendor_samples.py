"""The samples of rpm distributions, imported by folder as a user would."""

from pathlib import Path

import pytest

from lading.advisories.database import Database
from lading.advisories.importing import Report, import_paths
from lading.advisories.writer import Writer
from lading.model.advisory import Candidate
from lading.model.coordinate import Coordinate
from shared_data import shared

pytestmark = pytest.mark.shared


def imported(path: Path, *folders: str) -> Report:
    with Writer(path) as writer:
        return import_paths([shared("advisories", "samples", folder) for folder in folders], writer)


def said(path: Path, ecosystem: str, name: str) -> tuple[Candidate, ...]:
    place = Coordinate(ecosystem, name)
    with Database.open(path) as database:
        return database.candidates([place]).get(place, ())


@pytest.mark.parametrize(
    ("folder", "feeds"),
    [
        ("redhat-vex", {"csaf/redhat/vex": 11}),
        ("redhat-csaf", {"csaf/redhat/advisories": 4, "csaf/redhat/vex": 2}),
        ("redhat-osv", {"osv/Red Hat": 2}),
        ("rocky-osv", {"osv/Rocky Linux": 2}),
        ("suse-csaf-vex", {"csaf/suse/vex": 2}),
        ("oracle-oval", {"oval/oracle": 2}),
        ("azure-oval-3.0-with-unfixed", {"oval/azurelinux/3.0": 3, "oval/mariner/2.0": 5}),
        (
            "amazon-updateinfo",
            {
                "updateinfo/amazon/1": 1,
                "updateinfo/amazon/2/x86_64": 1,
                "updateinfo/amazon/2/kernel-5.15": 1,
                "updateinfo/amazon/2022/x86_64": 1,
                "updateinfo/amazon/2023": 1,
                "updateinfo/amazon/2023/kernel-livepatch/x86_64": 1,
                "updateinfo/amazon/2023/nvidia/x86_64": 1,
            },
        ),
        ("amazon-html", {}),
    ],
)
def test_every_whole_document_is_read(folder: str, feeds: dict[str, int], tmp_path: Path) -> None:
    assert imported(tmp_path / "own.db", folder).feeds == feeds


def test_what_is_no_whole_document_is_listed_with_its_reason(tmp_path: Path) -> None:
    report = imported(
        tmp_path / "own.db", "redhat-vex", "redhat-csaf", "amazon-updateinfo", "amazon-html"
    )

    listed = {Path(where).name: reason for where, reason in report.left_out + report.rejected}
    assert listed == {
        "claircore__cve-1999-0001-deleted.json": "the document does not say who published it",
        "claircore__test_repomd.xml": "the index of a repository: import the updateinfo that it "
        "names",
        "vuls-data-update__repomd_valid.xml": "the index of a repository: import the updateinfo "
        "that it names",
        "vunnel__input__2023_html__ALAS-2023-126": "no format that is read",
        "vuls-data-update__archive_latest.txt": "no format that is read",
        "vuls-data-update__changes.csv": "no format that is read",
        "vuls-data-update__deletions.csv": "no format that is read",
    }


def test_red_hats_formats_meet_under_one_name(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    imported(path, "redhat-vex", "redhat-csaf", "redhat-osv")

    streams = {
        one.feed
        for stream in ("rhel_aus:8.6::appstream", "rhel_eus:9.2::appstream")
        for name in ("git-lfs", "firefox", "sudo", "curl")
        for one in said(path, f"Red Hat:{stream}", name)
    }
    assert streams == {"csaf/redhat/vex", "csaf/redhat/advisories", "osv/Red Hat"}


def test_what_has_no_fix_is_found_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "own.db"
    imported(path, "redhat-vex")

    (tiff,) = said(path, "Red Hat:enterprise_linux:9", "libtiff")
    assert (tiff.advisory, tiff.affected.state, tiff.affected.statement) == (
        "REDHAT-CVE-2023-6228",
        "not-fixed",
        "Affected",
    )
