"""One file as a target: what it is, what is inside it, and what hostile files are told."""

import bz2
import gzip
import io
import lzma
import os
import random
import re
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from builders import a_zip, damaged, file_inventory
from image.tars import a_file
from lading.errors import ImageError, LimitExceeded
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse, recognise
from lading.model.package import Evidence
from package_files import a_deb, a_gem, a_tar_of, an_apk, an_rpm
from programs import an_elf

CONTROL = b"Package: thing\nVersion: 1.0-1\nArchitecture: amd64\n"
RECORD = b"pkgname = thing\npkgver = 1.0-r1\narch = x86_64\n"
PYTHON = b"Metadata-Version: 2.1\nName: inner\nVersion: 3\n"
PROGRAM = an_elf({".text": b"nothing"})
FILES: dict[str, bytes | tarfile.TarInfo] = {
    "./usr/lib/python3/inner-3.dist-info/METADATA": PYTHON,
    "./usr/bin/tool": PROGRAM,
    "./etc/thing.conf": b"a = 1\n",
}
TAR = a_tar_of(FILES)
WHEEL = a_zip({"thing-1.dist-info/METADATA": PYTHON, "x": b"#!"})
NPM = gzip.compress(a_tar_of({"package/package.json": b"{}"}))


def written(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def named(path: Path) -> list[str]:
    """`type name version: path` of what is in the file, which must be read without a problem."""
    found = file_inventory(path)
    assert found.problems == ()
    return [f"{one.type} {one.name} {one.version}: {one.paths[0]}" for one in found.packages]


@pytest.mark.parametrize(
    "pack",
    [None, gzip.compress, lzma.compress, zstandard.compress, bz2.compress,
     lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE)],
    ids=["none", "gzip", "xz", "zstd", "bzip2", "lzma"],
)  # fmt: skip
def test_the_files_in_a_debian_package_are_read_whatever_packs_them(
    tmp_path: Path, pack: Callable[[bytes], bytes] | None
) -> None:
    packed = None if pack is None else pack(a_tar_of(FILES))
    path = written(tmp_path, "thing.deb", a_deb(CONTROL, FILES, packed=packed))

    assert named(path) == [
        "deb thing 1.0-1: /thing.deb",
        "pypi inner 3: /thing.deb!/usr/lib/python3/inner-3.dist-info/METADATA",
    ]


@pytest.mark.parametrize("stripped", [False, True], ids=["newc", "rpm's own"])
@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lzma.compress, zstandard.compress, bz2.compress]
)
def test_the_files_in_an_rpm_are_read_in_either_form_of_cpio(
    tmp_path: Path, stripped: bool, pack: Callable[[bytes], bytes]
) -> None:
    files = {n.removeprefix("."): data for n, data in FILES.items() if isinstance(data, bytes)}
    whole = an_rpm(files, stripped=stripped)
    at = whole.index(b"07070")
    path = written(tmp_path, "thing.rpm", whole[:at] + pack(whole[at:]))

    assert named(path) == [
        "pypi inner 3: /thing.rpm!/usr/lib/python3/inner-3.dist-info/METADATA",
        "rpm thing 1-2: /thing.rpm",
    ]


@pytest.mark.parametrize("signed", [True, False])
def test_the_files_in_an_alpine_package_stand_behind_its_records(
    tmp_path: Path, signed: bool
) -> None:
    path = written(tmp_path, "thing.apk", an_apk(RECORD, FILES, signed=signed))

    assert named(path) == [
        "apk thing 1.0-r1: /thing.apk",
        "pypi inner 3: /thing.apk!/usr/lib/python3/inner-3.dist-info/METADATA",
    ]


def test_what_is_inside_belongs_to_the_package_and_is_bundled(tmp_path: Path) -> None:
    found = file_inventory(written(tmp_path, "thing.deb", a_deb(CONTROL, FILES)))

    package, inner = found.packages
    assert (package.evidence, package.owner) == (Evidence.CONTENT, None)
    assert (inner.evidence, inner.owner) == (Evidence.BUNDLED, package.id)
    assert [(one.paths, one.owner) for one in found.executables] == [
        (("/thing.deb!/usr/bin/tool",), package.id)
    ]
    assert found.files == 4


