"""`lading packages`: what is in an image, held against nothing."""

import json
import tarfile
from pathlib import Path
from typing import Any

import pytest

from cli.running import is_one_line, ran
from images import SYSTEM, a_layer, a_layout, an_entry

SHOP = str(Path(__file__).parents[2] / "examples" / "shop")


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def listed(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    done = ran(capsys, "packages", *arguments, "--format", "json")
    assert (done.code, done.err) == (code, "")
    value: dict[str, Any] = json.loads(done.out)
    return value


def test_an_inventory_has_neither_findings_nor_verdict(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    result = listed(capsys, SHOP)

    assert result["findings"] is None
    assert result["verdict"] is None
    assert result["advisories"] is None
    assert result["schema"] == "lading.scan/1"
    assert len(result["packages"]) > 10
    assert not (tmp_path / "cache" / "advisories").exists()


def test_it_lists_what_a_scan_lists(capsys: pytest.CaptureFixture[str]) -> None:
    scanned = json.loads(ran(capsys, "scan", SHOP, "--format", "json").out)

    result = listed(capsys, SHOP)
    for member in ("end_of_life", "supported"):  # what the advisory database knows of the system
        del result["image"]["os"][member], scanned["image"]["os"][member]

    for member in ("packages", "image", "target", "problems"):
        assert result[member] == scanned[member]


def test_the_table_has_a_line_for_each_package(capsys: pytest.CaptureFixture[str]) -> None:
    number = len(listed(capsys, SHOP)["packages"])

    _, out, _ = ran(capsys, "packages", SHOP)

    head = next(i for i, line in enumerate(out.splitlines()) if line.startswith("PACKAGE"))
    assert out.splitlines()[head + 1 :][:number][-1].strip()
    assert "log4j-core" in out


@pytest.mark.parametrize(
    ("arguments", "code"), [pytest.param((), 0, id="shown"), pytest.param(("--strict",), 4, id="4")]
)
def test_problems_are_shown_and_counted_when_asked_to(
    arguments: tuple[str, ...], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    layer = a_layer(SYSTEM | {"../escape": b"x"})
    image = a_layout(tmp_path / "image", layer)

    result = listed(capsys, str(image), *arguments, code=code)

    assert "escape" in json.dumps(result["problems"])
    assert [one["name"] for one in result["packages"]] == ["thing"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("./nowhere",), 3, id="missing"),
        pytest.param((SHOP, "--output", "r", "--format", "json"), 2, id="wrong pair"),
        pytest.param(("./nowhere", "--output", "r", "--format", "json"), 2, id="before the target"),
        pytest.param((SHOP, "--format", "json", "--output", "no/such/r"), 2, id="unwritable"),
        pytest.param((SHOP, "--catalogers", ""), 2, id="an empty list of catalogers"),
    ],
)
def test_failures_are_one_line_and_leave_nothing(
    arguments: tuple[str, ...], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ran(capsys, "packages", *arguments)

    assert (done.code, done.out) == (code, "")
    assert is_one_line(done.err)
    assert not list((tmp_path / "work").iterdir())


def test_a_directory_has_packages_without_layers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "root"
    for name, content in SYSTEM.items():
        assert isinstance(content, bytes)
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)

    result = listed(capsys, f"dir:{root}")

    assert [(one["name"], one["layer"]) for one in result["packages"]] == [("thing", None)]
    assert result["target"]["kind"] == "directory"
    assert result["image"]["os"]["id"] == "debian"
    assert result["image"]["layers"] == []


def test_a_layer_is_read_once_for_two_images(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = a_layer(SYSTEM)
    first = a_layout(tmp_path / "first", base)
    second = a_layout(tmp_path / "second", base, a_layer({"x": an_entry(tarfile.DIRTYPE)}))

    listed(capsys, str(first))
    before = entries(tmp_path)
    result = listed(capsys, str(second))

    assert len(entries(tmp_path) - before) == 2  # the new layer, and the inventory
    assert [(one["name"], one["layer"]) for one in result["packages"]] == [("thing", 0)]


def entries(tmp_path: Path) -> set[Path]:
    return {path for path in (tmp_path / "cache" / "layers").rglob("*") if path.is_file()}
