"""OCI layouts: which image is meant, and what is said of broken ones."""

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from image.layouts import (
    ATTESTATION,
    DOCKER,
    OCI,
    Json,
    Layout,
    a_config,
    a_layout,
    archived,
    for_platform,
    gzipped,
    sha256,
    tagged,
)
from image.opening import image_of, inventoried, opened, packages
from image.tars import a_tar
from lading.errors import DigestMismatch, ImageError, LimitExceeded, UsageError
from lading.image.manifest import this_machine

BASE = a_tar(("etc/packages", b"base 1\n"))
APP = a_tar(("srv/app.list", b"app 2\n"))
OTHER = a_tar(("srv/other.list", b"other 3\n"))


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    return Layout(tmp_path / "layout")


def test_what_the_image_says_of_itself(layout: Layout) -> None:
    image = layout.image(BASE, APP, pack=gzipped)
    found = image_of(layout.list(tagged(image, "1.0")))

    assert (found.reference, found.digest, found.platform, found.created) == (
        "1.0",
        image["digest"],
        "linux/amd64",
        "2024-01-02T03:04:05Z",
    )
    assert [(one.index, one.diff_id, one.created_by) for one in found.layers] == [
        (0, sha256(BASE), "RUN step 0"),
        (1, sha256(APP), "RUN step 1"),
    ]
    assert [(one.digest, one.size) for one in found.layers] == [
        (sha256(gzipped(layer)), len(gzipped(layer))) for layer in (BASE, APP)
    ]


@pytest.mark.parametrize("packed", [False, True])
def test_the_same_layout_as_a_folder_and_as_an_archive(tmp_path: Path, packed: bool) -> None:
    folder = a_layout(tmp_path / "layout", BASE, APP)
    target = archived(folder, tmp_path / "image.tar") if packed else folder

    assert packages(target) == {"base 1": 0, "app 2": 1}


@pytest.mark.parametrize("count", [0, 1, 3])
def test_an_image_of_any_number_of_layers(layout: Layout, count: int) -> None:
    target = layout.list(layout.image(*[a_tar(("f", b"%d" % n)) for n in range(count)]))

    assert len(opened(target).layers) == count
    assert packages(target) == {}


# Which image


def test_tags_and_digests_choose_among_several(layout: Layout) -> None:
    one, two = layout.image(BASE), layout.image(APP)
    folder = layout.list(tagged(one, "1"), tagged(two, "team/app:2"))

    assert packages(f"oci:{folder}:1") == {"base 1": 0}
    assert packages(f"oci:{folder}:team/app:2") == {"app 2": 0}
    assert packages(f"oci:{folder}@{two['digest']}") == {"app 2": 0}
    assert image_of(f"oci:{folder}@{two['digest']}").reference == "team/app:2"


def test_containerd_calls_images_by_their_full_name(layout: Layout) -> None:
    image = layout.image(BASE)
    name = {"io.containerd.image.name": "docker.io/library/app:1"}
    folder = layout.list({**image, "annotations": name}, tagged(layout.image(APP), "2"))

    assert packages(f"oci:{folder}:docker.io/library/app:1") == {"base 1": 0}


def test_several_images_without_a_choice_are_listed(layout: Layout) -> None:
    folder = layout.list(tagged(layout.image(BASE), "1"), tagged(layout.image(APP), "2"))

    with pytest.raises(ImageError, match="has several images: 1, 2; add one as :TAG or @DIGEST"):
        opened(folder)
    with pytest.raises(ImageError, match="has no image '3'; it has 1, 2"):
        opened(f"oci:{folder}:3")


def test_of_many_images_a_few_are_listed(layout: Layout) -> None:
    image = layout.image(BASE)
    folder = layout.list(*[tagged(image, f"v{number:02}") for number in range(30)])

    with pytest.raises(ImageError, match=r"v00, v01, .* and 20 more"):
        opened(folder)


def test_a_digest_may_be_of_an_image_that_the_index_does_not_list(layout: Layout) -> None:
    hidden = layout.image(APP)
    folder = layout.list(tagged(layout.image(BASE), "1"))

    assert packages(f"oci:{folder}@{hidden['digest']}") == {"app 2": 0}


@pytest.mark.parametrize("digest", ["sha256:12", "md5:" + "0" * 32, "sha256:../../etc/passwd"])
def test_a_digest_that_is_none_is_refused(layout: Layout, digest: str) -> None:
    folder = layout.list(layout.image(BASE))

    with pytest.raises(ImageError, match="is no sha256 or sha512 digest"):
        opened(f"oci:{folder}@{digest}")


