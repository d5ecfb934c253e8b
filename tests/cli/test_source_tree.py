"""`dir:` of a source tree: every lock file that is read, in a tree where nothing is installed."""

import json
from pathlib import Path

import pytest

from cli.running import ran
from lading.catalog import LOCK_CATALOGERS
from lading.catalog.selection import Selection

GEMS = "GEM\n  remote: https://example.org/\n  specs:\n    gems (1.0)\n\nDEPENDENCIES\n  gems\n"
PYLOCK = 'lock-version = "1.0"\n[[packages]]\nname = "pylock"\nversion = "1.0"\n'
TOML = '[[package]]\nname = "{}"\nversion = "1.0.0"\n'
MAVEN = (
    "<project><dependencies><dependency><groupId>g</groupId><artifactId>pom</artifactId>"
    "<version>1.0</version></dependency></dependencies></project>"
)
REFERENCE = '<Project><PackageReference Include="{}" Version="1.0.0"/></Project>'
TREE = {
    "package-lock.json": '{"packages":{"node_modules/npm-lock":{"version":"1.0.0"}}}',
    "npm-shrinkwrap.json": '{"packages":{"node_modules/shrinkwrap":{"version":"1.0.0"}}}',
    "yarn.lock": '# yarn lockfile v1\n\nyarn-lock@^1.0.0:\n  version "1.0.0"\n',
    "pnpm-lock.yaml": "lockfileVersion: '9.0'\npackages:\n  pnpm-lock@1.0.0:\n    resolution: {}\n",
    "bun.lock": '{"workspaces":{"":{"dependencies":{"bun":""}}},"packages":{"bun":["bun@1.0.0"]}}',
    "deno.lock": '{"version":"5","npm":{"deno@1.0.0":{}}}',
    "Pipfile.lock": '{"default":{"pipfile":{"version":"==1.0"}}}',
    "poetry.lock": TOML.format("poetry"),
    "pdm.lock": TOML.format("pdm"),
    "uv.lock": TOML.format("uv"),
    "pylock.toml": PYLOCK,
    "requirements.txt": "requirements==1.0\n",
    "requirements/base.txt": "base==1.0\n",
    "Gemfile.lock": GEMS.replace("gems", "gemfile"),
    "gems.locked": GEMS,
    "composer.lock": '{"packages":[{"name":"a/composer","version":"1.0.0"}]}',
    "go.mod": "module example.com/app\n\ngo 1.21\n\nrequire example.com/gomod v1.0.0\n",
    "Cargo.lock": "version = 3\n" + TOML.format("cargo")
    + 'source = "registry+https://example.org/index"\n',
    "packages.lock.json": '{"version":1,"dependencies":{"net8.0":'
    '{"NuGet":{"type":"Direct","resolved":"1.0.0"}}}}',
    "packages.config": '<packages><package id="Config" version="1.0.0"/></packages>',
    "Directory.Packages.props": REFERENCE.format("Props"),
    "app.csproj": REFERENCE.format("CSharp"),
    "app.fsproj": REFERENCE.format("FSharp"),
    "app.vbproj": REFERENCE.format("Basic"),
    "paket.lock": "NUGET\n  remote: https://example.org\n    Paket (1.0.0)\n",
    "mix.lock": '%{\n  "mix": {:hex, :mix, "1.0.0", "0", [:mix], [], "hexpm", "0"},\n}\n',
    "rebar.lock": '{"1.2.0",\n[{<<"rebar">>,{pkg,<<"rebar">>,<<"1.0.0">>},0}]}.\n',
    "pom.xml": MAVEN,
    "gradle.lockfile": "g:gradle:1.0=runtimeClasspath\nempty=\n",
    "gradle/libs.versions.toml": '[libraries]\na = "g:catalog:1.0"\n',
    "gradle/verification-metadata.xml": "<verification-metadata><components>"
    '<component group="g" name="verified" version="1.0"/></components></verification-metadata>',
    "ivy.xml": '<ivy-module><dependencies><dependency org="g" name="ivy" rev="1.0"/></dependencies>'
    "</ivy-module>",
    "pubspec.lock": "packages:\n  pubspec:\n    source: hosted\n    version: \"1.0.0\"\n",
    "Package.resolved": '{"version":2,"pins":[{"identity":"swift","kind":"remoteSourceControl",'
    '"location":"https://example.org/a/swift.git","state":{"version":"1.0.0"}}]}',
    "renv.lock": '{"Packages":{"renv":{"Package":"renv","Version":"1.0","Source":"Repository"}}}',
    "Podfile.lock": "PODS:\n  - Pod (1.0.0)\n",
    "Cartfile.resolved": 'github "a/carthage" "1.0.0"\n',
    "stack.yaml.lock": "packages:\n- completed:\n    hackage: stack-1.0@sha256:0,1\n",
    "cabal.project.freeze": "constraints: any.cabal ==1.0\n",
    "environment.yml": "dependencies:\n- conda=1.0\n",
    "environment.yaml": "dependencies:\n- pip:\n  - yaml==1.0\n",
    "conda-lock.yml": "version: 1\npackage:\n- name: lock\n  version: 1.0\n  manager: conda\n",
    "pixi.lock": "version: 6\npackages:\n- conda: https://example.org/noarch/pixi-1.0-0.conda\n",
    "cpanfile.snapshot": "DISTRIBUTIONS\n  Snapshot-1.0\n    pathname: S/Snapshot-1.0.tar.gz\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source tree with a lock file of every kind, each in a folder of its own."""
    root = tmp_path_factory.mktemp("tree")
    for number, (name, text) in enumerate(TREE.items()):
        path = root / f"part{number}" / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return root


def test_every_lock_file_declares_its_package(
    tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)

    result = json.loads(ran(capsys, "packages", f"dir:{tree}", "--format", "json").out)

    found = {path for one in result["packages"] for path in one["paths"]}
    assert result["problems"] == []
    assert {one["evidence"] for one in result["packages"]} == {"declared"}
    assert [one["name"] for one in result["packages"] if one["version"] is None] == []
    assert {f"/part{number}/{name}" for number, name in enumerate(TREE)} - found == set()


def test_no_form_is_left_out() -> None:
    selection = Selection(LOCK_CATALOGERS)
    taken = {one.name for name in TREE for one in selection.by_path(f"/app/{name}")}

    assert {one.name for one in LOCK_CATALOGERS} - taken == set()
