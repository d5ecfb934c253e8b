"""Node.js packages: the nearest node_modules, through links."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builders import asking, edges_among, packages_of
from lading.catalog.node import NODE
from lading.catalog.npm_lock import NPM_LOCK
from lading.model.package import Package


def module(folder: str | tuple[str, ...], *requires: str, **facts: Any) -> Package:
    folders = (folder,) if isinstance(folder, str) else folder
    name = facts.pop("name", folders[0].rpartition("node_modules/")[2])
    at = tuple(f"{one}/package.json" for one in folders)
    return asking(name, *requires, type="npm", at=at, **facts)


def test_the_nearest_folder_answers() -> None:
    found = edges_among(
        module("/app", "a", "b", name="app"),
        module("/app/node_modules/a", "b"),
        module("/app/node_modules/a/node_modules/b", version="1"),
        module("/app/node_modules/b", version="2"),
        module("/node_modules/b", version="3"),
    )

    assert found == {"app": ["a", "b 2"], "a": ["b 1"]}


def test_folders_beside_and_below_do_not_answer() -> None:
    found = edges_among(
        module("/app/node_modules/a", "b", "c"),
        module("/app/node_modules/x/node_modules/b"),
        module("/other/node_modules/c"),
    )

    assert found == {}


def test_a_package_in_two_places_depends_on_what_each_has() -> None:
    found = edges_among(
        module(("/x/node_modules/a", "/y/node_modules/a"), "b"),
        module("/x/node_modules/b", version="1"),
        module("/y/node_modules/b", version="2"),
    )

    assert found == {"a": ["b 1", "b 2"]}


def test_scopes_and_aliases_are_folders() -> None:
    found = edges_among(
        module("/node_modules/@s/a", "@s/b", "alias"),
        module("/node_modules/@s/b"),
        module("/node_modules/alias", name="real"),
    )

    assert found == {"@s/a": ["@s/b", "real"]}


def test_folders_that_are_links_lead_on() -> None:
    store = "/app/node_modules/.pnpm"
    links = {
        f"{store}/a@1/node_modules/b": f"{store}/b@2/node_modules/b",
        "/app/node_modules/a": f"{store}/a@1/node_modules/a",
        "/app/node_modules/own": "/app/packages/own",
    }

    found = edges_among(
        module("/app", "a", "own", "gone", name="app"),
        module("/app/packages/own", "a", name="own"),
        module(f"{store}/a@1/node_modules/a", "b"),
        module(f"{store}/b@1/node_modules/b", version="1"),
        module(f"{store}/b@2/node_modules/b", version="2"),
        real_path=lambda path: links.get(path, path),
    )

    assert found == {"app": ["a", "own"], "own": ["a"], "a": ["b 2"]}


def test_a_folder_that_is_asked_for_answers_itself() -> None:
    archive = "/app/.yarn/cache/b.zip!/node_modules/b"

    found = edges_among(
        module("/app", archive, "/app/gone", name="app"),
        module("/app/node_modules/b", version="1"),
        module(archive, version="2"),
    )

    assert found == {"app": ["b 2"]}


def test_an_alias_may_be_a_link_alone() -> None:
    real = "/app/node_modules/.pnpm/b@1/node_modules/b"

    found = edges_among(
        module("/app", "alias", name="app"),
        module(real),
        real_path=lambda path: real if path == "/app/node_modules/alias" else path,
    )

    assert found == {"app": ["b"]}


def test_debians_folders_answer_at_last() -> None:
    found = edges_among(
        module("/usr/share/nodejs/a", "b", name="a"),
        module("/usr/share/nodejs/b", name="b"),
        module("/app/node_modules/c", "b"),
        module("/app/node_modules/b", name="b", version="2"),
    )

    assert found == {"a": ["b"], "c": ["b 2"]}


def test_absurdly_deep_folders_are_searched_in_no_time() -> None:
    deep = module("/node_modules/x" * 3000, *(f"n{n}" for n in range(1000)), name="deep")

    assert edges_among(deep, module("/node_modules/n7")) == {"deep": ["n7"]}


@pytest.mark.slow
@pytest.mark.registry
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_edges_are_those_that_npm_lists(tmp_path: Path) -> None:
    asked = {"express": "4.18.2", "eslint": "8.56.0", "a": "npm:debug@2.6.9", "react-dom": "18.2.0"}
    own = {"name": "app", "version": "1.0.0", "dependencies": asked}
    (tmp_path / "package.json").write_text(json.dumps(own))
    installing = subprocess.run(
        ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if installing.returncode:
        pytest.skip(f"npm cannot install here: {installing.stderr[-200:]}")
    listed = subprocess.run(
        ["npm", "ls", "--all", "--json"], cwd=tmp_path, capture_output=True, check=True
    ).stdout

    wanted: dict[str, set[str]] = {}
    _collect(json.loads(listed), "app@1.0.0", wanted)
    merged: dict[str, list[Package]] = {}
    for path in sorted(tmp_path.rglob("package.json")):
        for one in packages_of(NODE, str(path), path.read_bytes()):
            merged.setdefault(f"{one.name}@{one.version}", []).append(one)
    packages = [
        asking(
            group[0].name, *group[0].requires, type="npm", id=id,
            at=tuple(path for one in group for path in one.paths),
        )
        for id, group in merged.items()
    ]  # fmt: skip

    assert len(wanted) > 50
    assert edges_among(*packages) == {id: sorted(found) for id, found in wanted.items()}

    lock = tmp_path / "package-lock.json"
    declared = [
        asking(one.name, *one.requires, type="npm", id=f"{one.name}@{one.version}", at=str(lock),
               version=one.version)
        for one in packages_of(NPM_LOCK, str(lock), lock.read_bytes())
    ]  # fmt: skip
    del wanted["app@1.0.0"]  # a lock file does not declare the project itself
    assert edges_among(*declared) == {id: sorted(found) for id, found in wanted.items()}


def _collect(row: dict[str, Any], id: str, into: dict[str, set[str]]) -> None:
    for name, inner in row.get("dependencies", {}).items():
        if "version" not in inner:
            continue  # optional, and not installed
        real = "debug" if name == "a" else name  # npm shows the alias, not what is behind it
        target = f"{real}@{inner['version']}"
        into.setdefault(id, set()).add(target)
        _collect(inner, target, into)
