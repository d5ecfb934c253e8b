"""`--verify` on the command line: in the JSON, in the table, and only when it is asked for."""

import hashlib
import json
from pathlib import Path

import pytest

from cli.running import is_one_line, ran
from images import SYSTEM, a_layer, a_layout

SUM = hashlib.md5(b"good", usedforsecurity=False).hexdigest()
ID = "pkg:deb/debian/thing@1.0-1?arch=amd64&distro=debian-12"


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


@pytest.fixture
def image(tmp_path: Path) -> str:
    """An image whose second layer replaces a file of the one package."""
    base = SYSTEM | {
        "var/lib/dpkg/info/thing.list": b"/bin/a\n",
        "var/lib/dpkg/info/thing.md5sums": f"{SUM}  bin/a\n".encode(),
        "bin/a": b"good",
    }
    return str(a_layout(tmp_path / "image", a_layer(base), a_layer({"bin/a": b"bad"})))


def test_modified_files_are_in_the_json_also_of_a_cached_inventory(
    capsys: pytest.CaptureFixture[str], image: str
) -> None:
    first, second = (
        json.loads(ran(capsys, "packages", image, "--verify", "--format", "json").out)
        for _ in range(2)
    )

    assert first == second
    assert first["coverage"]["modified"] == [
        {
            "path": "/bin/a",
            "layer": 1,
            "package": ID,
            "state": "changed",
            "expected": f"md5:{SUM}",
            "found": f"md5:{hashlib.md5(b'bad', usedforsecurity=False).hexdigest()}",
        }
    ]


def test_nobody_who_does_not_ask_is_told(capsys: pytest.CaptureFixture[str], image: str) -> None:
    told = json.loads(ran(capsys, "packages", image, "--format", "json").out)

    assert told["coverage"]["modified"] is None
    assert "Verified" not in ran(capsys, "packages", image).out


def test_the_table_has_a_section_of_them(capsys: pytest.CaptureFixture[str], image: str) -> None:
    out = ran(capsys, "packages", image, "--verify").out

    assert "Verified: 1 file is not as installed: 1 changed." in out
    assert f"- /bin/a: changed, layer 1; {ID}" in " ".join(out.split())


def test_the_table_says_when_all_is_as_it_was(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM))

    out = ran(capsys, "packages", str(image), "--verify").out

    assert "Verified: every file that a digest is kept of is as it was installed." in out


def test_what_has_no_files_cannot_be_verified(capsys: pytest.CaptureFixture[str]) -> None:
    done = ran(capsys, "packages", "purl:pkg:npm/a@1", "--verify")

    assert done.code == 2
    assert is_one_line(done.err)
