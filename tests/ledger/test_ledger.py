"""Every executable file is explained by a package, or listed as unexplained."""

import pytest

from lading.catalog.inventory import Executable
from lading.ledger import explain
from lading.model.package import Package
from lading.model.result import Unexplained


def an_executable(
    path: str, kind: str = "elf", owner: str | None = None, layer: int = 1, *more: str
) -> Executable:
    return Executable(paths=(path, *more), layer=layer, size=10, kind=kind, owner=owner)


def a_package(path: str, type: str = "npm") -> Package:
    return Package(type=type, name="x", version="1", paths=(path,))


def test_what_a_package_owns_is_explained() -> None:
    files = [an_executable("/bin/sh", owner="pkg:deb/dash"), an_executable("/opt/stray")]

    assert explain(files, [], is_layered=True) == (
        1,
        (Unexplained(path="/opt/stray", layer=1, size=10, kind="elf"),),
    )


def test_nothing_to_explain_is_all_explained() -> None:
    assert explain([], [], is_layered=True) == (0, ())


@pytest.mark.parametrize("type", ["npm", "gem", "composer"])
@pytest.mark.parametrize(
    ("path", "explained"),
    [
        ("/srv/node_modules/x/cli.js", 1),
        ("/srv/node_modules/x/deep/er/cli.js", 1),
        ("/srv/node_modules/xy/cli.js", 0),
        ("/srv/node_modules/cli.js", 0),
        ("/cli.js", 0),
    ],
)
def test_a_script_in_the_folder_of_a_package_is_explained(
    path: str, explained: int, type: str
) -> None:
    packages = [a_package("/srv/node_modules/x/package.json", type)]

    assert explain([an_executable(path, "script")], packages, is_layered=True)[0] == explained


@pytest.mark.parametrize("kind", ["elf", "pe", "macho", "executable"])
def test_a_binary_is_not_explained_by_the_folder_it_lies_in(kind: str) -> None:
    packages = [a_package("/srv/node_modules/x/package.json")]
    file = an_executable("/srv/node_modules/x/build/addon.node", kind)

    assert explain([file], packages, is_layered=True)[0] == 0


def test_a_folder_of_another_kind_of_package_explains_nothing() -> None:
    packages = [a_package("/usr/lib/python3/x/METADATA", "pypi")]

    assert (
        explain([an_executable("/usr/lib/python3/x/a.py", "script")], packages, is_layered=True)[0]
        == 0
    )


def test_any_name_of_a_hard_link_may_explain_it() -> None:
    packages = [a_package("/srv/x/package.json")]
    file = an_executable("/bin/cli", "script", None, 1, "/srv/x/cli")

    assert explain([file], packages, is_layered=True)[0] == 1


def test_the_unexplained_are_sorted_and_have_a_layer_where_there_are_layers() -> None:
    files = [an_executable("/b", layer=2), an_executable("/a", layer=0)]

    layered = explain(files, [], is_layered=True)[1]
    flat = explain(files, [], is_layered=False)[1]

    assert [(one.path, one.layer) for one in layered] == [("/a", 0), ("/b", 2)]
    assert [(one.path, one.layer) for one in flat] == [("/a", None), ("/b", None)]
