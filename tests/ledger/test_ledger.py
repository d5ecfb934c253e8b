"""Every executable file is explained by a package, or listed as unexplained."""

from dataclasses import replace

import pytest

from lading.catalog.inventory import Executable
from lading.ledger import explain
from lading.model.package import Package
from lading.model.result import Proofs, Unexplained


def an_executable(
    path: str, kind: str = "elf", owner: str | None = None, layer: int = 1, *more: str
) -> Executable:
    return Executable(paths=(path, *more), layer=layer, size=10, kind=kind, owner=owner)


def a_package(path: str, type: str = "npm") -> Package:
    return Package(type=type, name="x", version="1", paths=(path,))


def test_what_a_package_owns_is_explained() -> None:
    files = [an_executable("/bin/sh", owner="pkg:deb/dash"), an_executable("/opt/stray")]

    assert explain(files, [], is_layered=True) == (
        Proofs(list=1),
        (Unexplained(path="/opt/stray", layer=1, size=10, kind="elf"),),
    )


def test_nothing_to_explain_is_all_explained() -> None:
    assert explain([], [], is_layered=True) == (Proofs(), ())


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
def test_a_script_in_the_folder_of_a_package_is_explained(path: str, explained: int) -> None:
    packages = [a_package("/srv/node_modules/x/package.json")]

    proofs, _ = explain([an_executable(path, "script")], packages, is_layered=True)

    assert proofs == Proofs(directory=explained)


@pytest.mark.parametrize(
    ("record", "type", "folder"),
    [
        ("/g/specifications/x-1.gemspec", "gem", "/g/gems/x-1"),
        ("/g/specifications/default/x-1.gemspec", "gem", "/g/gems/x-1"),
        ("/srv/vendor/composer/installed.json", "composer", "/srv/vendor/x"),
        ("/srv/a.gemspec", "gem", None),
        ("/srv/composer.lock", "composer", None),
        ("/usr/lib/python3/x/METADATA", "pypi", None),
    ],
)
def test_each_ecosystem_has_its_folders(record: str, type: str, folder: str | None) -> None:
    script = an_executable(f"{folder or record.rpartition('/')[0]}/bin/run", "script")

    proofs, _ = explain([script], [a_package(record, type)], is_layered=True)

    assert proofs.directory == (0 if folder is None else 1)


def test_a_source_file_that_is_marked_executable_is_explained_by_its_folder() -> None:
    packages = [a_package("/srv/x/package.json")]
    files = [
        an_executable("/srv/x/lib/http.js", "executable"),
        an_executable("/srv/x/lib/http", "executable"),
        an_executable("/srv/x/lib/elf.js", "elf"),
    ]

    proofs, unexplained = explain(files, packages, is_layered=True)

    assert proofs == Proofs(directory=1)
    assert [one.path for one in unexplained] == ["/srv/x/lib/elf.js", "/srv/x/lib/http"]


@pytest.mark.parametrize("kind", ["elf", "pe", "macho", "executable"])
def test_a_binary_is_not_explained_by_the_folder_it_lies_in(kind: str) -> None:
    packages = [a_package("/srv/node_modules/x/package.json")]
    file = an_executable("/srv/node_modules/x/build/addon.node", kind)

    assert explain([file], packages, is_layered=True)[0] == Proofs()


def test_any_name_of_a_hard_link_may_explain_it() -> None:
    packages = [a_package("/srv/x/package.json")]
    file = an_executable("/bin/cli", "script", None, 1, "/srv/x/cli")

    assert explain([file], packages, is_layered=True)[0] == Proofs(directory=1)


def test_the_unexplained_are_sorted_and_have_a_layer_where_there_are_layers() -> None:
    files = [an_executable("/b", layer=2), an_executable("/a", layer=0)]

    layered = explain(files, [], is_layered=True)[1]
    flat = explain(files, [], is_layered=False)[1]

    assert [(one.path, one.layer) for one in layered] == [("/a", 0), ("/b", 2)]
    assert [(one.path, one.layer) for one in flat] == [("/a", None), ("/b", None)]


def test_a_package_that_is_the_file_explains_it_by_content() -> None:
    file = replace(an_executable("/app/server", owner="pkg:golang/a"), is_listed=False)

    assert explain([file], [], is_layered=True)[0] == Proofs(content=1)


def test_a_digest_is_the_strongest_proof() -> None:
    files = [an_executable("/bin/a", owner="pkg:deb/a"), an_executable("/bin/b", owner="pkg:deb/a")]

    proofs, _ = explain(files, [], is_layered=True, proven={"/bin/a"})

    assert proofs == Proofs(digest=1, list=1)


def test_what_was_changed_after_its_installation_is_not_explained_by_the_list() -> None:
    files = [
        an_executable("/bin/a", owner="pkg:deb/a"),
        replace(an_executable("/bin/b", owner="pkg:golang/b"), is_listed=False),
        an_executable("/srv/x/cli.js", "script"),
    ]
    packages = [a_package("/srv/x/package.json")]

    proofs, unexplained = explain(
        files, packages, is_layered=True, changed={"/bin/a", "/bin/b", "/srv/x/cli.js"}
    )

    assert proofs == Proofs(content=1)
    assert [one.path for one in unexplained] == ["/bin/a", "/srv/x/cli.js"]
