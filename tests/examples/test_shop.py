"""The example image is what its script writes, and its scan shows what the README promises."""

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from lading.cli.main import main

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "examples" / "shop"


def written(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    code = main(["scan", str(SHOP), "--format", "json", "--now", "2026-11-24T00:00:00Z"])
    assert code == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def test_the_script_writes_the_same_bytes_again(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_shop", ROOT / "examples" / "make_shop.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    module.write(tmp_path / "shop")

    assert written(tmp_path / "shop") == written(SHOP)


def test_log4shell_is_critical_exploited_and_has_its_path(result: dict[str, Any]) -> None:
    (finding,) = (one for one in result["findings"] if one["id"] == "CVE-2021-44228")
    (package,) = (one for one in result["packages"] if one["id"] == finding["package"])

    assert finding["severity"] == "critical"
    assert finding["kev"]["ransomware"] is True
    assert package["paths"] == ["/srv/orders/orders.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar"]
    assert package["layer"] == 4


def test_what_an_upper_layer_mended_or_deleted_is_not_reported(result: dict[str, Any]) -> None:
    versions = {one["name"]: (one["version"], one["layer"]) for one in result["packages"]}
    vulnerable = {one["package"].partition("@")[0] for one in result["findings"]}

    assert versions["libexpat1"] == ("2.5.0-1+deb12u5", 1)
    assert versions["minimist"] == ("1.2.8", 5)
    assert "PyJWT" not in versions
    assert "pkg:deb/debian/libexpat1" not in vulnerable
    assert versions["bash"][1] == 0


def test_the_program_that_nobody_explains_is_the_only_gap(result: dict[str, Any]) -> None:
    coverage = result["coverage"]

    assert [one["path"] for one in coverage["unexplained"]] == ["/opt/tools/agent"]
    assert coverage["unmatched"] == []
    assert coverage["explained"] == coverage["executables"] - 1
