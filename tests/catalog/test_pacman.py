"""pacman's database, as pacman itself writes it and damaged."""

import io
import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.pacman import PACMAN
from lading.catalog.selection import Selection
from lading.model.package import Ownership, SourcePackage

FOLDER = "/var/lib/pacman/local/zlib-1:1.3.1-2"
DESC = b"""%NAME%
zlib

%VERSION%
1:1.3.1-2

%BASE%
zlib-all

%ARCH%
x86_64

%LICENSE%
Zlib
custom

%DEPENDS%
glibc>=2.38
sh

%PROVIDES%
libz.so=1-64

"""
needs_pacman = pytest.mark.skipif(shutil.which("pacman") is None, reason="pacman is not installed")


def a_package_file(folder: Path) -> Path:
    """A package archive as makepkg leaves it: a list of facts, and the files."""
    facts = (
        b"pkgname = lading-sample\npkgbase = lading-all\npkgver = 2:1.0rc1-3\narch = any\n"
        b"license = MIT\nlicense = Apache-2.0\ndepend = bash>=5\nprovides = sample=1\n"
        b"packager = Some One <one@example.org>\nsize = 5\n"
    )
    path = folder / "lading-sample-2:1.0rc1-3-any.pkg.tar"
    with tarfile.open(path, "w") as archive:
        for name, data in ((".PKGINFO", facts), ("usr/", b""), ("usr/bin/", b"")):
            member = tarfile.TarInfo(name)
            member.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            member.mode = 0o755
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        member = tarfile.TarInfo("usr/bin/a tool")
        member.size, member.mode = 5, 0o755
        archive.addfile(member, io.BytesIO(b"tool\n"))
    return path


@needs_pacman
@pytest.mark.skipif(os.geteuid() != 0, reason="pacman installs for root alone")
def test_what_pacman_installed_is_read(tmp_path: Path) -> None:
    root = tmp_path / "root"
    database = root / "var/lib/pacman"
    database.mkdir(parents=True)
    (tmp_path / "pacman.conf").write_text("[options]\nArchitecture = auto\nSigLevel = Never\n")
    command = ["pacman", "--config", str(tmp_path / "pacman.conf"), "--root", str(root)]
    command += ["--dbpath", str(database), "--cachedir", str(tmp_path), "--noconfirm", "-Udd"]
    subprocess.run([*command, str(a_package_file(tmp_path))], check=True, capture_output=True)

    facts = {}
    for path in sorted(root.glob("var/lib/pacman/local/*/*")):
        shown = f"/{path.relative_to(root)}"
        if Selection([PACMAN]).by_path(shown):
            found, error = reading(PACMAN, shown, path.read_bytes())
            assert error == ""
            facts[path.name] = found

    (package,) = packages_of(
        PACMAN,
        "/var/lib/pacman/local/x/desc",
        (database / "local/lading-sample-2:1.0rc1-3/desc").read_bytes(),
    )
    assert sorted(facts) == ["desc", "files"]
    assert (package.name, package.version, package.arch) == ("lading-sample", "2:1.0rc1-3", "any")
    assert package.source == SourcePackage(name="lading-all", version="2:1.0rc1-3")
    assert package.licenses == ("MIT", "Apache-2.0")
    assert (package.requires, package.provides) == (("bash",), ("sample",))
    assert package.vendor == "Some One <one@example.org>"
    assert facts["files"] == [
        Ownership(
            type="alpm", name="lading-sample", version="2:1.0rc1-3", paths=("/usr/bin/a tool",)
        )
    ]


def test_every_fact_of_a_record_is_kept() -> None:
    (package,) = packages_of(PACMAN, f"{FOLDER}/desc", DESC)

    assert (package.type, package.name, package.version) == ("alpm", "zlib", "1:1.3.1-2")
    assert package.source == SourcePackage(name="zlib-all", version="1:1.3.1-2")
    assert package.licenses == ("Zlib", "custom")
    assert (package.requires, package.provides) == (("glibc", "sh"), ("libz.so",))


def test_the_repository_is_known_where_the_record_says_it() -> None:
    (plain,) = packages_of(PACMAN, f"{FOLDER}/desc", DESC)
    (told,) = packages_of(PACMAN, f"{FOLDER}/desc", DESC + b"%INSTALLED_DB%\ncachyos\n\n")

    assert (plain.repository, told.repository) == (None, "cachyos")


@pytest.mark.parametrize("missing", ["name", "version"])
def test_a_record_without_name_or_version_is_refused(missing: str) -> None:
    key = f"%{missing.upper()}%".encode()

    facts, error = reading(PACMAN, f"{FOLDER}/desc", DESC.replace(key, b"%OTHER%"))

    assert facts == []
    assert error == f"{FOLDER}/desc: its {missing} is missing"


def test_a_list_of_files_in_a_folder_without_a_version_is_refused() -> None:
    facts, error = reading(PACMAN, "/var/lib/pacman/local/odd/files", b"%FILES%\nusr/bin/a\n")

    assert facts == []
    assert "names no package" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(DESC):
        reading(PACMAN, f"{FOLDER}/desc", data)
        reading(PACMAN, f"{FOLDER}/files", data)


def test_a_list_of_files_far_longer_than_its_text_is_refused() -> None:
    _, error = reading(PACMAN, f"{FOLDER}/files", b"%FILES%\n" + b"a\n" * 1_000_000)

    assert "absurd length" in error