def test_an_image_may_be_named_by_its_sha512(layout: Layout) -> None:
    manifest = layout.path(layout.image(BASE)["digest"]).read_bytes()
    digest = hashlib.sha512(manifest).hexdigest()
    (layout.blobs / "sha512").mkdir()
    (layout.blobs / "sha512" / digest).write_bytes(manifest)

    assert packages(f"oci:{layout.folder}@sha512:{digest}") == {"base 1": 0}


# Platforms


@pytest.fixture
def many(layout: Layout) -> Path:
    here = str(this_machine())
    items = [
        for_platform(layout.image(BASE, platform="linux/s390x"), "linux/s390x"),
        for_platform(layout.image(APP, platform=here), here),
        for_platform(layout.image(OTHER, platform="linux/arm/v6"), "linux/arm/v6"),
        {**layout.image(a_tar(("x", b""))), **ATTESTATION},
    ]
    return layout.list(tagged(layout.index(*items), "1"))


def test_without_a_platform_this_machine_is_meant(many: Path) -> None:
    assert packages(many) == {"app 2": 0}
    assert image_of(many).platform == str(this_machine())
    assert image_of(many).reference == "1"


def test_a_platform_chooses(many: Path) -> None:
    assert packages(many, "linux/s390x") == {"base 1": 0}
    assert packages(many, "linux/arm") == {"other 3": 0}
    assert packages(many, "linux/arm/v6") == {"other 3": 0}


@pytest.mark.parametrize("platform", ["linux/riscv64", "windows/amd64", "linux/arm/v7"])
def test_a_platform_that_is_not_there_lists_those_that_are(many: Path, platform: str) -> None:
    with pytest.raises(ImageError, match=rf"no image for {platform}; it has .*linux/s390x; choose"):
        opened(many, platform)


def test_the_only_image_is_meant_whatever_it_runs_on(layout: Layout) -> None:
    item = for_platform(layout.image(BASE, platform="linux/s390x"), "linux/s390x")
    folder = layout.list(layout.index(item, {**layout.image(APP), **ATTESTATION}))

    assert packages(folder) == {"base 1": 0}
    with pytest.raises(ImageError, match="no image for linux/amd64; it has linux/s390x"):
        opened(folder, "linux/amd64")


def test_the_configuration_says_the_platform_where_the_index_does_not(layout: Layout) -> None:
    items = [
        layout.image(BASE, platform="linux/s390x"),
        layout.image(APP, platform="linux/ppc64le"),
    ]

    assert packages(layout.list(layout.index(*items)), "linux/ppc64le") == {"app 2": 0}


@pytest.mark.parametrize(
    "text", ["linux", "linux/", "/amd64", "Linux/amd64", "a/b/c/d", "", "a b/c"]
)
def test_a_malformed_platform_is_wrong_usage(many: Path, text: str) -> None:
    with pytest.raises(UsageError, match="is no platform; write os/arch"):
        opened(many, text)


def test_platforms_that_were_left_out_of_the_copy_are_not_needed(layout: Layout) -> None:
    gone = for_platform(layout.image(OTHER, platform="linux/arm64"), "linux/arm64")
    kept = for_platform(layout.image(BASE), "linux/amd64")
    folder = layout.list(layout.index(gone, kept))
    layout.path(gone["digest"]).unlink()

    assert packages(folder) == {"base 1": 0}
    with pytest.raises(
        ImageError, match=r"it has linux/amd64 .and lists linux/arm64, which are not"
    ):
        opened(folder, "linux/arm64")


# Indexes


def test_indexes_may_be_nested(layout: Layout) -> None:
    inner = layout.index(layout.index(layout.image(BASE)))

    assert packages(layout.list(tagged(inner, "1"))) == {"base 1": 0}


def test_indexes_nested_without_end_are_given_up(layout: Layout) -> None:
    item = layout.image(BASE)
    for _ in range(2000):
        item = layout.index(item)

    with pytest.raises(ImageError, match="indexes nested more than 16 deep"):
        opened(layout.list(item))


def test_indexes_that_list_each_other_twice_are_read_once(layout: Layout) -> None:
    item = layout.image(BASE)
    for _ in range(15):  # 2 to the 15th paths lead to the image
        item = layout.index(item, item)

    assert packages(layout.list(item)) == {"base 1": 0}


def test_an_index_that_lists_itself_cannot_have_its_own_digest(layout: Layout) -> None:
    digest = "sha256:" + "1" * 64
    index = {"manifests": [{"mediaType": f"{OCI}.index.v1+json", "digest": digest}]}
    layout.path(digest).write_text(json.dumps(index))

    with pytest.raises(DigestMismatch):
        opened(layout.list(index["manifests"][0]))


