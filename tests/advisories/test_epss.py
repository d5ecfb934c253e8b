"""FIRST's estimates of exploitation, in the layouts that they have had."""

from pathlib import Path

import pytest

from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.sources.epss import EPSS, parse
from lading.advisories.writer import Writer
from lading.errors import InvalidRecord
from lading.model.advisory import Epss
from shared_data import shared

TODAY = b"#model_version:v2025.03.14,score_date:2026-01-02T12:55:00Z\ncve,epss,percentile\n"
DAY = "2026-01-02T12:55:00Z"


def test_a_row_is_read_whole() -> None:
    found = parse(TODAY + b"CVE-2021-44228,0.94358,0.99957\n")

    assert found.epss == (("CVE-2021-44228", Epss(score=0.94358, percentile=0.99957, as_of=DAY)),)
    assert (found.feed, found.as_of, found.rejected) == ("epss", DAY, ())


def test_a_date_with_an_offset_is_read() -> None:
    head = b"#model_version:v2022.01.01,score_date:2022-02-04T00:00:00+0000\ncve,epss,percentile\n"

    assert parse(head).as_of == "2022-02-04T00:00:00Z"


def test_without_percentiles_they_are_the_share_of_no_higher_scores() -> None:
    rows = b"cve,epss\nCVE-2020-5902,0.65\nCVE-2018-1957,0.04\nCVE-2018-1958,0.04\n"

    found = parse(rows, None, "2021-04-14T00:00:00Z")

    assert [(id, one.percentile) for id, one in found.epss] == [
        ("CVE-2020-5902", 1.0),
        ("CVE-2018-1957", 0.66667),
        ("CVE-2018-1958", 0.66667),
    ]


def test_columns_are_found_by_their_names() -> None:
    found = parse(b"percentile,model,epss,cve\n0.5,x,0.25,CVE-2020-5902\n", None, DAY)

    assert found.epss == (("CVE-2020-5902", Epss(score=0.25, percentile=0.5, as_of=DAY)),)


def test_scores_without_a_date_are_rejected() -> None:
    with pytest.raises(InvalidRecord, match="--as-of"):
        parse(b"cve,epss,percentile\nCVE-2020-5902,0.65,0.99\n")


@pytest.mark.parametrize(
    "row",
    [
        "CVE-2020-5902",
        "CVE-2020-5902,",
        "CVE-2020-5902,high,0.5",
        "CVE-2020-5902,1.5,0.5",
        "CVE-2020-5902,-0.5,0.5",
        "CVE-2020-5902,nan,0.5",
        "GHSA-1,0.5,0.5",
        "CVE-2020-" + "1" * 5000 + ",0.5,0.5",
    ],
)
def test_a_broken_row_is_rejected_alone(row: str) -> None:
    found = parse(TODAY + f"{row}\nCVE-2026-1000,0.5,0.5\n".encode())

    assert [id for id, _ in found.epss] == ["CVE-2026-1000"]
    ((where, reason),) = found.rejected
    assert where == "line 3"
    assert len(reason) < 200


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff", b"#model_version:x", b"a,b\n1,2\n", b"{}"])
def test_what_has_no_heading_is_rejected(data: bytes) -> None:
    with pytest.raises(InvalidRecord, match="no estimates of exploitation"):
        parse(data, None, DAY)


@pytest.mark.parametrize(
    ("head", "is_ours"),
    [(TODAY, True), (b"cve,epss\n", True), (b"cve,epssx\n", False), (b"path,sha\n", False)],
)
def test_estimates_are_recognised_by_their_heading(head: bytes, *, is_ours: bool) -> None:
    assert EPSS.claims(head) is is_ours


def test_older_estimates_never_replace_newer_ones(tmp_path: Path) -> None:
    older, newer = tmp_path / "epss_scores-2021-04-14.csv", tmp_path / "now.csv"
    older.write_bytes(b"cve,epss\nCVE-2021-44228,0.1\nCVE-2020-1000,0.1\n")
    newer.write_bytes(TODAY + b"CVE-2021-44228,0.9,0.99\n")

    with Writer(tmp_path / "x.db") as writer:
        first = import_paths([older], writer)
        second = import_paths([newer, older], writer)
    with Database.open(tmp_path / "x.db") as database:
        known = database.epss(["CVE-2021-44228", "CVE-2020-1000"])

    assert (first.feeds, second.older) == ({"epss": 2}, {"epss": 2})
    assert known == {"CVE-2021-44228": Epss(score=0.9, percentile=0.99, as_of=DAY)}


@pytest.mark.shared
def test_every_layout_of_the_samples_is_read(tmp_path: Path) -> None:
    folder = shared("advisories", "samples", "epss")

    for number, file in enumerate(sorted(folder.iterdir())):
        with Writer(tmp_path / f"{number}.db") as writer:
            report = import_paths([file], writer)
        assert (report.rejected, report.left_out) == ([], [])
        assert report.feeds["epss"] > 0
