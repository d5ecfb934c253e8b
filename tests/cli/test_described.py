"""SBOMs and package URLs as targets of the commands."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from cli.running import is_one_line, ran
from sbom.documents import cyclonedx, cyclonedx_xml, envelope, spdx, spdx_tags, syft

NPM, DEB = "pkg:npm/lodash@4.17.20", "pkg:deb/debian/bash@5.1-2?arch=amd64"
DOCUMENTS = [
    pytest.param(cyclonedx(NPM), id="CycloneDX"),
    pytest.param(cyclonedx_xml(NPM), id="CycloneDX XML"),
    pytest.param(spdx(NPM), id="SPDX"),
    pytest.param(spdx_tags(NPM), id="SPDX tags"),
    pytest.param(syft(NPM), id="Syft"),
    pytest.param(envelope(cyclonedx(NPM)), id="DSSE"),
    pytest.param(f"# ours\n{NPM}\n".encode(), id="package URLs"),
]


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    done = ran(capsys, "packages", *arguments, "--format", "json")
    assert done.code == 0, done.err
    return json.loads(done.out)


def a_file(folder: Path, data: bytes) -> Path:
    path = folder / "document"
    path.write_bytes(data)
    return path


def names(result: Any) -> list[tuple[str, str]]:
    return [(one["name"], one["version"]) for one in result["packages"]]


@pytest.mark.parametrize("data", DOCUMENTS)
def test_a_path_is_recognised_as_an_sbom_by_its_content(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, data)

    result = listed(capsys, str(path))

    assert result["target"] == {"given": str(path), "kind": "sbom"}
    assert names(result) == [("lodash", "4.17.20")]
    assert result["image"] == dict.fromkeys(result["image"], None) | {"layers": []}


@pytest.mark.parametrize("data", DOCUMENTS)
def test_standard_input_may_be_an_sbom(
    data: bytes, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = io.BufferedReader(io.BytesIO(data))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))

    result = listed(capsys, "-")

    assert result["target"] == {"given": "-", "kind": "sbom"}
    assert names(result) == [("lodash", "4.17.20")]


def test_with_the_scheme_a_damaged_sbom_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, b'{"bomFormat": "CycloneDX"')

    done = ran(capsys, "scan", f"sbom:{path}")

    assert done.code == 3
    assert is_one_line(done.err)
    assert "no JSON" in done.err


def test_a_damaged_entry_is_a_problem_and_breaks_only_strict_scans(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, cyclonedx(NPM, also=[{"version": "1"}]))

    assert ran(capsys, "packages", str(path)).code == 0
    assert ran(capsys, "packages", str(path), "--strict").code == 4


def test_a_package_url_is_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "scan", f"purl:{NPM}", "--format", "json")

    result = json.loads(done.out)
    assert result["target"] == {"given": f"purl:{NPM}", "kind": "purl"}
    assert {one["id"] for one in result["findings"]} >= {"CVE-2020-28500"}
    assert "no operating system recognised" not in result["coverage"]["notes"]


@pytest.mark.parametrize("text", ["", "lodash", "pkg:npm", "pkg:npm/a@1\npkg:npm/b@1", "npm/x@1"])
def test_what_is_no_package_url_is_wrong_usage(
    text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ran(capsys, "scan", f"purl:{text}")

    assert done.code == 2
    assert is_one_line(done.err)


def test_the_release_may_be_stated_for_an_sbom(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, spdx(DEB))

    said = listed(capsys, str(path), "--distro", "debian:11")

    assert said["image"]["os"]["version_id"] == "11"
    assert listed(capsys, str(path))["image"]["os"]["version_id"] is None


def test_basic_mode_is_about_packages_of_the_system(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, spdx(DEB, NPM))

    assert names(listed(capsys, str(path), "--mode", "basic")) == [("bash", "5.1-2")]


@pytest.mark.parametrize(
    "options",
    [
        ("--platform", "linux/amd64"),
        ("--all-platforms", "--format", "json"),
        ("--exclude", "/x"),
        ("--catalogers", "python"),
        ("--verify",),
        ("--deleted",),
    ],
)
def test_what_is_about_files_of_an_image_is_refused(
    options: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ran(capsys, "packages", str(a_file(tmp_path, cyclonedx(NPM))), *options)

    assert done.code == 2
    assert f"{options[0]} is about the files" in done.err
