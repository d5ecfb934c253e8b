"""Trees that npm, pnpm and Yarn made, held to what they say of them."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from catalog.installed import edges_of, installed, inventory_of, ran

pytestmark = [
    pytest.mark.registry,
    pytest.mark.slow,
    pytest.mark.timeout(240),
    pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed"),
]

Edges = dict[str, set[str]]

LIBRARY = {"name": "@mine/lib", "version": "2.0.0", "dependencies": {"ms": "2.0.0"}}
ASKED = {
    "debug": "4.3.4",
    "old": "npm:debug@2.6.9",
    "react": "18.2.0",
    "react-dom": "18.2.0",
    "resolve": "1.22.8",
    "chokidar": "3.5.3",
}
OPTIONAL = {"esbuild": "0.19.12"}
PEERS = (("react-dom 18.2.0", "react 18.2.0"), ("fdir 6.5.0", "picomatch 4.0.7"))
NEEDED_TO_DEVELOP = {"semver": "7.5.4"}


def a_project(folder: Path, library: str, **more: Any) -> Path:
    own = {
        "name": "app",
        "version": "1.0.0",
        "dependencies": ASKED | {"@mine/lib": library},
        "optionalDependencies": OPTIONAL,
        "devDependencies": NEEDED_TO_DEVELOP,
    }
    inner = folder / "packages" / "lib"
    inner.mkdir(parents=True)
    (inner / "package.json").write_text(json.dumps(LIBRARY))
    (folder / "package.json").write_text(json.dumps(own | more))
    return folder


@pytest.fixture(scope="module")
def tools(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that pnpm and Yarn are installed in."""
    folder = tmp_path_factory.mktemp("tools")
    managers = ("pnpm@9.15.9", "yarn@1.22.22", "@yarnpkg/cli-dist@4.9.2")
    ran(
        "npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder,
        *managers, cwd=folder,
    )  # fmt: skip
    return folder / "node_modules"


def registry(cwd: Path) -> str:
    return ran("npm", "config", "get", "registry", cwd=cwd).strip()


def test_packages_and_edges_are_those_of_npm(tmp_path: Path) -> None:
    project = a_project(tmp_path / "app", "2.0.0", workspaces=["packages/*"])
    bundler = tmp_path / "bundler"
    a_bundler(bundler)
    ran("npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", f"{bundler}/it.tgz",
        cwd=project)  # fmt: skip
    shutil.rmtree(bundler)
    listed = json.loads(ran("npm", "ls", "--all", "--json", cwd=project))
    wanted: Edges = {}
    _collect(listed, "app 1.0.0", wanted)

    inventory = inventory_of(tmp_path)

    # npm shows an alias, not what is behind it
    assert _without_alias(wanted) == edges_of(inventory, "npm")
    assert len(wanted) > 10
    assert {f"{one.name} {one.version}" for one in installed(inventory, "npm")} == {
        *_without_alias(wanted), *(to for found in _without_alias(wanted).values() for to in found)
    }  # fmt: skip
    assert inventory.problems == ()


def a_bundler(folder: Path) -> None:
    """A package that brings another one inside of it."""
    inner = folder / "node_modules" / "inner"
    inner.mkdir(parents=True)
    (inner / "package.json").write_text(json.dumps({"name": "inner", "version": "9.0.0"}))
    (folder / "package.json").write_text(
        json.dumps(
            {"name": "outer", "version": "8.0.0", "dependencies": {"inner": "9.0.0"},
             "bundledDependencies": ["inner"]}
        )
    )  # fmt: skip
    ran("npm", "pack", "--ignore-scripts", cwd=folder)
    (folder / "outer-8.0.0.tgz").rename(folder / "it.tgz")


def _collect(row: dict[str, Any], of: str, into: Edges) -> None:
    for name, inner in row.get("dependencies", {}).items():
        if "version" in inner:  # else optional, and not installed
            target = f"{name} {inner['version']}"
            into.setdefault(of, set()).add(target)
            _collect(inner, target, into)


def _without_alias(edges: Edges) -> Edges:
    def real(name: str) -> str:
        return name.replace("old ", "debug ")

    return {real(one): {real(to) for to in found} for one, found in edges.items()}


