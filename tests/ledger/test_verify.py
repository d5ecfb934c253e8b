"""Changed and missing files: held to dpkg, rpm and pacman, each on a tree that it installed."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lading.catalog import OS_CATALOGERS
from lading.image.limits import Limits
from lading.image.rootfs import open_directory
from lading.ledger.verify import Verified, verify
from lading.scan import Choices, inventory

ANOTHER = b"another\n"


def verified(root: Path) -> Verified:
    """What a verification of the tree says."""
    opened = open_directory(root, Limits())
    found = inventory(opened, Choices(catalogers=OS_CATALOGERS), lambda done, total: None)
    return verify(opened.layers, found.packages, is_layered=opened.is_layered)


def states(result: Verified) -> dict[str, str]:
    return {one.path: one.state for one in result.modified}


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="package managers install for root alone")
needs_dpkg = pytest.mark.skipif(
    not all(map(shutil.which, ("dpkg", "dpkg-deb"))), reason="needs dpkg"
)
needs_rpm = pytest.mark.skipif(
    not all(map(shutil.which, ("rpm", "rpmbuild"))), reason="needs rpm and rpmbuild"
)
needs_pacman = pytest.mark.skipif(
    not all(map(shutil.which, ("pacman", "bsdtar"))), reason="needs pacman and bsdtar"
)


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run(*command: str | Path) -> str:
    """What the program prints; package checkers exit 1 when they find something."""
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


# dpkg


def a_deb(folder: Path, name: str, files: dict[str, str], fields: str = "", conf: str = "") -> Path:
    """A package with md5sums, as debhelper makes it: of all files but the settings."""
    tree = folder / name
    write(tree, files)
    sums = "".join(
        f"{hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()}  {path}\n"
        for path, text in files.items()
        if f"/{path}" not in conf
    )
    control = (
        f"Package: {name}\nVersion: 1.0-1\nArchitecture: all\n"
        f"Maintainer: Some One <a@example.org>\nDescription: short\n{fields}"
    )
    write(tree, {"DEBIAN/control": control, "DEBIAN/md5sums": sums})
    if conf:
        write(tree, {"DEBIAN/conffiles": conf})
    run("dpkg-deb", "--root-owner-group", "-b", tree, folder / f"{name}.deb")
    return folder / f"{name}.deb"


@pytest.fixture
def debian(tmp_path: Path) -> Path:
    """A tree in which dpkg has two packages, the second of which took a file over."""
    root = tmp_path / "root"
    write(root, {"var/lib/dpkg/status": "", "etc/os-release": "ID=debian\nVERSION_ID=12\n"})
    for folder in ("info", "updates"):
        (root / "var/lib/dpkg" / folder).mkdir()
    files = {
        name: f"content of {name}\n"
        for name in ("usr/bin/tool", "usr/bin/taken", "usr/bin/moved",
                     "usr/share/doc/one/copyright", "usr/share/doc/one/changelog",
                     "etc/one.conf", "etc/two.conf", "usr/lib/one/plain", "usr/lib/one/ünï cödé")
    }  # fmt: skip
    one = a_deb(tmp_path, "one", files, conf="/etc/one.conf\n/etc/two.conf\n")
    two = a_deb(tmp_path, "two", {"usr/bin/taken": "two's\n"}, "Replaces: one\n")
    run(
        "dpkg-divert",
        "--root",
        root,
        "--divert",
        "/usr/bin/moved.real",
        "--rename",
        "/usr/bin/moved",
    )
    run("dpkg", "--root", root, "--force-script-chrootless", "--log", tmp_path / "log",
        "-i", one, two)  # fmt: skip
    return root


def told_by_dpkg(root: Path) -> dict[str, str]:
    told = {}
    for line in run("dpkg", "--root", root, "--verify").splitlines():
        flags, kind, path = line[:9].strip(), line[9:12].strip(), line[12:].strip()
        is_missing = flags == "missing"
        told[path] = "missing" if is_missing else "configuration" if kind == "c" else "changed"
    return told


pytestmark = needs_root


@needs_dpkg
def test_a_tree_as_dpkg_installed_it_has_nothing_to_tell(debian: Path) -> None:
    assert told_by_dpkg(debian) == {}
    result = verified(debian)
    assert (result.modified, result.problems, result.notes) == ((), (), ())


@needs_dpkg
def test_what_was_changed_since_is_what_dpkg_says(debian: Path) -> None:
    write(debian, {
        "usr/bin/tool": "another\n",
        "usr/bin/moved.real": "another\n",
        "usr/bin/moved": "the administrator's\n",
        "etc/one.conf": "settings\n",
        "usr/lib/one/ünï cödé": "another\n",
        "usr/bin/new": "nobody's\n",
    })  # fmt: skip
    (debian / "usr/lib/one/plain").unlink()
    (debian / "etc/two.conf").unlink()

    result = verified(debian)

    assert states(result) == {
        "/usr/bin/tool": "changed",
        "/usr/bin/moved.real": "changed",
        "/etc/one.conf": "configuration",
        "/etc/two.conf": "missing",
        "/usr/lib/one/plain": "missing",
        "/usr/lib/one/ünï cödé": "changed",
    }
    # dpkg passes over what was diverted.
    assert states(result).items() - told_by_dpkg(debian).items() == {
        ("/usr/bin/moved.real", "changed")
    }
    assert told_by_dpkg(debian).items() <= states(result).items()
    [tool] = [one for one in result.modified if one.path == "/usr/bin/tool"]
    assert tool.package == "pkg:deb/debian/one@1.0-1?arch=all&distro=debian-12"
    assert (tool.expected[:4], tool.found) == (
        "md5:", f"md5:{hashlib.md5(ANOTHER, usedforsecurity=False).hexdigest()}",
    )  # fmt: skip


@needs_dpkg
def test_what_dpkg_was_told_to_leave_out_is_not_missing(debian: Path) -> None:
    write(debian, {
        "etc/dpkg/dpkg.cfg.d/docker": "# small\npath-exclude=/usr/share/doc/*\n"
        "path-include /usr/share/doc/*/copyright\n",
    })  # fmt: skip
    (debian / "usr/share/doc/one/changelog").unlink()

    assert states(verified(debian)) == {}

    (debian / "usr/share/doc/one/copyright").unlink()

    assert states(verified(debian)) == {"/usr/share/doc/one/copyright": "missing"}


@needs_dpkg
def test_files_are_found_through_links_in_their_folders(debian: Path) -> None:
    (debian / "usr/lib").rename(debian / "usr/lib64")
    (debian / "usr/lib").symlink_to("lib64")
    write(debian, {"usr/lib64/one/plain": "another\n"})

    assert states(verified(debian)) == {"/usr/lib64/one/plain": "changed"}


@needs_dpkg
def test_what_stands_in_a_file_s_place_is_said(debian: Path) -> None:
    for name in ("usr/bin/tool", "usr/lib/one/plain"):
        (debian / name).unlink()
    (debian / "usr/bin/tool").symlink_to("/usr/bin/taken")
    (debian / "usr/lib/one/plain").mkdir()

    assert {one.path: one.found for one in verified(debian).modified} == {
        "/usr/bin/tool": "link:/usr/bin/taken",
        "/usr/lib/one/plain": "directory",
    }


@needs_dpkg
def test_a_package_without_digests_is_counted(debian: Path) -> None:
    (debian / "var/lib/dpkg/info/two.md5sums").unlink()

    assert verified(debian).notes == ("1 packages of the system keep no digests of their files",)


@needs_dpkg
def test_lines_that_are_no_digests_are_a_problem_and_hide_no_other(debian: Path) -> None:
    with (debian / "var/lib/dpkg/info/one.md5sums").open("a") as file:
        file.write("odd\n")
    write(debian, {"usr/bin/tool": "another\n"})

    result = verified(debian)

    assert states(result) == {"/usr/bin/tool": "changed"}
    assert [one.path for one in result.problems] == ["/var/lib/dpkg/info/one.md5sums"]


# rpm

SPEC = """\
Name: demo
Version: 1.2
Release: 3
Summary: a package
License: MIT
BuildArch: noarch
%description
a package
%install
mkdir -p %{{buildroot}}/usr/share/demo %{{buildroot}}/etc %{{buildroot}}/usr/share/doc/demo
for name in usr/share/demo/one usr/share/demo/two usr/share/demo/ü etc/demo.conf etc/optional \\
    usr/share/demo/free usr/share/demo/made usr/share/doc/demo/README; do
  echo $name > %{{buildroot}}/$name
