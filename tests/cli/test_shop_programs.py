"""A real image's copied programs, and what its wheels bring along, known by their bytes."""

import json
from pathlib import Path
from typing import Any

import pytest

from lading.cli.main import main
from shared_data import shared

pytestmark = [pytest.mark.shared, pytest.mark.slow]


@pytest.fixture
def packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    assert main(["packages", f"oci:{shared('images', 'shop')}", "--format", "json"]) == 0
    return list(json.loads(capsys.readouterr().out)["packages"])


def test_copied_programs_are_known_whatever_they_are_called(packages: list[dict[str, Any]]) -> None:
    programs = {
        tuple(one["paths"]): (one["name"], one["version"])
        for one in packages
        if one["evidence"] == "content" and one["type"] == "generic"
    }

    assert programs == {
        ("/opt/tools/box",): ("busybox", "1.35.0"),
        ("/opt/cache/bin/kv",): ("redis", "7.0.15"),
    }


@pytest.mark.parametrize(("wheel", "libraries"), [
    ("cryptography", {"openssl@3.1.1"}),
    ("lxml", {"libxml2@2.9.14", "libxslt@1.1.35", "zlib@1.2.13"}),
    ("Pillow", {
        "bzip2@1.0.8", "harfbuzz@7.1.0", "libjpeg-turbo@2.1.5.1", "libpng@1.6.39", "libtiff@4.5.0",
        "openjpeg@2.5.0", "xz@5.4.2",
    }),
])  # fmt: skip
def test_a_wheel_depends_on_the_libraries_it_brings(
    packages: list[dict[str, Any]], wheel: str, libraries: set[str]
) -> None:
    (package,) = (one for one in packages if one["type"] == "pypi" and one["name"] == wheel)

    brought = {id for id in package["depends_on"] if id.startswith("pkg:generic/")}

    assert brought == {f"pkg:generic/{library}" for library in libraries}
    assert {one["evidence"] for one in packages if one["id"] in brought} == {"bundled"}


def test_nothing_of_the_system_is_told_twice(packages: list[dict[str, Any]]) -> None:
    for one in packages:
        if one["type"] == "generic":
            assert not any(
                path.startswith(("/bin/", "/lib/", "/usr/lib/")) for path in one["paths"]
            )