def test_too_many_images_are_given_up(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lading.image.oci._MOST_IMAGES", 5)
    images = [layout.image(a_tar(("f", b"%d" % number))) for number in range(6)]

    with pytest.raises(ImageError, match="too many images in nested indexes"):
        opened(layout.list(layout.index(*images)))


@pytest.mark.parametrize("items", [[], [ATTESTATION]])
def test_a_layout_without_an_image_says_so(layout: Layout, items: list[Json]) -> None:
    image = layout.image(BASE)

    with pytest.raises(ImageError, match="lists no image"):
        opened(layout.list(*[{**image, **item} for item in items]))
    with pytest.raises(ImageError, match="lists no image"):
        opened(layout.list(layout.index(*[{**image, **item} for item in items])))


# Damage


def test_what_is_missing_is_named(layout: Layout) -> None:
    image = layout.image(BASE, APP)
    folder = layout.list(image)
    manifest = json.loads(layout.path(image["digest"]).read_bytes())

    for digest, message in (
        (sha256(APP), "layer 1 .* is not there; copy the image again"),
        (manifest["config"]["digest"], "blobs/sha256/.* cannot be read: No such file"),
        (image["digest"], "manifest sha256:.* is not there; copy the image again"),
    ):
        layout.path(digest).unlink()
        with pytest.raises(ImageError, match=message):
            opened(folder)


@pytest.mark.parametrize("part", ["manifest", "config", "layer"])
def test_what_is_not_its_digest_is_refused(layout: Layout, part: str) -> None:
    image = layout.image(BASE)
    manifest = json.loads(layout.path(image["digest"]).read_bytes())
    digest = {
        "manifest": image["digest"],
        "config": manifest["config"]["digest"],
        "layer": sha256(BASE),
    }[part]
    path = layout.path(digest)
    path.write_bytes(path.read_bytes() + (bytes(512) if part == "layer" else b" "))

    with pytest.raises(DigestMismatch, match=part):
        packages(layout.list(image))


def test_a_layer_that_unpacks_to_something_else_is_refused(layout: Layout) -> None:
    config = a_config([sha256(APP)])

    with pytest.raises(DigestMismatch, match="layer 0, unpacked"):
        packages(layout.list(layout.image(BASE, config=config)))


@pytest.mark.parametrize(
    ("config", "message"),
    [
        pytest.param(a_config([]), "the manifest has 1 layers, its configuration 0", id="count"),
        pytest.param(b"{}", "has no rootfs.diff_ids", id="no rootfs"),
        pytest.param(b'{"rootfs": 5}', "has no rootfs.diff_ids", id="rootfs of a wrong type"),
        pytest.param(b'{"rootfs": {"diff_ids": [1]}}', "has no rootfs.diff_ids", id="numbers"),
        pytest.param(b'{"rootfs": {"diff_ids": [""]}}', "is no sha256 or", id="empty diff id"),
        pytest.param(b"[]", "is no JSON object", id="list"),
        pytest.param(b"{", "is no JSON document", id="cut short"),
        pytest.param(b"\xff\xfe", "is no JSON document", id="no UTF-8"),
        pytest.param(b"[" * 100_000, "is no JSON", id="nested without end"),
    ],
)
def test_a_configuration_that_is_none(layout: Layout, config: bytes, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        opened(layout.list(layout.image(BASE, config=config)))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        pytest.param({"schemaVersion": 1, "fsLayers": []}, "Docker schema 1 manifest", id="1"),
        pytest.param(
            {"mediaType": f"{DOCKER}.distribution.manifest.v1+prettyjws"}, "schema 1", id="1 signed"
        ),
        pytest.param({}, "has no list of layers", id="empty"),
        pytest.param({"layers": {}}, "has no list of layers", id="layers of a wrong type"),
        pytest.param({"layers": [5]}, r"layers\[0\] is no descriptor", id="a number for a layer"),
        pytest.param({"layers": [{}]}, r"layers\[0\] is no descriptor", id="no digest"),
        pytest.param({"layers": []}, "manifest's config is no descriptor", id="no config"),
        pytest.param({"manifests": 5}, "has no list of manifests", id="manifests"),
    ],
)
def test_a_manifest_that_is_none(layout: Layout, manifest: Json, message: str) -> None:
    with pytest.raises(ImageError, match=message):
        opened(layout.list(layout.put_json(manifest, f"{OCI}.manifest.v1+json")))


@pytest.mark.parametrize(
    "index", ["", "null", "5", "[]", "{}", '{"manifests": {}}', '{"manifests": [[]]}', "{" * 9999]
)
def test_an_index_that_is_none(layout: Layout, index: str) -> None:
    layout.list(layout.image(BASE))
    (layout.folder / "index.json").write_text(index)

    with pytest.raises(ImageError, match=r"index\.json"):
        opened(layout.folder)


