"""Composer's lists of installed packages."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.php import PHP
from lading.catalog.selection import Selection
from lading.model.package import Package

PATH = "/srv/blog/vendor/composer/installed.json"
ROWS = [
    {
        "name": "symfony/http-foundation",
        "version": "v4.4.0",
        "version_normalized": "4.4.0.0",
        "license": ["MIT"],
        "require": {"php": "^7.1.3", "ext-json": "*", "symfony/mime": "^4.3"},
        "replace": {"symfony/old": "self.version"},
    },
    {"name": "acme/tool", "version": "dev-main"},
]


@pytest.mark.parametrize("path", [PATH, "/var/www/html/3rdparty/composer/installed.json"])
def test_the_list_is_read_in_any_vendor_folder(path: str) -> None:
    assert Selection([PHP]).by_path(path) == (PHP,)


@pytest.mark.parametrize("document", [
    pytest.param(ROWS, id="Composer 1"),
    pytest.param({"packages": ROWS, "dev": False}, id="Composer 2"),
])  # fmt: skip
def test_installed_packages_are_listed_as_written(document: object) -> None:
    assert packages_of(PHP, PATH, json.dumps(document).encode()) == [
        Package(
            type="composer",
            name="symfony/http-foundation",
            version="v4.4.0",
            paths=(PATH,),
            licenses=("MIT",),
            requires=("symfony/mime",),
            provides=("symfony/old",),
        ),
        Package(type="composer", name="acme/tool", version="dev-main", paths=(PATH,)),
    ]


@pytest.mark.parametrize("document", [5, {}, {"packages": {}}, "text"])
def test_what_is_no_list_is_a_problem(document: object) -> None:
    data = json.dumps(document).encode()

    assert reading(PHP, PATH, data) == ([], f"{PATH}: no list of packages")


@pytest.mark.parametrize("row", [5, {}, {"name": ["a"]}, {"name": "a\nb"}])
def test_a_row_without_a_name_is_told_and_the_others_are_listed(row: object) -> None:
    facts, error = reading(PHP, PATH, json.dumps([row, ROWS[1]]).encode())

    assert [p.name for p in facts if isinstance(p, Package)] == ["acme/tool"]
    assert error == f"{PATH}: 1 packages in it have no fit name"


def test_damaged_lists_raise_nothing_unforeseen() -> None:
    for broken in damaged(json.dumps(ROWS).encode()):
        reading(PHP, PATH, broken)


@pytest.mark.skipif(shutil.which("composer") is None, reason="Composer is not installed")
def test_what_composer_installs_is_found(tmp_path: Path) -> None:
    module, app = tmp_path / "module", tmp_path / "app"
    for folder, fields in (
        (module, {"name": "acme/module", "version": "1.2.3", "license": "MIT"}),
        (app, {"repositories": [{"type": "path", "url": "../module"}, {"packagist.org": False}],
               "require": {"acme/module": "^1.0"}}),
    ):  # fmt: skip
        folder.mkdir()
        (folder / "composer.json").write_text(json.dumps(fields))
    environment = os.environ | {"COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_HOME": str(tmp_path)}
    subprocess.run(
        [shutil.which("composer") or "", "install", "--no-interaction"],
        cwd=app, env=environment | {"COMPOSER_DISABLE_NETWORK": "1"},
        check=True, capture_output=True,
    )  # fmt: skip

    [package] = packages_of(
        PHP, PATH, (app / "vendor" / "composer" / "installed.json").read_bytes()
    )

    assert (package.name, package.version, package.licenses) == ("acme/module", "1.2.3", ("MIT",))
