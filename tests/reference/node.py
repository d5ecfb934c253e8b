"""Node.js packages by npm, with aliases, peers, copies and bundles; npm lists them."""

import json
from pathlib import Path
from typing import Any

from reference.making import Said, ran, said

WANTED = {
    "express": "4.18.2",  # with two versions of debug and ms once eslint is there
    "eslint": "8.57.0",
    "old-lodash": "npm:lodash@3.10.1",
    "lodash": "4.17.21",
    "react": "18.2.0",
    "react-dom": "18.2.0",  # react is its peer
    "use-sync-external-store": "1.2.0",
}
OPTIONAL = {"fsevents": "2.3.3", "chokidar": "3.6.0"}  # the first is for macOS
QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")


def make(work: Path) -> Said:
    app = work / "root/srv/shop"
    app.mkdir(parents=True)
    bundle = _bundle(work / "bundle")
    about = {"name": "shop", "version": "1.0.0", "dependencies": WANTED}
    about["optionalDependencies"] = OPTIONAL
    (app / "package.json").write_text(json.dumps(about))
    ran("npm", "install", *QUIET, bundle, cwd=app)
    (app / "package-lock.json").unlink()  # what is there, not what was asked for
    tree = json.loads(ran("npm", "ls", "--all", "--json", cwd=app))
    edges: dict[str, set[str]] = {}
    _collect(tree, "shop 1.0.0", edges)
    edges = {_real(one): {_real(to) for to in found} for one, found in edges.items()}
    places = ran("npm", "query", "*", cwd=app)
    found: dict[str, list[str]] = {}
    for row in json.loads(places):
        path = f"/srv/shop/{row['location']}/package.json".replace("//", "/")
        found.setdefault(f"{row['name']} {row['version']}", []).append(path)
    return said(found, edges, found)


def _bundle(folder: Path) -> Path:
    """A package that brings its own copy of another."""
    inner = folder / "node_modules/inner"
    inner.mkdir(parents=True)
    (inner / "package.json").write_text('{"name": "inner", "version": "0.1.0"}')
    about = {
        "name": "outer", "version": "8.0.0", "dependencies": {"inner": "*", "ms": "2.0.0"},
        "bundledDependencies": ["inner"],
    }  # fmt: skip
    (folder / "package.json").write_text(json.dumps(about))
    ran("npm", "pack", "--ignore-scripts", cwd=folder)
    return folder / "outer-8.0.0.tgz"


def _collect(row: dict[str, Any], of: str, into: dict[str, set[str]]) -> None:
    for name, inner in row.get("dependencies", {}).items():
        if "version" in inner:  # else optional, and not installed
            target = f"{name} {inner['version']}"
            into.setdefault(of, set()).add(target)
            _collect(inner, target, into)


def _real(name: str) -> str:
    """What is behind the alias that `npm ls` shows."""
    return name.replace("old-lodash ", "lodash ")
