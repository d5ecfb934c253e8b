"""Portage's folders, after its manual."""

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.portage import PORTAGE
from lading.catalog.selection import Selection
from lading.model.package import Ownership, Package

CONTENTS = (
    b"dir /usr\ndir /usr/bin\n"
    b"obj /usr/bin/a tool 0123456789abcdef0123456789abcdef 1700000000\n"
    b"sym /usr/bin/link -> a tool 1700000000\n"
    b"fif /run/pipe\n"
)


def a_path(folder: str) -> str:
    return f"/var/db/pkg/{folder}/CONTENTS"


@pytest.mark.parametrize(("folder", "name", "version"), [
    ("sys-libs/zlib-1.3.1", "sys-libs/zlib", "1.3.1"),
    ("dev-libs/openssl-3.0.13-r2", "dev-libs/openssl", "3.0.13-r2"),
    ("media-fonts/font-7x14-1b", "media-fonts/font-7x14", "1b"),
    ("x11-libs/gtk+-3.24_pre2_p1-r1", "x11-libs/gtk+", "3.24_pre2_p1-r1"),
    ("app-a/name-1x-2", "app-a/name-1x", "2"),
])  # fmt: skip
def test_the_folder_names_the_package(folder: str, name: str, version: str) -> None:
    (package,) = packages_of(PORTAGE, a_path(folder), CONTENTS)

    assert (package.type, package.name, package.version) == ("ebuild", name, version)


def test_the_repository_stands_in_a_file_of_its_own() -> None:
    path = "/var/db/pkg/sys-apps/tool-1-r2/repository"

    assert Selection([PORTAGE]).by_path(path) == (PORTAGE,)
    assert reading(PORTAGE, path, b"gentoo\n") == (
        [
            Ownership(
                type="ebuild", name="sys-apps/tool", version="1-r2", paths=(), repository="gentoo"
            )
        ],
        "",
    )
    assert "repository is missing" in reading(PORTAGE, path, b"\n")[1]


def test_files_and_links_are_owned_and_folders_are_not() -> None:
    facts, error = reading(PORTAGE, a_path("sys-apps/tool-1"), CONTENTS)

    owned = ("/usr/bin/a tool", "/usr/bin/link")
    assert error == ""
    assert facts[1:] == [Ownership(type="ebuild", name="sys-apps/tool", version="1", paths=owned)]


def test_a_virtual_package_owns_nothing() -> None:
    facts, error = reading(PORTAGE, a_path("virtual/libc-1-r1"), b"")

    assert [type(fact) for fact in facts] == [Package]
    assert error == ""


def test_a_folder_without_a_version_is_refused() -> None:
    facts, error = reading(PORTAGE, a_path("sys-apps/tool"), CONTENTS)

    assert facts == []
    assert "names no package" in error


def test_a_line_that_cannot_be_understood_is_counted_and_the_rest_is_kept() -> None:
    facts, error = reading(PORTAGE, a_path("a-b/c-1"), CONTENTS + b"obj /usr/bin/cut 0123")

    assert len(facts) == 2
    assert "1 of its lines" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(CONTENTS):
        facts, _ = reading(PORTAGE, a_path("a-b/c-1"), data)
        assert facts


@pytest.mark.slow
def test_a_list_of_files_far_longer_than_its_text_is_refused() -> None:
    _, error = reading(PORTAGE, a_path("a-b/c-1"), b"sym /\n" * 4_200_000)

    assert "absurd length" in error
