"""What Lading wrote as an SBOM gives the findings of the image again."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cli.running import NOW, ran
from shared_data import needs_shared, shared

SHOP = Path(__file__).parents[2] / "examples" / "shop"


def scanned(capsys: pytest.CaptureFixture[str], target: object) -> Any:
    done = ran(capsys, "scan", str(target), "--format", "json", "--offline")
    assert done.code == 0, done.err
    return json.loads(done.out)


def written(capsys: pytest.CaptureFixture[str], target: object, format: str) -> str:
    done = ran(capsys, "scan", str(target), "--format", format, "--offline")
    assert done.code == 0, done.err
    return done.out


def without_target(result: Any) -> Any:
    return {name: value for name, value in result.items() if name != "target"}


def pairs(result: Any) -> set[tuple[str, str]]:
    names = {one["id"]: one["purl"] for one in result["packages"]}
    return {(found["id"], names[found["package"]]) for found in result["findings"]}


def bare(document: Any) -> Any:
    """The document without anything that only Lading reads."""
    if isinstance(document, list):
        return [bare(one) for one in document if not is_ours(one)]
    if isinstance(document, dict):
        return {name: bare(value) for name, value in document.items()}
    return document


def is_ours(one: Any) -> bool:
    said = (
        str(one.get("statement") or one.get("name") or one.get("comment"))
        if isinstance(one, dict)
        else ""
    )
    return said.startswith("lading:")


def file_with(folder: Path, text: str) -> Path:
    path = folder / "written.json"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("format", ["cyclonedx", "spdx", "spdx3"])
def test_a_scan_of_the_sbom_is_the_scan_of_the_image(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_with(tmp_path, written(capsys, SHOP, format))

    again = scanned(capsys, path)

    assert again["target"] == {"given": str(path), "kind": "sbom"}
    assert without_target(again) == without_target(scanned(capsys, SHOP))


@pytest.mark.parametrize("format", ["cyclonedx", "spdx", "spdx3"])
def test_without_what_only_lading_reads_the_findings_are_the_same(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = bare(json.loads(written(capsys, SHOP, format)))
    path = file_with(tmp_path, json.dumps(document))
    assert "lading:path" not in path.read_text()

    assert pairs(scanned(capsys, path)) == pairs(scanned(capsys, SHOP))


def test_package_urls_alone_give_the_same_findings_but_for_owners(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_with(tmp_path, written(capsys, SHOP, "purl"))

    assert pairs(scanned(capsys, path)) >= pairs(scanned(capsys, SHOP))


@pytest.mark.parametrize("format", ["cyclonedx", "spdx", "spdx3"])
def test_the_same_scan_gives_the_same_bytes(
    format: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert written(capsys, SHOP, format) == written(capsys, SHOP, format)


@pytest.mark.parametrize(
    ("format", "number"), [("cyclonedx", "serialNumber"), ("spdx", "documentNamespace")]
)
def test_the_number_of_a_document_is_that_of_its_content_not_of_its_date(
    format: str, number: str, capsys: pytest.CaptureFixture[str]
) -> None:
    today = json.loads(ran(capsys, "packages", str(SHOP), "--format", format, now=NOW).out)
    later = ran(capsys, "packages", str(SHOP), "--format", format, now="2027-01-01T00:00:00Z").out
    other = ran(capsys, "packages", str(SHOP), "--mode", "basic", "--format", format).out

    assert json.loads(later)[number] == today[number]
    assert json.loads(other)[number] != today[number]
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", today[number])


@pytest.mark.shared
@pytest.mark.slow
@needs_shared
@pytest.mark.parametrize("format", ["cyclonedx", "spdx", "spdx3"])
def test_the_whole_image_of_the_shop_comes_back_too(
    format: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = f"oci:{shared('images', 'shop')}"
    result = scanned(capsys, image)
    text = written(capsys, image, format)

    whole = scanned(capsys, file_with(tmp_path, text))
    foreign = scanned(capsys, file_with(tmp_path, json.dumps(bare(json.loads(text)))))

    assert without_target(whole) == without_target(result)
    assert pairs(foreign) == pairs(result)
