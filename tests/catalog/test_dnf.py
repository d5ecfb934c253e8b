"""Where rpms came from, as dnf itself writes it down, and by description for dnf 5 and yum."""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from builders import damaged, reading
from lading.catalog.dnf import DNF
from lading.catalog.selection import Selection
from lading.model.package import Ownership

HISTORY = "/var/lib/dnf/history.sqlite"
NEVRAS = "/usr/lib/sysimage/libdnf5/nevras.toml"
YUMDB = "/var/lib/yum/yumdb/b/0a1b2c-bash-4.2.46-34.el7-x86_64/from_repo"
needs_dnf = pytest.mark.skipif(
    not all(map(shutil.which, ("dnf", "createrepo_c", "rpmbuild"))),
    reason="needs dnf, createrepo_c and rpmbuild",
)


def origins(path: str, data: bytes) -> tuple[list[tuple[str, ...]], str]:
    """(name, version, architecture, repository) of each, and the complaint."""
    facts, error = reading(DNF, path, data)
    found = [fact for fact in facts if isinstance(fact, Ownership)]
    assert len(found) == len(facts)
    assert not any(one.paths for one in found)
    return [
        tuple(map(str, (one.name, one.version, one.arch, one.repository))) for one in found
    ], error


@pytest.mark.parametrize("path", [HISTORY, NEVRAS, YUMDB])
def test_every_place_is_read(path: str) -> None:
    assert Selection([DNF]).by_path(path) == (DNF,)


SPEC = """\
Name: demo
Version: 1.2
Release: {release}
Epoch: 4
Summary: a package
License: MIT
BuildArch: noarch
%description
a package
%files
"""


@needs_dnf
def test_what_dnf_installed_has_the_repository_that_dnf_says(tmp_path: Path) -> None:
    repository, root = tmp_path / "RPMS", tmp_path / "root"
    for release in (1, 2):
        (tmp_path / "demo.spec").write_text(SPEC.format(release=release))
        subprocess.run(
            ["rpmbuild", "--define", f"_topdir {tmp_path}", "-bb", tmp_path / "demo.spec"],
            capture_output=True, check=True,
        )  # fmt: skip
    subprocess.run(["createrepo_c", repository], capture_output=True, check=True)
    (tmp_path / "dnf.conf").write_text(
        f"[main]\nreposdir={tmp_path}/none\ncachedir={tmp_path}/cache\nlogdir={tmp_path}\n"
        f"[local-one]\nname=one\nbaseurl=file://{repository}\ngpgcheck=0\n"
    )
    for command in (("install", "demo-1.2-1"), ("upgrade", "demo")):
        subprocess.run(
            ["dnf", "-y", "-c", tmp_path / "dnf.conf", "--installroot", root, "--releasever", "9",
             *command],
            capture_output=True, check=True,
        )  # fmt: skip

    found, error = origins(HISTORY, (root / "var/lib/dnf/history.sqlite").read_bytes())

    assert error == ""
    assert found == [
        ("demo", "4:1.2-1", "noarch", "local-one"),
        ("demo", "4:1.2-2", "noarch", "local-one"),
    ]


def test_dnf_5_keeps_a_table_by_name_and_version() -> None:
    data = b"""version = "1.0"
[nevras]
"acl-2.3.1-3.fc38.x86_64" = {from_repo="fedora"}
"vim-data-2:9.0-1.noarch" = {from_repo="updates"}
"local-1-1.noarch" = {from_repo=""}
"""

    assert origins(NEVRAS, data) == (
        [
            ("acl", "2.3.1-3.fc38", "x86_64", "fedora"),
            ("vim-data", "2:9.0-1", "noarch", "updates"),
        ],
        "",
    )


def test_yum_keeps_a_folder_for_each_package() -> None:
    assert origins(YUMDB, b"base\n") == ([("bash", "4.2.46-34.el7", "x86_64", "base")], "")


def rows(*packages: tuple[object, ...]) -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(
            "CREATE TABLE rpm (item_id, name, epoch, version, release, arch);"
            "CREATE TABLE repo (id, repoid); INSERT INTO repo VALUES (1, 'base'), (2, '@System');"
            "CREATE TABLE trans_item (id, item_id, repo_id, action);"
        )
        for number, (action, repository, *nevra) in enumerate(packages):
            connection.execute("INSERT INTO rpm VALUES (?, ?, ?, ?, ?, ?)", (number, *nevra))
            connection.execute(
                "INSERT INTO trans_item VALUES (?, ?, ?, ?)", (number, number, repository, action)
            )
        connection.commit()
        return connection.serialize()


def test_what_was_removed_or_was_there_before_came_from_nowhere() -> None:
    data = rows(
        (1, 1, "a", 0, "1", "2", "x86_64"),
        (8, 1, "removed", 0, "1", "2", "x86_64"),
        (1, 2, "before", 0, "1", "2", "x86_64"),
    )

    assert origins(HISTORY, data) == ([("a", "0:1-2", "x86_64", "base")], "")


def test_a_row_that_is_no_package_is_counted_and_hides_no_other() -> None:
    data = rows((1, 1, None, 0, "1", "2", "x86_64"), (1, 1, "b", 0, "1", "2", "noarch"))

    found, error = origins(HISTORY, data)

    assert found == [("b", "0:1-2", "noarch", "base")]
    assert "1 of its rows" in error


@pytest.mark.parametrize(("path", "data", "complaint"), [
    (HISTORY, b"", "no SQLite database"),
    (NEVRAS, b"version = 1", "no table nevras"),
    (NEVRAS, b"[nevras]\n'odd' = {from_repo='a'}", "1 of its keys"),
    (YUMDB, b"", "repository is missing"),
    ("/var/lib/yum/yumdb/o/odd/from_repo", b"base", "names no package"),
])  # fmt: skip
def test_what_is_of_another_form_is_a_problem(path: str, data: bytes, complaint: str) -> None:
    found, error = origins(path, data)

    assert found == []
    assert complaint in error


@pytest.mark.parametrize("path", [HISTORY, NEVRAS])
def test_damage_raises_nothing_else(path: str) -> None:
    good = rows(*[(1, 1, f"n{n}", 0, "1", "2", "noarch") for n in range(50)])
    text = b"[nevras]\n" + b"".join(b'"a%d-1-2.noarch" = {from_repo="x"}\n' % n for n in range(9))

    for broken in damaged(good if path == HISTORY else text, times=100):
        reading(DNF, path, broken)
