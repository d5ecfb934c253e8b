"""A real image of seven layers, read in every form it can have."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from lading.cli.main import main
from shared_data import shared

pytestmark = [pytest.mark.shared, pytest.mark.slow]

NOW = "2026-11-24T00:00:00Z"
TYPES = ("deb", "pypi", "npm", "golang", "maven")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main([*arguments, "--now", NOW])
    return code, capsys.readouterr().out


def packages(capsys: pytest.CaptureFixture[str], target: str) -> list[dict[str, Any]]:
    code, out = run(capsys, "packages", target, "--format", "json")
    assert code == 0
    return list(json.loads(out)["packages"])


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    return f"oci:{shared('images', 'shop')}"


def folded(type: str, name: str) -> str:
    if type == "pypi":
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.rpartition(":")[2] if type == "maven" else name


def test_everything_installed_is_listed_with_its_path(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = {
        (one["type"], folded(one["type"], one["name"]), one["version"], path.partition("!")[0])
        for one in packages(capsys, shop)
        for path in one["paths"]
    }
    names = {(type, name, path) for type, name, _, path in found}

    missing = []
    for entry in json.loads(shared("images", "shop.expected.json").read_text()):
        type, name = entry["type"], folded(entry["type"], entry["name"])
        if type not in TYPES or entry["path"].endswith("parser.jar"):  # known by content alone
            continue
        if entry["version"] == "UNKNOWN":
            known = (type, name, entry["path"]) in names
        else:
            known = (type, name, entry["version"], entry["path"]) in found
        if not known:
            missing.append(entry)
    assert missing == []


def test_what_an_upper_layer_deleted_is_gone(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = {(one["name"].lower(), one["version"]) for one in packages(capsys, shop)}

    assert "pyjwt" not in {name for name, _ in found}
    assert ("moment", "2.29.1") not in found
    assert ("moment", "2.29.4") in found


def test_known_vulnerabilities_are_found_once_each(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out = run(capsys, "scan", shop, "--format", "json")

    result = json.loads(out)
    ids = {one["id"] for one in result["packages"]}
    pairs = [(finding["id"], finding["package"]) for finding in result["findings"]]
    named = {
        (finding["id"], finding["package"].partition("@")[0]) for finding in result["findings"]
    }
    assert code == 0
    assert len(pairs) == len(set(pairs))
    assert all(package in ids for _, package in pairs)
    assert ("CVE-2021-44228", "pkg:maven/org.apache.logging.log4j/log4j-core") in named
    assert any(package == "pkg:pypi/django" for _, package in named)
    assert any(package == "pkg:golang/golang.org/x/net" for _, package in named)


def test_layers_are_those_that_first_brought_a_version(
    shop: str, capsys: pytest.CaptureFixture[str]
) -> None:
    by_name = {one["name"]: one for one in packages(capsys, shop) if one["type"] == "deb"}

    assert by_name["base-files"]["layer"] == 0
    assert by_name["tini"]["layer"] == 1


@pytest.mark.parametrize("form", ["docker-archive", "oci-archive", "dir"])
def test_every_form_of_the_image_has_the_same_packages(
    form: str, shop: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tool = "umoci" if form == "dir" else "skopeo"
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    layout = shop.removeprefix("oci:")
    if form == "dir":
        bundle = tmp_path / "bundle"
        command = ["umoci", "unpack", "--image", f"{layout}:3.1.0", str(bundle)]
        target = f"dir:{bundle}/rootfs"
    else:
        file = tmp_path / "shop.tar"
        command = ["skopeo", "copy", "-q", f"oci:{layout}:3.1.0", f"{form}:{file}:shop:3.1.0"]
        target = f"{form}:{file}"
    subprocess.run(command, check=True, capture_output=True)

    def facts(target: str) -> list[tuple[object, ...]]:
        return [
            (
                one["id"],
                tuple(one["paths"]),
                one["owner"],
                tuple(one["depends_on"]),
                one["evidence"],
            )
            for one in packages(capsys, target)
        ]

    assert facts(target) == facts(shop)


def test_two_runs_give_the_same_bytes(shop: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = run(capsys, "scan", shop, "--format", "json")
    without_cache = run(capsys, "scan", shop, "--format", "json", "--no-cache")
    again = run(capsys, "scan", shop, "--format", "json")

    assert first == without_cache == again