def test_a_program_of_go_in_a_package_shows_what_it_was_built_from(tmp_path: Path) -> None:
    modules = b"x" * 16 + b"dep\texample.com/a\tv1.2.0\n" + b"x" * 16  # between its frames
    info = b"\xff Go buildinf:\x08\x02" + bytes(16) + b"\x08go1.20.1" + bytes([len(modules)])
    program = an_elf({".go.buildinfo": info + modules})

    path = written(tmp_path, "thing.deb", a_deb(CONTROL, {"./usr/bin/tool": program}))
    assert named(path) == [
        "deb thing 1.0-1: /thing.deb",
        "golang example.com/a v1.2.0: /thing.deb!/usr/bin/tool",
        "golang stdlib go1.20.1: /thing.deb!/usr/bin/tool",
    ]


def test_links_inside_lead_within_the_package(tmp_path: Path) -> None:
    link = tarfile.TarInfo()
    link.type, link.linkname = tarfile.LNKTYPE, "./usr/lib/python3/inner-3.dist-info/METADATA"
    soft = tarfile.TarInfo()
    soft.type, soft.linkname = tarfile.SYMTYPE, "/usr/bin/tool"
    members = {**FILES, "./srv/inner-3.dist-info/METADATA": link, "./bin/tool": soft}
    found = file_inventory(written(tmp_path, "thing.deb", a_deb(CONTROL, members)))

    inner = next(one for one in found.packages if one.name == "inner")
    assert found.problems == ()
    assert inner.paths == (
        "/thing.deb!/srv/inner-3.dist-info/METADATA",
        "/thing.deb!/usr/lib/python3/inner-3.dist-info/METADATA",
    )


def test_a_lock_file_a_jar_and_a_program_are_targets_by_themselves(tmp_path: Path) -> None:
    lock = written(tmp_path, "requirements.txt", b"flask==2.0\n")
    jar = a_zip({"META-INF/maven/g/a/pom.properties": b"groupId=g\nartifactId=a\nversion=1\n"})

    assert named(lock) == ["pypi flask 2.0: /requirements.txt"]
    assert named(written(tmp_path, "a-1.jar", jar)) == ["maven g:a 1: /a-1.jar"]
    assert file_inventory(written(tmp_path, "tool", PROGRAM)).files == 1


def test_a_lock_file_in_a_package_says_nothing_of_what_is_there(tmp_path: Path) -> None:
    members = {"./srv/requirements.txt": b"flask==2.0\n"}

    path = written(tmp_path, "thing.deb", a_deb(CONTROL, members))
    assert named(path) == ["deb thing 1.0-1: /thing.deb"]


# Recognition


def test_without_a_scheme_what_is_no_image_is_a_file_and_a_note_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, "thing.deb", a_deb(CONTROL, FILES))

    assert recognise(path) == "file"
    (note,) = open_target(parse(str(path)), None, Limits()).notes
    assert "read as a single file" in note
    assert open_target(parse(f"file:{path}"), None, Limits()).notes == ()
    assert open_target(parse(f"file:{path}"), None, Limits()).kind == "file"


@pytest.mark.parametrize(
    ("name", "first", "scheme"),
    [
        pytest.param("thing-1.0.tgz", "package/package.json", "file", id="npm's"),
        pytest.param("thing-1.0.tar.gz", "thing-1.0/PKG-INFO", "file", id="Python's"),
        pytest.param("Thing.x-1.0.tar.gz", "thing_x-1.0/PKG-INFO", "file", id="older names"),
        pytest.param("image.tgz", "manifest.json", "archive", id="an image"),
        pytest.param("image.tar.gz", "blobs/sha256/a", "archive", id="a layout"),
        pytest.param("thing-1.0.tar.gz", "other/PKG-INFO", "archive", id="another folder"),
    ],
)
def test_a_gzipped_tar_is_a_package_by_its_first_file(
    tmp_path: Path, name: str, first: str, scheme: str
) -> None:
    path = written(tmp_path, name, gzip.compress(a_tar_of({first: b"{}", "rest": bytes(200_000)})))

    assert recognise(path) == scheme


