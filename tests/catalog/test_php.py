"""Composer's lists of installed packages."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from catalog.installed import edges_of, inventory_of
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
        "provide": {"psr/http-implementation": "1.0"},
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
            provides=("symfony/old", "psr/http-implementation"),
        ),
        Package(type="composer", name="acme/tool", version="dev-main", paths=(PATH,)),
    ]


@pytest.mark.parametrize(("version", "source", "repository"), [
    ("dev-main", {"type": "git", "url": "https://u:p@example.org/a.git", "reference": "0123abc"},
     "git+https://example.org/a.git@0123abc"),
    ("1.0", {"type": "git", "url": "https://example.org/a.git", "reference": "0123abc"}, None),
    ("dev-main", None, None),
    ("dev-main", {"url": 5}, None),
])  # fmt: skip
def test_the_state_of_a_branch_says_where_it_came_from(
    version: str, source: object, repository: str | None
) -> None:
    row = {"name": "acme/tool", "version": version, "source": source}

    [package] = packages_of(PHP, PATH, json.dumps([row]).encode())

    assert package.repository == repository


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
def test_packages_and_edges_are_those_of_composer(tmp_path: Path) -> None:
    root = tmp_path / "root"
    app = root / "srv" / "app"
    modules: dict[str, dict[str, Any]] = {
        "acme/module": {
            "require": {"acme/old": "^1.0", "psr/log-implementation": "*", "php": ">=7"},
            "require-dev": {"acme/tests": "*"},
            "license": "MIT",
        },
        "acme/new": {"replace": {"acme/old": "1.5.0"}, "require": {"Acme/Logger": "*"}},
        "acme/logger": {"provide": {"psr/log-implementation": "1.0"}},
    }
    for name, fields in modules.items():
        a_project(tmp_path / name, name=name, version="1.2.3", **fields)
    a_project(
        app, name="acme/app", require={"acme/module": "^1.0", "acme/new": "*"},
        config={"vendor-dir": "3rdparty"}, repositories=[
            *({"type": "path", "url": str(tmp_path / name)} for name in modules),
            {"packagist.org": False},
        ],
    )  # fmt: skip
    environment = os.environ | {
        "COMPOSER_ALLOW_SUPERUSER": "1", "COMPOSER_HOME": str(tmp_path / "home"),
        "COMPOSER_DISABLE_NETWORK": "1", "COMPOSER_MIRROR_PATH_REPOS": "1",
    }  # fmt: skip

    def composer(*arguments: str) -> str:
        return subprocess.run(
            ["composer", *arguments, "--no-interaction"], cwd=app, env=environment,
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip

    composer("install")
    listed = json.loads(composer("show", "--format=json"))["installed"]
    tree = json.loads(composer("show", "--tree", "--format=json"))["installed"]
    (app / "composer.lock").unlink()

    inventory = inventory_of(root)

    found = {(one.name, one.version) for one in inventory.packages if one.type == "composer"}
    assert found == {(row["name"], row["version"]) for row in listed}
    answers = {"acme/old": "acme/new", "psr/log-implementation": "acme/logger"}
    wanted: dict[str, set[str]] = {}
    for row in tree:
        for asked in row.get("requires", []):
            name = answers.get(asked["name"].lower(), asked["name"].lower())
            if name in modules:
                wanted.setdefault(f"{row['name']} 1.2.3", set()).add(f"{name} 1.2.3")
    assert edges_of(inventory, "composer") == wanted
    assert wanted["acme/module 1.2.3"] == {"acme/new 1.2.3", "acme/logger 1.2.3"}


def a_project(folder: Path, **fields: Any) -> None:
    folder.mkdir(parents=True)
    (folder / "composer.json").write_text(json.dumps(fields))
