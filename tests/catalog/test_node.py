"""package.json files: whose they are, and what hostile ones lead to."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from builders import a_zip, damaged, packages_of, reading
from lading.catalog.node import NODE
from lading.catalog.selection import Selection
from lading.model.package import Certainty, Evidence, Package

ROOT = "/srv/app/node_modules/express/package.json"


def package_json(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def test_a_package_is_what_its_root_says() -> None:
    data = package_json(
        name="express",
        version="4.16.0",
        license="MIT",
        dependencies={"accepts": "~1.3.4"},
        optionalDependencies={"fsevents": "*"},
        peerDependencies={"react": ">=18"},
        devDependencies={"mocha": "*"},
    )

    assert packages_of(NODE, ROOT, data) == [
        Package(
            type="npm",
            name="express",
            version="4.16.0",
            paths=(ROOT,),
            licenses=("MIT",),
            requires=("accepts", "fsevents", "react"),
        )
    ]


@pytest.mark.parametrize("folder", [
    "/srv/app/node_modules/thing",
    "/srv/app/node_modules/@scope/thing",
    "/srv/app/node_modules/express/node_modules/thing",
    "/srv/app/node_modules/.pnpm/thing@1.0.0/node_modules/thing",
    "/usr/lib/node_modules/npm",
    "/srv/app",
])  # fmt: skip
def test_the_roots_of_packages_and_applications_are_read(folder: str) -> None:
    path = f"{folder}/package.json"

    [package] = packages_of(NODE, path, package_json(name="thing", version="1.0.0"))

    assert Selection([NODE]).by_path(path) == (NODE,)
    assert (package.name, package.paths) == ("thing", (path,))


@pytest.mark.parametrize("folder", [
    "/srv/app/node_modules/thing/dist/esm",
    "/srv/app/node_modules/@scope/thing/test",
    "/srv/app/node_modules/@scope",
    "/srv/app/node_modules/.cache",
    "/srv/app/node_modules",
])  # fmt: skip
def test_files_deeper_in_a_package_are_no_packages(folder: str) -> None:
    data = package_json(name="thing", version="1.0.0")

    assert packages_of(NODE, f"{folder}/package.json", data) == []


@pytest.mark.parametrize("data", [
    b"not JSON",
    b"[]",
    package_json(type="module"),
    package_json(name="app"),
])  # fmt: skip
def test_outside_of_node_modules_only_a_named_version_is_an_application(data: bytes) -> None:
    assert packages_of(NODE, "/srv/app/package.json", data) == []


@pytest.mark.parametrize("folder", [
    "/usr/lib/python3/site-packages/notebook/static",
    "/usr/lib/ruby/gems/3.1.0/gems/actioncable-7.0.8",
    "/var/www/vendor/twbs/bootstrap",
    "/usr/share/nodejs/thing/dist/cjs",
])  # fmt: skip
def test_inside_of_other_packages_it_is_a_stray_file(folder: str) -> None:
    data = package_json(name="thing", version="1.0.0")

    assert packages_of(NODE, f"{folder}/package.json", data) == []


@pytest.mark.parametrize(("folder", "requires"), [
    pytest.param("/srv/app", ("a", "b"), id="an application"),
    pytest.param("/srv/app/node_modules/x", ("a",), id="a package"),
    pytest.param("/usr/share/nodejs/@s/x", ("a",), id="a package of Debian"),
])  # fmt: skip
def test_only_applications_ask_for_what_development_needs(
    folder: str, requires: tuple[str, ...]
) -> None:
    data = package_json(name="x", version="1", dependencies={"a": "1"}, devDependencies={"b": "1"})

    [package] = packages_of(NODE, f"{folder}/package.json", data)

    assert package.requires == requires


CACHE = "/srv/app/.yarn/cache"


@pytest.mark.parametrize("path", [
    f"{CACHE}/debug-npm-2.6.9-7d4cb597dc-10c0.zip",
    "/root/.yarn/berry/cache/debug-npm-2.6.9-7d4cb597dc-10c0.zip",
    "/srv/app/.pnp.cjs",
    "/srv/app/.pnp.data.json",
])  # fmt: skip
def test_what_yarn_keeps_is_read(path: str) -> None:
    assert Selection([NODE]).by_path(path) == (NODE,)


def test_an_archive_of_yarn_holds_a_package_and_those_that_it_bundles() -> None:
    inner = "node_modules/a/node_modules/@s/b/package.json"
    data = a_zip({
        "node_modules/a/package.json": package_json(name="a", version="1"),
        "node_modules/a/dist/package.json": package_json(name="no", version="1"),
        inner: package_json(name="@s/b", version="2"),
    })  # fmt: skip

    found = packages_of(NODE, f"{CACHE}/a.zip", data)

    assert [(one.name, one.version, one.paths) for one in found] == [
        ("a", "1", (f"{CACHE}/a.zip!/node_modules/a/package.json",)),
        ("@s/b", "2", (f"{CACHE}/a.zip!/{inner}",)),
    ]


def test_a_damaged_package_of_an_archive_does_not_hide_the_others() -> None:
    data = a_zip({
        "node_modules/a/package.json": b"{",
        "node_modules/b/package.json": package_json(name="b", version="2"),
    })  # fmt: skip

    facts, error = reading(NODE, f"{CACHE}/a.zip", data)

    assert [one.name for one in facts if isinstance(one, Package)] == ["b"]
    assert error.startswith(f"{CACHE}/a.zip!/node_modules/a/package.json: no JSON")


def test_a_map_of_yarn_says_what_packages_find_and_declares_none() -> None:
    row = {"packageLocation": "./x/", "packageDependencies": [["y", "npm:1"]]}
    other = {"packageLocation": "./.yarn/cache/y.zip/node_modules/y/"}
    registry = [["x", [["workspace:x", row]]], ["y", [["npm:1", other]]]]
    data = package_json(packageRegistryData=registry)

    found = packages_of(NODE, "/srv/app/.pnp.data.json", data)

    assert [(one.paths, one.version, one.evidence, one.requires) for one in found] == [
        (
            ("/srv/app/x/package.json",),
            None,
            Evidence.DECLARED,
            (f"{CACHE}/y.zip!/node_modules/y",),
        ),
        ((f"{CACHE}/y.zip!/node_modules/y/package.json",), None, Evidence.DECLARED, ()),
    ]


def test_a_package_without_a_version_is_listed_without_one() -> None:
    [package] = packages_of(NODE, ROOT, package_json(name="express"))

    assert package.version is None


@pytest.mark.parametrize("path", [ROOT, "/srv/app/package.json", "/srv/app/.pnp.cjs"])
def test_an_absurdly_long_document_is_a_problem(path: str) -> None:
    facts, error = reading(NODE, path, b" " * (17 << 20))

    assert (facts, error) == ([], f"{path}: it is longer than 16 MiB")


@pytest.mark.parametrize("name", [None, "", 5, ["a"], "a\nb", "x" * 600, "\u2028"])
def test_without_a_fit_name_the_folder_gives_one_and_the_problem_is_told(name: object) -> None:
    path = "/srv/node_modules/@scope/thing/package.json"

    facts, error = reading(NODE, path, package_json(name=name, version="1.0.0"))

    assert [(p.name, p.version, p.certainty) for p in facts if isinstance(p, Package)] == [
        ("@scope/thing", "1.0.0", Certainty.INFERRED)
    ]
    assert error.startswith(f"{path}: its name")


def test_a_version_that_is_no_text_is_a_problem() -> None:
    facts, error = reading(NODE, ROOT, package_json(name="express", version={"major": 4}))

    assert [p.version for p in facts if isinstance(p, Package)] == [None]
    assert error.startswith(f"{ROOT}: its version")


@pytest.mark.parametrize(("stated", "licenses"), [
    pytest.param({"license": "(MIT OR Apache-2.0)"}, ("(MIT OR Apache-2.0)",), id="a text"),
    pytest.param({"license": {"type": "BSD", "url": "x"}}, ("BSD",), id="an object"),
    pytest.param({"licenses": [{"type": "MIT"}, "GPL-2.0"]}, ("MIT", "GPL-2.0"), id="a list"),
    pytest.param({"license": 7, "licenses": ["MIT"]}, (), id="neither"),
    pytest.param({}, (), id="nothing"),
])  # fmt: skip
def test_licences_are_as_written(stated: dict[str, Any], licenses: tuple[str, ...]) -> None:
    [package] = packages_of(NODE, ROOT, package_json(name="express", version="1", **stated))

    assert package.licenses == licenses


@pytest.mark.parametrize(("data", "reason"), [
    pytest.param(b"", "no JSON", id="empty"),
    pytest.param(b"[1]", "no JSON object, but a list", id="a list"),
    pytest.param(b"null", "no JSON object, but a single value", id="null"),
    pytest.param(b"{" * 100, "no JSON", id="cut off"),
    pytest.param(b'{"a":' * 100_000, "nested too deep", id="nested"),
    pytest.param(b'{"name": "\xff"}', "no JSON", id="no UTF-8"),
    pytest.param(b'{"name": "\\ud800"}', "no JSON", id="half a character"),
])  # fmt: skip
def test_a_root_that_is_no_object_is_a_problem(data: bytes, reason: str) -> None:
    facts, error = reading(NODE, ROOT, data)

    assert facts == []
    assert error.startswith(f"{ROOT}: ")
    assert reason in error


def test_a_byte_order_mark_is_passed_over() -> None:
    [package] = packages_of(NODE, ROOT, b"\xef\xbb\xbf" + package_json(name="a", version="1"))

    assert package.name == "a"


def test_dependencies_of_any_form_do_no_harm() -> None:
    [package] = packages_of(NODE, ROOT, package_json(name="a", version="1", dependencies="b"))

    assert package.requires == ()


def test_damaged_files_raise_nothing_unforeseen() -> None:
    data = package_json(name="a", version="1", license={"type": "MIT"}, dependencies={"b": "1"})

    for broken in damaged(data):
        reading(NODE, ROOT, broken)


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
@pytest.mark.slow
def test_what_npm_installs_is_found(tmp_path: Path) -> None:
    module, app = tmp_path / "module", tmp_path / "app"
    for folder, fields in (
        (module, package_json(name="@mine/module", version="1.2.3")),
        (app, package_json(name="app", version="0.1.0")),
    ):
        folder.mkdir()
        (folder / "package.json").write_bytes(fields)
    settings = ["--offline", "--no-audit", "--no-fund", "--cache", str(tmp_path / "cache")]
    npm = shutil.which("npm") or ""
    subprocess.run([npm, "pack", module, *settings], cwd=app, check=True, capture_output=True)
    [archive] = app.glob("*.tgz")

    subprocess.run([npm, "install", archive, *settings], cwd=app, check=True, capture_output=True)
    found = {
        package.name: package.version
        for path in app.rglob("package.json")
        for package in packages_of(NODE, str(path), path.read_bytes())
    }

    assert found == {"app": "0.1.0", "@mine/module": "1.2.3"}
