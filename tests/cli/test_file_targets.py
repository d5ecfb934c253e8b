"""`file:` on the command line, and packages as files in images."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.running import is_one_line, ran
from images import SYSTEM, a_layer, a_layout
from package_files import a_deb

CONTROL = b"Package: lying\nVersion: 2.0-1\nArchitecture: amd64\n"
DEB = a_deb(CONTROL, {"./srv/inner-3.dist-info/METADATA": b"Name: inner\nVersion: 3\n"})


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def listed(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    done = ran(capsys, "packages", *map(str, arguments), "--format", "json")
    assert (done.code, done.err) == (0, "")
    value: dict[str, Any] = json.loads(done.out)
    return value


def names(result: dict[str, Any]) -> list[str]:
    return [one["name"] for one in result["packages"]]


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "lying.deb"
    path.write_bytes(DEB)
    return path


def test_a_package_is_a_target_of_the_kind_file(
    capsys: pytest.CaptureFixture[str], package: Path
) -> None:
    result = listed(capsys, f"file:{package}")

    assert result["target"] == {"given": f"file:{package}", "kind": "file"}
    assert result["image"]["digest"] is None
    assert result["problems"] == []
    assert [(one["name"], one["evidence"], one["layer"]) for one in result["packages"]] == [
        ("lying", "content", None), ("inner", "bundled", None),
    ]  # fmt: skip
    assert result["packages"][1]["paths"] == ["/lying.deb!/srv/inner-3.dist-info/METADATA"]


def test_a_path_alone_is_read_the_same_way_with_a_note(
    capsys: pytest.CaptureFixture[str], package: Path
) -> None:
    given, bare = listed(capsys, f"file:{package}"), listed(capsys, package)

    assert bare["packages"] == given["packages"]
    assert bare["target"]["kind"] == "file"
    assert set(bare["coverage"]["notes"]) - set(given["coverage"]["notes"]) == {
        "neither an image nor a directory, so it was read as a single file (file:)"
    }


def test_advisories_need_the_release_that_a_package_does_not_state(
    capsys: pytest.CaptureFixture[str], package: Path
) -> None:
    result = listed(capsys, f"file:{package}", "--distro", "debian:12")

    assert result["packages"][0]["purl"] == "pkg:deb/debian/lying@2.0-1?arch=amd64&distro=debian-12"


def test_basic_mode_reads_packages_of_systems_alone(
    capsys: pytest.CaptureFixture[str], package: Path
) -> None:
    assert names(listed(capsys, f"file:{package}", "--mode", "basic")) == ["lying"]


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        pytest.param([], ["thing"], id="not by default"),
        pytest.param(["--catalogers", "+archives"], ["lying", "thing"], id="all, beside the rest"),
        pytest.param(["--catalogers", "+deb-file"], ["lying", "thing"], id="one, beside the rest"),
        pytest.param(["--catalogers", "archives"], ["lying"], id="all, alone"),
        pytest.param(["--catalogers", "deb-file,dpkg"], ["lying", "thing"], id="named"),
        pytest.param(["--catalogers", "dpkg,+rpm-file"], ["thing"], id="named, and one more"),
        pytest.param(["--mode", "basic", "--catalogers", "+archives"], ["lying", "thing"], id="OS"),
    ],
)  # fmt: skip
def test_packages_that_lie_in_an_image_are_listed_when_asked_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, chosen: list[str], found: list[str]
) -> None:
    image = a_layout(tmp_path / "i", a_layer(SYSTEM | {"var/cache/apt/archives/lying.deb": DEB}))

    assert names(listed(capsys, image, *chosen)) == found


def test_a_file_that_nobody_reads_is_one_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "notes.txt").write_text("hello\n")

    code, out, err = ran(capsys, "packages", f"file:{tmp_path / 'notes.txt'}")

    assert (code, out) == (3, "")
    assert is_one_line(err)
