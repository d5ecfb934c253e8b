"""What `docker save` writes, old and new, and what is said of broken archives."""

import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from image.layouts import (
    Json,
    Member,
    a_config,
    a_docker_archive,
    a_layout,
    an_archive,
    archived,
    docker_members,
    gzipped,
    plain,
    sha256,
)
from image.opening import image_of, opened, packages
from image.tars import a_tar
from lading.errors import DigestMismatch, ImageError

BASE = a_tar(("etc/packages", b"base 1\n"))
APP = a_tar(("srv/app.list", b"app 2\n"))
OTHER = a_tar(("srv/other.list", b"other 3\n"))


@pytest.mark.parametrize(
    "pack", [plain, gzipped, zstandard.compress], ids=["plain", "gzip", "zstd"]
)
@pytest.mark.parametrize("scheme", ["", "docker-archive:"])
def test_an_archive_is_read_packed_or_not(
    tmp_path: Path, pack: Callable[[bytes], bytes], scheme: str
) -> None:
    path = a_docker_archive(tmp_path / "image.tar", (["app:1"], [BASE, APP]), pack=pack)

    assert packages(f"{scheme}{path}") == {"base 1": 0, "app 2": 1}


def test_what_the_image_says_of_itself(tmp_path: Path) -> None:
    path = a_docker_archive(tmp_path / "image.tar", (["app:1", "app:latest"], [BASE]))
    found = image_of(path)

    assert (found.reference, found.digest, found.platform) == ("app:1", None, "linux/amd64")
    assert found.config_digest == sha256(a_config([sha256(BASE)]))
    assert [(one.digest, one.diff_id, one.size, one.created_by) for one in found.layers] == [
        (None, sha256(BASE), None, "RUN step 0")
    ]


def test_layers_that_are_links_to_those_of_other_images(tmp_path: Path) -> None:
    images = ((["a:1"], [BASE, APP]), (["b:1"], [BASE, OTHER]))
    path = a_docker_archive(tmp_path / "image.tar", *images, linked=True)

    with tarfile.open(path) as archive:
        assert any(member.issym() for member in archive)
    assert packages(f"docker-archive:{path}:b:1") == {"base 1": 0, "other 3": 1}


def test_a_new_archive_is_both_an_oci_layout_and_a_docker_archive(tmp_path: Path) -> None:
    folder = a_layout(tmp_path / "layout", BASE, APP)
    config = a_config([sha256(BASE), sha256(APP)])
    entry = {
        "Config": f"blobs/sha256/{sha256(config)[7:]}",
        "RepoTags": ["app:1"],
        "Layers": [f"blobs/sha256/{sha256(layer)[7:]}" for layer in (BASE, APP)],
    }
    (folder / "manifest.json").write_text(json.dumps([entry]))
    path = archived(folder, tmp_path / "image.tar")

    assert packages(path) == {"base 1": 0, "app 2": 1}
    assert packages(f"docker-archive:{path}") == {"base 1": 0, "app 2": 1}
    assert image_of(path).digest is not None
    assert image_of(f"docker-archive:{path}:app:1").digest is None


def test_tags_choose_among_several(tmp_path: Path) -> None:
    images: tuple[tuple[list[str], list[bytes]], ...] = (
        (["registry.example:5000/team/a:1", "a:latest"], [BASE]),
        (["b:2"], [APP]),
        ([], [OTHER]),
    )
    path = a_docker_archive(tmp_path / "image.tar", *images)

    for tag in ("registry.example:5000/team/a:1", "1", "a:latest", "a", "latest"):
        assert packages(f"docker-archive:{path}:{tag}") == {"base 1": 0}, tag
    assert packages(f"docker-archive:{path}:b:2") == {"app 2": 0}
    assert image_of(f"docker-archive:{path}:2").reference == "b:2"
    with pytest.raises(ImageError, match="has several images: a:latest, b:2, registry"):
        opened(path)
    with pytest.raises(ImageError, match="has no image 'c:1'; it has a:latest, b:2, registry"):
        opened(f"docker-archive:{path}:c:1")


@pytest.mark.parametrize("stored", ["docker.io/library/app:1", "docker.io/team/app:1", "team/app"])
def test_a_name_of_docker_s_own_registry_may_be_written_short_or_in_full(
    stored: str, tmp_path: Path
) -> None:
    path = a_docker_archive(tmp_path / "image.tar", ([stored], [BASE]), (["other:2"], [APP]))
    short = stored.removeprefix("docker.io/").removeprefix("library/")

    for tag in (stored, short, f"docker.io/{short}"):
        assert packages(f"docker-archive:{path}:{tag}") == {"base 1": 0}, tag