done
ln -s one %{{buildroot}}/usr/share/demo/link
ln -s one %{{buildroot}}/usr/share/demo/other
%files
/usr/share/demo/one
/usr/share/demo/two
/usr/share/demo/ü
/usr/share/demo/link
/usr/share/demo/other
%verify(not filedigest size mtime) /usr/share/demo/free
%ghost /usr/share/demo/made
%config(noreplace) /etc/demo.conf
%config(missingok) /etc/optional
%doc /usr/share/doc/demo/README
"""
ALGORITHMS = {"md5": 1, "sha1": 2, "sha256": 8, "sha512": 10}


def an_rpm_tree(folder: Path, number: int, *options: str) -> Path:
    """A tree in which rpm has one package, its digests by the algorithm of that number."""
    write(folder, {"demo.spec": SPEC.format()})
    defined = (f"_topdir {folder}", f"_binary_filedigest_algorithm {number}")
    run("rpmbuild", "--define", defined[0], "--define", defined[1], "-bb", folder / "demo.spec")
    root = folder / "root"
    write(root, {"etc/os-release": "ID=fedora\nVERSION_ID=40\n"})
    run("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--nodeps", "--noscripts", *options,
        "-i", *folder.glob("RPMS/*/*.rpm"))  # fmt: skip
    return root


def told_by_rpm(root: Path) -> dict[str, str]:
    """What `rpm -V` says of contents and links, and of what is missing."""
    told = {}
    for line in run("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "-Va").splitlines():
        flags, at = line[:9], line.index("/")
        kind, path = line[9:at].strip(), line[at:]
        if flags.strip() == "missing":
            told[path] = "missing"
        elif "5" in flags or "L" in flags:
            told[path] = "configuration" if kind == "c" else "changed"
    return told


@needs_rpm
@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_what_was_changed_since_is_what_rpm_says(tmp_path: Path, algorithm: str) -> None:
    root = an_rpm_tree(tmp_path, ALGORITHMS[algorithm])

    assert states(verified(root)) == told_by_rpm(root) == {}

    for name in ("one", "ü", "free", "made"):
        write(root, {f"usr/share/demo/{name}": "another\n"})
    write(root, {"etc/demo.conf": "settings\n"})
    (root / "usr/share/demo/link").unlink()
    (root / "usr/share/demo/link").symlink_to("two")
    for name in ("usr/share/demo/two", "usr/share/demo/other", "etc/optional"):
        (root / name).unlink()
    result = verified(root)

    assert states(result) == told_by_rpm(root)
    assert states(result) == {
        "/usr/share/demo/one": "changed",
        "/usr/share/demo/ü": "changed",
        "/usr/share/demo/link": "changed",
        "/usr/share/demo/two": "missing",
        "/usr/share/demo/other": "missing",
        "/etc/demo.conf": "configuration",
    }
    assert {one.found for one in result.modified if one.path.endswith("one")} == {
        f"{algorithm}:{hashlib.new(algorithm, ANOTHER, usedforsecurity=False).hexdigest()}"
    }


@needs_rpm
def test_documentation_that_was_not_installed_is_not_missing(tmp_path: Path) -> None:
    root = an_rpm_tree(tmp_path, 8, "--nodocs")

    assert not (root / "usr/share/doc/demo/README").exists()
    assert states(verified(root)) == told_by_rpm(root) == {}


# pacman


@pytest.fixture
def arch(tmp_path: Path) -> Path:
    """A tree in which pacman has one package, whose mtree bsdtar wrote as makepkg has it do."""
    tree, root = tmp_path / "tree", tmp_path / "root"
    facts = (
        "pkgname = sample\npkgbase = sample\npkgver = 1.0-3\narch = any\nsize = 5\n"
        "backup = etc/sample.conf\n"
    )
    names = (
        "usr/bin/tool",
        "usr/bin/other",
        "usr/share/a file",
        "usr/share/help/x",
        "etc/sample.conf",
    )
    write(tree, {name: f"{name}\n" for name in names} | {".PKGINFO": facts})
    (tree / "usr/bin/link").symlink_to("tool")
    members = sorted(str(path.relative_to(tree)) for path in tree.rglob("*"))
    options = "!all,use-set,type,uid,gid,mode,time,size,md5,sha256,link"
    run("bsdtar", "-C", tree, "-czf", tree / ".MTREE", "--format=mtree", f"--options={options}",
        "-n", *members)  # fmt: skip
    archive = tmp_path / "sample-1.0-3-any.pkg.tar"
    run("bsdtar", "-C", tree, "-cnf", archive, ".MTREE", *members)
    write(root, {"etc/os-release": "ID=arch\n"})
    (root / "var/lib/pacman").mkdir(parents=True)
    (root / "usr/share/help").mkdir(parents=True)
    write(root, {"etc/pacman.conf": "[options]\nArchitecture = auto\nSigLevel = Never\n"
                 "NoExtract = usr/share/help/* !usr/share/help/C/*\n"})  # fmt: skip
    run(*pacman(root), "--noconfirm", "-Udd", archive)
    return root


def pacman(root: Path) -> list[str | Path]:
    return ["pacman", "--config", root / "etc/pacman.conf", "--root", root,
            "--dbpath", root / "var/lib/pacman", "--cachedir", root.parent]  # fmt: skip


def told_by_pacman(root: Path) -> set[str]:
    """What `pacman -Qkk` says of contents and links, and of what is missing."""
    reasons = ("checksum mismatch", "Symlink path mismatch", "No such file")
    environment = {"LC_ALL": "C.UTF-8", "PATH": "/usr/bin"}
    done = subprocess.run(
        [*pacman(root), "-Qkk", "sample"], capture_output=True, text=True, check=False,
        env=environment,
    )  # fmt: skip
    lines = (done.stdout + done.stderr).splitlines()
    return {
        line.rpartition(" (")[0].partition(str(root))[2]
        for line in lines
        if any(reason in line for reason in reasons)
    }


@needs_pacman
def test_what_was_changed_since_is_what_pacman_says(arch: Path) -> None:
    assert not (arch / "usr/share/help/x").exists()
    assert states(verified(arch)) == {}

    write(arch, {"usr/share/a file": "another\n", "etc/sample.conf": "settings\n"})
    (arch / "usr/bin/other").unlink()
    (arch / "usr/bin/link").unlink()
    (arch / "usr/bin/link").symlink_to("elsewhere")
    found = states(verified(arch))

    assert found == {
        "/usr/share/a file": "changed",
        "/usr/bin/link": "changed",
        "/usr/bin/other": "missing",
        "/etc/sample.conf": "configuration",
    }
    assert set(found) == told_by_pacman(arch)
