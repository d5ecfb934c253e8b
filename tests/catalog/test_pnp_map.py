"""Yarn's map of packages, in the forms that its versions write."""

import json
from contextlib import suppress
from typing import Any

import pytest

from builders import damaged
from lading.catalog.pnp_map import Placed, read_map
from lading.errors import CatalogError

PATH = "/srv/app/.pnp.cjs"


def a_row(location: str, *asked: list[Any]) -> dict[str, Any]:
    return {"packageLocation": location, "packageDependencies": list(asked), "linkType": "HARD"}


CACHE = "./.yarn/cache"
REGISTRY = [
    [None, [[None, a_row("./", ["app", "workspace:."])]]],
    ["app", [["workspace:.", a_row(
        "./", ["old", ["debug", "npm:2.6.9"]], ["lib", "workspace:packages/lib"],
        ["gone", None], ["app", "workspace:."],
    )]]],
    ["lib", [["workspace:packages/lib", a_row("./packages/lib/", ["it's\\", "npm:1.0.0"])]]],
    ["it's\\", [["npm:1.0.0", a_row("../../root/.yarn/berry/cache/i.zip/node_modules/i/")]]],
    ["debug", [
        ["npm:2.6.9", a_row(f"{CACHE}/debug.zip/node_modules/debug/", ["x", "npm:404"])],
        ["virtual:abc#npm:4.3.4", a_row(
            "./.yarn/__virtual__/debug-virtual-abc/0/cache/debug4.zip/node_modules/debug/"
        )],
    ]],
]  # fmt: skip
PLACED = [
    Placed("app", "/srv/app", (
        "/srv/app/.yarn/cache/debug.zip!/node_modules/debug", "/srv/app/packages/lib",
    )),
    Placed("lib", "/srv/app/packages/lib", ("/root/.yarn/berry/cache/i.zip!/node_modules/i",)),
    Placed("it's\\", "/root/.yarn/berry/cache/i.zip!/node_modules/i", ()),
    Placed("debug", "/srv/app/.yarn/cache/debug.zip!/node_modules/debug", ()),
    Placed("debug", "/srv/app/.yarn/cache/debug4.zip!/node_modules/debug", ()),
]  # fmt: skip


def quoted(document: object) -> bytes:
    text = json.dumps(document, indent=2).replace("\\", "\\\\").replace("'", "\\'")
    text = text.replace("\n", "\\\n")
    return f"const RAW_RUNTIME_STATE =\n'{text}';\n\nconst fs = 1;\n".encode()


def plain(document: object) -> bytes:
    return f"return hydrateRuntimeState({json.dumps(document)}, {{basePath: x}});\n".encode()


DOCUMENT = {"__info": ["x"], "packageRegistryData": REGISTRY}


@pytest.mark.parametrize(("path", "data"), [
    pytest.param(PATH, quoted(DOCUMENT), id="a text in a program"),
    pytest.param(PATH, quoted(DOCUMENT).replace(b"\n", b"\r\n"), id="with the line ends of DOS"),
    pytest.param(PATH, plain(DOCUMENT), id="an object in a program"),
    pytest.param("/srv/app/.pnp.data.json", json.dumps(DOCUMENT).encode(), id="a file of its own"),
])  # fmt: skip
def test_the_map_says_who_finds_whom_where(path: str, data: bytes) -> None:
    assert list(read_map(path, data)) == PLACED


def test_a_program_that_reads_the_map_from_a_file_has_none() -> None:
    program = b"const dataLocation = path.resolve(__dirname, '.pnp.data.json');\n"

    assert list(read_map(PATH, program)) == []


@pytest.mark.parametrize("data", [
    b"",
    b"module.exports = {};",
    quoted({}),
    quoted([]),
    quoted({"packageRegistryData": {}}),
    b"const RAW_RUNTIME_STATE =\n'{\\\n",
    b"hydrateRuntimeState({" + b'"a":{' * 100_000,
    b"hydrateRuntimeState({'a': 1}",
])  # fmt: skip
def test_what_is_no_map_is_refused(data: bytes) -> None:
    with pytest.raises(CatalogError, match=PATH):
        list(read_map(PATH, data))


def test_folders_of_absurd_length_in_all_are_refused() -> None:
    path = "/" + "deep/" * 800 + ".pnp.data.json"
    rows = [["a", [[f"npm:{n}", {"packageLocation": "./"}] for n in range(20_000)]]]

    with pytest.raises(CatalogError, match="absurd length"):
        list(read_map(path, json.dumps({"packageRegistryData": rows}).encode()))


def test_rows_of_another_form_are_passed_over() -> None:
    rows = [5, ["a"], ["b", 5], ["c", [["npm:1", 5]]], ["d", [["npm:1", {}]]], [["e"], []],
            ["f", [["npm:1", {"packageLocation": "./f/", "packageDependencies": [5, ["a", 5]]}]]],
            ["g\nh", [["npm:1", a_row("./g/")]]]]  # fmt: skip

    assert list(read_map(PATH, quoted({"packageRegistryData": rows}))) == [
        Placed("f", "/srv/app/f", ())
    ]


def test_a_location_never_leads_above_the_root() -> None:
    rows = [["a", [["npm:1", a_row("../../../../../etc/a.zip/node_modules/a/")]]]]

    [placed] = read_map(PATH, quoted({"packageRegistryData": rows}))

    assert placed.folder == "/etc/a.zip!/node_modules/a"


@pytest.mark.parametrize("form", [quoted, plain])
def test_damaged_maps_raise_nothing_unforeseen(form: Any) -> None:
    for broken in damaged(form(DOCUMENT)):
        with suppress(CatalogError):
            list(read_map(PATH, broken))