def test_a_platform_that_is_not_the_image_s_is_refused(tmp_path: Path) -> None:
    path = a_docker_archive(tmp_path / "image.tar", (["app:1"], [BASE]))

    assert packages(path, "linux/amd64") == {"base 1": 0}
    with pytest.raises(ImageError, match="has no image for linux/arm64; it has linux/amd64"):
        opened(path, "linux/arm64")


# Damage


def changed(path: Path, **members: object) -> Path:
    """An archive whose only entry in manifest.json has other members."""
    files, entries = docker_members((["app:1"], [BASE, APP]))
    entry = {**entries[0], **members}
    return an_archive(path, *files, ("manifest.json", json.dumps([entry]).encode()))


@pytest.mark.parametrize(
    ("members", "message"),
    [
        pytest.param({"Config": None}, "manifest.json has no Config", id="no configuration"),
        pytest.param({"Config": 7}, "manifest.json has no Config", id="a number for a name"),
        pytest.param({"Config": "x.json"}, "it has no x.json", id="configuration is missing"),
        pytest.param({"Config": "../../etc/passwd"}, "it has no ../../etc/passwd", id="outside"),
        pytest.param({"Layers": None}, "manifest.json lists no layers", id="no layers"),
        pytest.param({"Layers": "abc"}, "manifest.json lists no layers", id="a text for a list"),
        pytest.param({"Layers": [1, 2]}, "manifest.json lists no layers", id="numbers"),
        pytest.param({"Layers": []}, "has 0 layers, its configuration 2", id="too few"),
        pytest.param({"Layers": ["a", "b"]}, r"layer 0 \(a\) is not there", id="missing"),
    ],
)
def test_an_entry_that_is_none(tmp_path: Path, members: Json, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        opened(changed(tmp_path / "image.tar", **members))


@pytest.mark.parametrize("tags", [None, 5, "app:1", {"app": 1}, [5, None], [[]]])
def test_tags_of_wrong_types_are_none(tmp_path: Path, tags: object) -> None:
    path = changed(tmp_path / "image.tar", RepoTags=tags)

    assert image_of(path).reference is None
    with pytest.raises(ImageError, match="has no image 'app:1'; it has no named one"):
        opened(f"docker-archive:{path}:app:1")


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"5", b"[5]", b"[[]]", b"[", b"null", b"\xff", b"[" * 99_999]
)
def test_a_manifest_that_is_no_list_of_images(tmp_path: Path, text: bytes) -> None:
    path = an_archive(tmp_path / "image.tar", ("manifest.json", text))

    with pytest.raises(ImageError, match=r"manifest\.json is no list of images"):
        opened(path)


def test_an_archive_of_no_image(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="lists no image"):
        opened(an_archive(tmp_path / "image.tar", ("manifest.json", b"[]")))


def test_a_configuration_that_is_not_the_one_its_name_promises(tmp_path: Path) -> None:
    files, entries = docker_members((["app:1"], [BASE]))
    files[0] = (str(entries[0]["Config"]), a_config([sha256(BASE)], created="2030-01-01T00:00:00Z"))
    manifest = ("manifest.json", json.dumps(entries).encode())

    with pytest.raises(DigestMismatch, match="the configuration"):
        opened(an_archive(tmp_path / "image.tar", *files, manifest))


def test_a_layer_that_is_not_what_the_configuration_promises(tmp_path: Path) -> None:
    files, entries = docker_members((["app:1"], [BASE]))
    files[1] = (str(entries[0]["Layers"][0]), APP)
    manifest = ("manifest.json", json.dumps(entries).encode())

    with pytest.raises(DigestMismatch, match="layer 0, unpacked"):
        packages(an_archive(tmp_path / "image.tar", *files, manifest))


def test_links_in_a_circle_are_no_layer(tmp_path: Path) -> None:
    files, entries = docker_members((["app:1"], [BASE]))
    name = str(entries[0]["Layers"][0])
    link = tarfile.TarInfo(name)
    link.type, link.linkname = tarfile.SYMTYPE, "layer.tar"
    members: list[Member] = [files[0], link, ("manifest.json", json.dumps(entries).encode())]

    with pytest.raises(ImageError, match=r"layer 0 \(.*\) is not there"):
        opened(an_archive(tmp_path / "image.tar", *members))
