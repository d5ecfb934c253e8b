"""TARGET: schemes, tags with slashes and colons, and recognition by content."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from image.layouts import a_docker_archive, a_layout, an_archive, archived, gzipped
from image.opening import opened, packages
from image.tars import a_block, a_file, a_tar
from lading.errors import ImageError, LadingError, UsageError
from lading.image.target import ANYWHERE, STDIN, Target, parse, recognise

LAYER = a_tar(("etc/packages", b"base 1\n"))
DIGEST = "sha256:" + "a" * 64


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_layout(tmp_path / "layout", LAYER)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return a_docker_archive(tmp_path / "image.tar", (["app:1"], [LAYER]))


@pytest.mark.parametrize(
    ("rest", "tag", "digest"),
    [
        ("", None, None),
        (":1.0", "1.0", None),
        (":team/app:1.0", "team/app:1.0", None),
        (":registry.example:5000/team/app:1.0", "registry.example:5000/team/app:1.0", None),
        (f"@{DIGEST}", None, DIGEST),
        (":", None, None),
    ],
)
def test_a_tag_or_digest_comes_behind_the_path(
    folder: Path, archive: Path, rest: str, tag: str | None, digest: str | None
) -> None:
    assert parse(f"oci:{folder}{rest}") == Target(f"oci:{folder}{rest}", "oci", folder, tag, digest)
    for scheme in ("oci-archive", "docker-archive"):
        given = f"{scheme}:{archive}{rest}"
        assert parse(given) == Target(given, scheme, archive, tag, digest)


def test_a_path_that_exists_as_a_whole_has_no_tag(tmp_path: Path) -> None:
    odd = a_layout(tmp_path / "a:b@c:d", LAYER)

    assert parse(f"oci:{odd}")[2:5] == (odd, None, None)
    assert parse(f"oci:{odd}:1")[2:5] == (odd, "1", None)
    assert parse(f"dir:{odd}")[2:5] == (odd, None, None)
    assert parse(str(odd)).path == odd


def test_a_relative_path_may_look_like_a_tag(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_layout(tmp_path / "a", LAYER)
    a_layout(tmp_path / "a:1", LAYER)
    monkeypatch.chdir(tmp_path)

    assert parse("oci:a:1")[2:4] == (Path("a:1"), None)
    assert parse("oci:a:2")[2:4] == (Path("a"), "2")


@pytest.mark.parametrize("scheme", ["oci", "oci-archive", "docker-archive", "dir"])
def test_a_scheme_without_a_path_is_wrong_usage(scheme: str) -> None:
    with pytest.raises(UsageError, match=f"names no path; write {scheme}:PATH"):
        parse(f"{scheme}:")


@pytest.mark.parametrize("given", ["", "a\0b"])
def test_no_target_is_wrong_usage(given: str) -> None:
    with pytest.raises(UsageError):
        parse(given)


@pytest.mark.parametrize("scheme", ["oci", "oci-archive", "docker-archive", "dir", ""])
@pytest.mark.parametrize("path", ["/nothing/here.tar", "/" + "n" * 5000, "/" + "n/" * 4000])
def test_a_path_that_is_not_there_is_one_short_line(scheme: str, path: str) -> None:
    with pytest.raises(ImageError) as caught:
        parse(f"{scheme}:{path}" if scheme else path)

    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 6000


def test_a_scheme_says_exactly_what_is_there(folder: Path, archive: Path) -> None:
    for given, message in (
        (f"oci:{archive}", "is no directory, so not oci:"),
        (f"dir:{archive}", "is no directory, so not dir:"),
        (f"oci-archive:{folder}", "is no regular file, so not oci-archive:"),
        (f"docker-archive:{folder}", "is no regular file, so not docker-archive:"),
    ):
        with pytest.raises(ImageError, match=message):
            parse(given)


def test_a_layout_can_be_read_as_the_directory_it_is(folder: Path) -> None:
    assert packages(f"dir:{folder}") == {}


@pytest.mark.parametrize("given", ["app:1", "registry.example:5000/team/app@" + DIGEST, "alpine"])
def test_what_is_no_path_may_be_a_reference(given: str) -> None:
    assert parse(given)[:2] == (given, ANYWHERE)


def test_a_dash_is_standard_input() -> None:
    assert parse("-").scheme == STDIN


# Recognition


def test_what_stands_at_a_path_is_recognised(tmp_path: Path, folder: Path, archive: Path) -> None:
    (tmp_path / "root/etc").mkdir(parents=True)

    assert parse(str(folder)).scheme == "oci"
    assert parse(str(archive)).scheme == "archive"
    assert parse(str(tmp_path / "root")).scheme == "dir"


@pytest.mark.parametrize("missing", ["oci-layout", "index.json"])
def test_a_layout_needs_one_of_its_marks_and_its_blobs(folder: Path, missing: str) -> None:
    (folder / missing).unlink()
    assert recognise(folder) == "oci"
    (folder / "blobs").rename(folder / "globs")
    assert recognise(folder) == "dir"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(gzipped(LAYER), id="gzip"),
        pytest.param(zstandard.compress(LAYER), id="zstd"),
        pytest.param(b"\x5f\x2a\x4d\x18\0\0\0\0" + zstandard.compress(LAYER), id="skippable frame"),
        pytest.param(LAYER, id="tar"),
        pytest.param(a_block(magic=b"ustar  \0"), id="GNU tar"),
        pytest.param(a_block(magic=b""), id="tar before POSIX"),
    ],
)
def test_archives_are_recognised_by_their_first_bytes(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "file").write_bytes(data)

    assert recognise(tmp_path / "file") == "archive"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"hello\n", id="text"),
        pytest.param(b"x" * 5000, id="long text"),
        pytest.param(bytes(10240), id="zeros"),
        pytest.param(b"\x7fELF" + bytes(600), id="program"),
        pytest.param(a_block()[:300], id="half a header"),
    ],
)
def test_what_is_no_archive_is_a_single_file_that_some_reader_must_take(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "file").write_bytes(data)

    assert recognise(tmp_path / "file") == "file"
    with pytest.raises(ImageError, match="is no image, and no reader takes"):
        packages(tmp_path / "file")


def test_an_empty_file_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ImageError, match="is empty"):
        parse(str(tmp_path / "file"))


def test_a_fifo_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")

    with pytest.raises(ImageError, match="is neither a regular file nor a directory"):
        parse(str(tmp_path / "fifo"))


# Archives of either kind


def test_an_archive_that_is_no_image_says_what_it_lacks(tmp_path: Path) -> None:
    path = an_archive(tmp_path / "root.tar", ("etc/passwd", b"root"), ("bin/sh", b""))

    for scheme, wanted in (
        ("", "manifest.json"),
        ("docker-archive:", "manifest.json"),
        ("oci-archive:", "index.json"),
    ):
        with pytest.raises(ImageError, match=f"a tar archive but no image: it has no {wanted}"):
            opened(f"{scheme}{path}")


def test_a_scheme_refuses_the_other_kind_of_archive(tmp_path: Path, archive: Path) -> None:
    layout = archived(a_layout(tmp_path / "layout", LAYER), tmp_path / "oci.tar")

    assert packages(f"oci-archive:{layout}") == {"base 1": 0}
    with pytest.raises(ImageError, match=r"no image: it has no manifest\.json"):
        opened(f"docker-archive:{layout}")
    with pytest.raises(ImageError, match=r"no image: it has no index\.json"):
        opened(f"oci-archive:{archive}")


@pytest.mark.parametrize("pack", [bytes, gzipped, zstandard.compress], ids=["tar", "gzip", "zstd"])
@pytest.mark.parametrize("kind", ["oci", "docker"])
def test_an_archive_cut_anywhere_is_an_error(
    tmp_path: Path, pack: Callable[[bytes], bytes], kind: str
) -> None:
    noise = os.urandom(60_000)
    layer = a_tar(("etc/packages", b"base 1\n"), ("noise", noise))
    if kind == "oci":
        path = archived(a_layout(tmp_path / "layout", layer), tmp_path / "image.tar", pack)
    else:
        path = a_docker_archive(tmp_path / "image.tar", (["a:1"], [layer]), pack=pack)
    data = path.read_bytes()
    assert packages(path) == {"base 1": 0}

    for part in range(1, 20):
        path.write_bytes(data[: len(data) * part // 25])
        with pytest.raises(LadingError):
            packages(path)


def test_a_tar_of_one_header_that_promises_more(tmp_path: Path) -> None:
    path = tmp_path / "image.tar"
    path.write_bytes(a_file(b"manifest.json", b"x" * 2000)[:-512])

    with pytest.raises(ImageError, match="is damaged: it is cut short"):
        opened(path)
