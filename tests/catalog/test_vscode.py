"""Extensions of editors as vsce packs them, cut to the facts."""

import json
from typing import Any

import pytest

from builders import asking, damaged, edges_among, packages_of, reading
from lading.catalog.node import NODE
from lading.catalog.vscode import VSCODE

PATH = "/root/.local/share/code-server/extensions/some-one.lading-sample-1.2.3/package.json"
# vsce 3 packed this manifest as Id="lading-sample" Version="1.2.3" Publisher="some-one".
MANIFEST: dict[str, Any] = {
    "name": "lading-sample",
    "publisher": "some-one",
    "version": "1.2.3",
    "engines": {"vscode": "^1.60.0"},
    "license": "MIT",
    "main": "./main.js",
    "activationEvents": ["*"],
    "extensionDependencies": ["ms-python.Python"],
    "extensionPack": ["a.b"],
}


def a_manifest(**facts: Any) -> bytes:
    return json.dumps(MANIFEST | facts).encode()


def test_an_extension_is_called_by_its_publisher_and_its_name() -> None:
    (package,) = packages_of(VSCODE, PATH, a_manifest())

    assert (package.type, package.name) == ("vscode-extension", "some-one.lading-sample")
    assert (package.version, package.licenses) == ("1.2.3", ("MIT",))


def test_case_does_not_matter_to_its_name() -> None:
    (package,) = packages_of(VSCODE, PATH, a_manifest(publisher="GitHub", name="Copilot"))

    assert package.name == "github.copilot"


def test_what_it_depends_on_is_found_without_regard_to_case() -> None:
    (package,) = packages_of(VSCODE, PATH, a_manifest())
    other = asking("ms-python.python", type="vscode-extension")

    found = edges_among(asking("sample", *package.requires, type="vscode-extension"), other)

    assert found == {"sample": ["ms-python.python"]}


def test_an_extension_is_no_application_of_node() -> None:
    assert reading(NODE, PATH, a_manifest()) == ([], "")


@pytest.mark.parametrize("data", [
    b"", b"[]", b"{", a_manifest(engines={"node": ">=18"}), a_manifest(engines=7),
    a_manifest(publisher=None), a_manifest(name=7),
])  # fmt: skip
def test_other_files_of_this_name_are_no_extensions(data: bytes) -> None:
    assert reading(VSCODE, PATH, data) == ([], "")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_manifest()):
        reading(VSCODE, PATH, data)
