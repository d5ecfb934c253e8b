"""Platforms, descriptors and configurations, whatever their members hold."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.errors import ImageError, UsageError
from lading.image import manifest
from lading.image.manifest import Platform, config, descriptors, parse_platform, this_machine

DIGEST = "sha256:" + "a" * 64


@pytest.mark.parametrize("text", ["linux/amd64", "linux/arm64/v8", "windows/amd64", "linux/arm/v7"])
def test_a_platform_is_written_as_it_is_read(text: str) -> None:
    assert str(parse_platform(text)) == text


@pytest.mark.parametrize(
    ("image", "wanted", "answer"),
    [
        ("linux/amd64", "linux/amd64", True),
        ("linux/amd64", "linux/arm64", False),
        ("windows/amd64", "linux/amd64", False),
        ("linux/arm64/v8", "linux/arm64", True),
        ("linux/arm64", "linux/arm64/v8", True),
        ("linux/arm/v6", "linux/arm/v7", False),
        ("linux/arm/v7", "linux/arm/v7", True),
    ],
)
def test_an_image_serves_a_platform(image: str, wanted: str, answer: bool) -> None:
    assert parse_platform(image).serves(parse_platform(wanted)) is answer


@given(st.text(max_size=20))
def test_text_is_a_platform_or_wrong_usage(text: str) -> None:
    try:
        platform = parse_platform(text)
    except UsageError:
        return
    assert str(platform) == text


def test_this_machine_runs_linux_under_the_name_that_images_use() -> None:
    here = this_machine()

    assert here.os == "linux"
    assert here.architecture not in ("x86_64", "aarch64")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(DIGEST),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            [
                "manifests", "layers", "digest", "size", "platform", "annotations", "mediaType",
                "os", "architecture", "variant", "urls", "rootfs", "diff_ids", "history",
                "created", "created_by", "empty_layer", "schemaVersion",
            ]
        ),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


@given(JSON)
def test_any_document_is_read_or_refused(value: Any) -> None:
    data = json.dumps(value).encode()
    with suppress(ImageError):
        config(data, "it")
    for member in ("manifests", "layers"):
        with suppress(ImageError):
            descriptors(manifest.document(data, "it"), member, "it")


@given(st.binary(max_size=60))
def test_any_bytes_are_a_document_or_refused(data: bytes) -> None:
    with suppress(ImageError):
        assert isinstance(manifest.document(data, "it"), dict)


def test_what_accompanies_an_image_is_none() -> None:
    items = descriptors(
        {
            "manifests": [
                {"digest": DIGEST, "annotations": {"vnd.docker.reference.type": "attestation"}},
                {"digest": DIGEST, "platform": {"os": "unknown", "architecture": "unknown"}},
                {"digest": DIGEST, "platform": {"os": "linux", "architecture": "amd64"}},
                {"digest": DIGEST},
            ]
        },
        "manifests",
        "it",
    )

    assert [item.is_image for item in items] == [False, False, True, True]
    assert items[2].platform == Platform(os="linux", architecture="amd64")


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        ({"mediaType": "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"}, True),
        ({"mediaType": "application/vnd.oci.image.layer.nondistributable.v1.tar"}, True),
        ({"urls": ["https://example.com/layer"]}, True),
        ({"urls": []}, False),
        ({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip"}, False),
    ],
)
def test_foreign_layers_are_known_by_type_or_address(item: dict[str, Any], answer: bool) -> None:
    (found,) = descriptors({"layers": [{"digest": DIGEST, **item}]}, "layers", "it")

    assert found.is_foreign is answer
