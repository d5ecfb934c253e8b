"""Which package lists a file, wherever links lead."""

import tarfile

import pytest

from catalog.assembling import a_layer, folder, link
from image.tars import walked
from lading.catalog.ownership import Owners
from lading.image.tree import Tree
from lading.model.package import Ownership, Package


def a_tree(**table: bytes | tarfile.TarInfo) -> Tree:
    tree = Tree()
    tree.apply(walked(a_layer({name.replace("_", "/"): item for name, item in table.items()})))
    return tree


def a_package(
    name: str, version: str = "1", arch: str | None = "amd64", type: str = "deb"
) -> Package:
    return Package(
        type=type,
        name=name,
        version=version,
        arch=arch,
        paths=("/db",),
        id=f"{name} {version} {arch}",
    )


def owns(
    name: str,
    *paths: str,
    version: str | None = "1",
    arch: str | None = "amd64",
    type: str = "deb",
) -> Ownership:
    return Ownership(type=type, name=name, version=version, arch=arch, paths=paths)


def owner(
    path: str, *ownerships: Ownership, packages: tuple[Package, ...], tree: Tree | None = None
) -> str | None:
    owners = Owners(tree or Tree())
    owners.add(ownerships, packages)
    return owners.of(path)


def test_a_listed_file_has_its_package_as_owner() -> None:
    packages = (a_package("a"), a_package("b"))

    assert owner("/bin/x", owns("a", "/bin/x", "/bin/y"), packages=packages) == "a 1 amd64"
    assert owner("/bin/z", owns("a", "/bin/x"), packages=packages) is None


def test_a_file_inside_an_archive_belongs_to_the_archive_s_owner() -> None:
    assert owner("/a.jar!/b.jar", owns("a", "/a.jar"), packages=(a_package("a"),)) == "a 1 amd64"


def test_the_first_that_lists_a_file_keeps_it() -> None:
    packages = (a_package("a"), a_package("b"))

    assert owner("/f", owns("b", "/f"), owns("a", "/f"), packages=packages) == "b 1 amd64"


@pytest.mark.parametrize(
    ("ownership", "answer"),
    [
        pytest.param(owns("a", "/f", version=None, arch=None), "a 1 amd64", id="a bare list"),
        pytest.param(owns("a", "/f", version=None), "a 1 amd64", id="no version"),
        pytest.param(owns("a", "/f", version="0.9"), None, id="another version"),
        pytest.param(owns("a", "/f", arch="arm64"), None, id="another architecture"),
        pytest.param(owns("a", "/f", arch="all"), "a 1 amd64", id="for all architectures"),
        pytest.param(owns("gone", "/f"), None, id="not installed any more"),
        pytest.param(owns("a", "/f", type="apk"), None, id="another kind of package"),
    ],
)
def test_a_list_belongs_to_the_package_that_is_installed(
    ownership: Ownership, answer: str | None
) -> None:
    assert owner("/f", ownership, packages=(a_package("a"),)) == answer


def test_python_names_meet_in_both_spellings() -> None:
    package = a_package("Zope.Interface-x", type="pypi", arch=None)
    ownership = owns("zope_interface_x", "/f", type="pypi", arch=None)

    assert owner("/f", ownership, packages=(package,)) == package.id


def test_of_two_architectures_each_owns_its_own() -> None:
    packages = (a_package("libc", arch="amd64"), a_package("libc", arch="i386"))
    lists = (owns("libc", "/a", arch="amd64"), owns("libc", "/b", arch="i386"))

    assert owner("/a", *lists, packages=packages) == "libc 1 amd64"
    assert owner("/b", *lists, packages=packages) == "libc 1 i386"


@pytest.mark.parametrize("listed", ["/lib/x", "/usr/lib/x", "/lib64/x", "/lib/../lib/x"])
def test_listed_paths_are_taken_where_links_lead(listed: str) -> None:
    tree = a_tree(usr_lib=folder(), lib=link("usr/lib"), lib64=link("/lib"), usr_lib_x=b"")

    assert owner("/usr/lib/x", owns("a", listed), packages=(a_package("a"),), tree=tree)


def test_a_link_that_is_listed_is_owned_and_not_what_it_leads_to() -> None:
    tree = a_tree(bin_sh=link("dash"), bin_dash=b"")
    packages = (a_package("a"),)

    assert owner("/bin/sh", owns("a", "/bin/sh"), packages=packages, tree=tree) == "a 1 amd64"
    assert owner("/bin/dash", owns("a", "/bin/sh"), packages=packages, tree=tree) is None


@pytest.mark.parametrize("listed", ["", "/", "x", "//", "/a/../..", "/loop/x", "a" * 5000])
def test_odd_listed_paths_do_no_harm(listed: str) -> None:
    tree = a_tree(loop=link("loop"))

    assert owner("/f", owns("a", listed, "/f"), packages=(a_package("a"),), tree=tree)


@pytest.mark.parametrize(("lister", "place", "answer"), [
    pytest.param("a", "/bin/sh.distrib", "a 1 amd64", id="others' files are moved"),
    pytest.param("a", "/bin/sh", None, id="and are no longer there"),
    pytest.param("b", "/bin/sh", "b 1 amd64", id="one's own file stays"),
])  # fmt: skip
def test_a_diverted_file_is_owned_where_dpkg_puts_it(
    lister: str, place: str, answer: str | None
) -> None:
    diversion = Ownership(
        type="deb", name="b", paths=(), diverted=(("/bin/sh", "/bin/sh.distrib"),)
    )
    packages = (a_package("a"), a_package("b"))

    assert owner(place, owns(lister, "/bin/sh"), diversion, packages=packages) == answer