@pytest.mark.parametrize("name", ["thing.deb", "thing.rpm", "thing.whl", "thing.apk"])
def test_a_name_alone_makes_no_package(tmp_path: Path, name: str) -> None:
    found = file_inventory(written(tmp_path, name, b"only called so\n"))

    assert found.packages == ()
    assert len(found.problems) == 1


def test_what_nobody_reads_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no reader takes a file of this name"):
        file_inventory(written(tmp_path, "notes.txt", b"hello\n"))


def test_a_folder_or_a_fifo_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    for path in (tmp_path, tmp_path / "fifo"):
        with pytest.raises(ImageError, match="is no regular file, so not file:"):
            parse(f"file:{path}")


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "thing.jar"
    with path.open("wb") as file:
        file.truncate(2000)

    with pytest.raises(LimitExceeded, match="too large"):
        open_target(parse(f"file:{path}"), None, Limits(file_bytes=1000))


# Hostile packages


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        pytest.param("thing.deb", a_deb(CONTROL, FILES), id="deb"),
        pytest.param("xz.deb", a_deb(CONTROL, {}, packed=lzma.compress(TAR)), id="xz"),
        pytest.param("thing.rpm", an_rpm({"/a": b"1", "/b": b"22"}), id="rpm"),
        pytest.param("own.rpm", an_rpm({"/a": b"1", "/b": b"22"}, stripped=True), id="rpm's own"),
        pytest.param("thing.apk", an_apk(RECORD, FILES), id="apk"),
        pytest.param("thing-1-py3-none-any.whl", WHEEL, id="wheel"),
        pytest.param("thing.gem", a_gem(b"name: thing\n", {"lib/a.rb": b"1"}), id="gem"),
        pytest.param("thing-1.tgz", NPM, id="npm"),
    ],
)  # fmt: skip
def test_damaged_packages_are_problems_and_never_more(
    tmp_path: Path, name: str, whole: bytes
) -> None:
    for data in damaged(whole, times=40):
        try:
            found = file_inventory(written(tmp_path, name, data))
        except ImageError:
            continue
        for one in found.problems:
            assert not re.match(r"[a-z-]+: [A-Za-z]+(Error|Exception):", one.reason)


def test_a_package_that_is_cut_keeps_what_came_before(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(100_000)
    whole = a_deb(CONTROL, {**FILES, "./noise": noise})
    found = file_inventory(written(tmp_path, "thing.deb", whole[:-50_000]))

    assert [one.name for one in found.packages] == ["thing"]
    assert "goes beyond its end" in found.problems[0].reason

    packed = gzip.compress(a_tar_of({**FILES, "./noise": noise}))
    cut = a_deb(CONTROL, {}, packed=packed[:-50_000])
    found = file_inventory(written(tmp_path, "thing.deb", cut))

    assert [one.name for one in found.packages] == ["thing", "inner"]
    assert "what it holds is not listed" in found.problems[0].effect


def test_a_bomb_is_told_and_takes_no_memory(tmp_path: Path) -> None:
    member = io.BytesIO()
    with gzip.open(member, "wb", compresslevel=1) as packed:
        packed.write(a_file(b"zeros", b"")[:124] + b"%011o\0" % (1 << 31))
        for _ in range(300):
            packed.write(bytes(1 << 20))
    path = written(tmp_path, "thing.deb", a_deb(CONTROL, {}, packed=member.getvalue()))

    tracemalloc.start()
    found = file_inventory(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 64 << 20
    assert len(found.problems) == 1


def test_a_zip_of_one_stretch_named_two_thousand_times_is_bounded(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m-1.dist-info/METADATA", PYTHON + bytes(1 << 20))
        row = archive.infolist()[0]
        for _ in range(2000):
            copy = zipfile.ZipInfo(row.filename)
            copy.compress_type, copy.CRC = row.compress_type, row.CRC
            copy.compress_size, copy.file_size = row.compress_size, row.file_size
            copy.header_offset, copy.external_attr = row.header_offset, row.external_attr
            archive.filelist.append(copy)
    path = written(tmp_path, "m-1-py3-none-any.whl", buffer.getvalue())

    found = file_inventory(path, Limits(ratio_from=10 << 20, ratio=1))

    # Newer Pythons refuse entries that overlap before any bound does.
    refusals = ("more than the bounds allow", "Overlapped")
    assert any(text in one.reason for one in found.problems for text in refusals)