def test_packages_and_edges_are_those_of_pnpm(tools: Path, tmp_path: Path) -> None:
    project = a_project(tmp_path / "app", "workspace:*")
    (project / "pnpm-workspace.yaml").write_text("packages:\n  - packages/*\n")
    pnpm = ("node", tools / "pnpm" / "bin" / "pnpm.cjs")
    settings = {"npm_config_registry": registry(tmp_path), "npm_config_store_dir": str(tmp_path)}
    ran(*pnpm, "install", "--ignore-scripts", cwd=project, **settings)
    wanted: Edges = {}
    said = ran(*pnpm, "ls", "-r", "--depth", "20", "--json", cwd=project, **settings)
    for row in json.loads(said):
        _collect_pnpm(row, f"{row['name']} {row['version']}", wanted)

    found = edges_of(inventory_of(tmp_path), "npm")

    assert len(wanted) > 10
    assert found == wanted


def _collect_pnpm(row: dict[str, Any], of: str, into: Edges) -> None:
    kinds = ("dependencies", "devDependencies", "optionalDependencies")
    for name, inner in ((n, one) for kind in kinds for n, one in row.get(kind, {}).items()):
        is_own = inner["version"].startswith("link:")
        if not Path(inner["path"]).exists():
            continue  # for another platform
        target = "@mine/lib 2.0.0" if is_own else f"{inner.get('from', name)} {inner['version']}"
        into.setdefault(of, set()).add(target)
        _collect_pnpm(inner, target, into)


@pytest.mark.parametrize("settings", [
    pytest.param(
        {"YARN_ENABLE_GLOBAL_CACHE": "false", "YARN_PNP_ENABLE_INLINING": "false"},
        id="archives in the project and the map in a file of its own",
    ),
    pytest.param({"YARN_ENABLE_GLOBAL_CACHE": "true"}, id="archives in a folder for all"),
])  # fmt: skip
def test_packages_and_edges_are_those_of_yarn(
    settings: dict[str, str], tools: Path, tmp_path: Path
) -> None:
    project = a_project(tmp_path / "app", "workspace:*", workspaces=["packages/*"])
    yarn = ("node", tools / "@yarnpkg" / "cli-dist" / "bin" / "yarn.js")
    settings = {
        "YARN_NPM_REGISTRY_SERVER": registry(tmp_path), "YARN_ENABLE_TELEMETRY": "0",
        "YARN_GLOBAL_FOLDER": str(tmp_path / "root" / ".yarn" / "berry"),
        "YARN_ENABLE_IMMUTABLE_INSTALLS": "false", "HOME": str(tmp_path),
    } | settings  # fmt: skip
    ran(*yarn, "install", "--mode=skip-build", cwd=project, **settings)
    said = ran(*yarn, "info", "--all", "--recursive", "--json", cwd=project, **settings)
    (project / "yarn.lock").unlink()  # what is there, not what was asked for

    inventory = inventory_of(tmp_path)

    names = {f"{one.name} {one.version}" for one in installed(inventory, "npm")}
    wanted = dict(_of_yarn(said, names - {"fsevents 2.3.3"}))
    for one, peer in PEERS:  # which it does not say
        wanted.setdefault(one, set()).add(peer)
    assert len(wanted) > 10
    assert edges_of(inventory, "npm") == wanted
    assert inventory.problems == ()


def _of_yarn(said: str, there: set[str]) -> Iterator[tuple[str, set[str]]]:
    """What Yarn says, but for packages that are for other platforms."""
    rows = [json.loads(line) for line in said.splitlines()]
    versions = {_plain(row["value"]): row["children"]["Version"] for row in rows}

    def called(locator: str) -> str:
        return f"{locator.rpartition('@')[0]} {versions[locator]}"

    found: Edges = {}
    for row in rows:
        for asked in row["children"].get("Dependencies", []):
            of, to = called(_plain(row["value"])), called(_plain(asked["locator"]))
            if {of, to} <= there and to != of:
                found.setdefault(of, set()).add(to)
    yield from found.items()


def _plain(locator: str) -> str:
    """The locator without what makes it virtual, and of what it is a patch."""
    name, _, reference = locator.partition("@" if not locator.startswith("@") else "\0")
    if locator.startswith("@"):
        scope, _, rest = locator[1:].partition("@")
        name, reference = f"@{scope}", rest
    if reference.startswith("virtual:"):
        reference = reference.partition("#")[2]
    if reference.startswith("patch:"):
        reference = reference.partition("@")[2].partition("#")[0].replace("%3A", ":")
    return f"{name}@{reference.partition('@')[0]}"