def test_members_of_wrong_types_that_nothing_hangs_on_are_passed_over(layout: Layout) -> None:
    config = json.loads(a_config([sha256(BASE)]))
    config |= {"created": 5, "history": "none", "os": [], "architecture": None}
    image = layout.image(BASE, config=json.dumps(config).encode())
    odd: Json = {"annotations": [1], "platform": "linux", "size": -4, "urls": 7}
    folder = layout.list({**image, **odd})

    found = image_of(folder)
    assert (found.created, found.platform, found.reference) == (None, None, None)
    assert packages(folder) == {"base 1": 0}


def test_annotations_of_wrong_types_are_texts(layout: Layout) -> None:
    image = layout.image(BASE)
    folder = layout.list({**image, "annotations": {"org.opencontainers.image.ref.name": 5}})

    assert packages(f"oci:{folder}:5") == {"base 1": 0}


def test_a_history_that_does_not_fit_names_no_instruction(layout: Layout) -> None:
    history = [{"created_by": "a"}, {"created_by": "b", "empty_layer": True}, {"created_by": "c"}]
    for made, expected in ((history, ["a", "c"]), (history[:2], [None, None])):
        config = a_config([sha256(BASE), sha256(APP)], history=made)
        found = image_of(layout.list(layout.image(BASE, APP, config=config)))
        assert [layer.created_by for layer in found.layers] == expected


def test_documents_have_a_bound(layout: Layout) -> None:
    folder = layout.list(layout.image(BASE))
    with (folder / "index.json").open("r+b") as file:
        file.truncate(17 << 20)

    with pytest.raises(LimitExceeded, match=r"index\.json: more than 16777216 bytes"):
        opened(folder)


def test_images_have_a_bound_of_layers(layout: Layout) -> None:
    empty = a_tar()

    with pytest.raises(ImageError, match="513 layers, more than 512"):
        opened(layout.list(layout.image(*[empty] * 513)))


@pytest.mark.parametrize("name", ["index.json", "layer"])
def test_links_out_of_the_folder_are_not_followed(layout: Layout, name: str) -> None:
    folder = layout.list(layout.image(BASE))
    path = folder / name if name == "index.json" else layout.path(sha256(BASE))
    outside = folder.parent / "outside"
    path.rename(outside)
    path.symlink_to(outside)

    with pytest.raises(ImageError, match="is a link out of the folder"):
        packages(f"oci:{folder}")


def test_a_link_in_a_circle_is_said_to_be_one(layout: Layout) -> None:
    index = layout.folder / "index.json"
    index.unlink()
    index.symlink_to("index.json")

    with pytest.raises(ImageError, match=r"index\.json cannot be read"):
        opened(f"oci:{layout.folder}")


def test_a_fifo_for_a_blob_is_not_waited_for(layout: Layout) -> None:
    folder = layout.list(layout.image(BASE))
    (folder / "index.json").unlink()
    os.mkfifo(folder / "index.json")

    with pytest.raises(ImageError, match=r"index\.json is no regular file"):
        opened(f"oci:{folder}")


def test_a_foreign_layer_may_be_absent_and_is_missed(layout: Layout) -> None:
    foreign = {
        "mediaType": f"{DOCKER}.image.rootfs.foreign.diff.tar.gzip",
        "digest": sha256(OTHER),
        "size": len(OTHER),
    }
    config = layout.put(a_config([sha256(OTHER), sha256(APP)]), f"{OCI}.config.v1+json")
    layers = [foreign, layout.put(APP, f"{OCI}.layer.v1.tar")]
    manifest = layout.put_json({"config": config, "layers": layers}, f"{OCI}.manifest.v1+json")

    found = inventoried(layout.list(manifest))

    assert [package.name for package in found.packages] == ["app"]
    assert [problem.effect for problem in found.problems] == ["what layer 0 holds is missing"]


# skopeo


@pytest.mark.parametrize("kind", ["oci-archive", "docker-archive", "oci"])
def test_what_skopeo_copies_has_the_same_packages(tmp_path: Path, kind: str) -> None:
    if shutil.which("skopeo") is None:
        pytest.skip("skopeo is not installed")
    shared = a_tar(("srv/a.list", b"shared 4\n"), ("srv/.wh.app.list", b""))
    folder = a_layout(tmp_path / "layout", BASE, APP, shared, BASE, pack=gzipped)
    copy = tmp_path / "copy"
    tag = ":team/app:1.0" if kind == "docker-archive" else ":1"
    command = ["skopeo", "--tmpdir", str(tmp_path), "--insecure-policy", "copy", "--quiet"]
    subprocess.run([*command, f"oci:{folder}:1", f"{kind}:{copy}{tag}"], check=True)

    assert packages(copy) == packages(folder) == {"base 1": 0, "shared 4": 2}
