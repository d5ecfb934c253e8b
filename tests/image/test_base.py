"""What an image was built on: named, shown by its history, or known by its layers."""

from pathlib import Path
from typing import Any

import pytest

from image.layouts import Layout, a_config, sha256
from image.opening import image_of
from lading.image.base import KnownBase, chain_ids, known_base, said_base
from lading.model.image import BaseImage

A, B, C = (f"sha256:{letter * 64}" for letter in "abc")
NAMED = {
    "org.opencontainers.image.base.name": "debian:12",
    "org.opencontainers.image.base.digest": A,
}


def made(*entries: str) -> list[dict[str, object]]:
    """A history; what begins with a dash makes no layer."""
    return [
        {"created_by": entry.removeprefix("-"), "empty_layer": entry.startswith("-")}
        for entry in entries
    ]


@pytest.mark.parametrize(
    ("history", "layers", "below"),
    [
        pytest.param(made("ADD rootfs", "-CMD bash", "RUN x"), 2, 1, id="BuildKit"),
        pytest.param(
            made("ADD rootfs", '-/bin/sh -c #(nop)  CMD ["bash"]', "RUN x"), 2, 1, id="Docker's own"
        ),
        pytest.param(
            made("ADD rootfs", "-CMD bash", "RUN a", "-ENTRYPOINT a", "RUN b", "-CMD b"),
            3,
            2,
            id="a base built on a base: the upper one",
        ),
        pytest.param(made("ADD rootfs", "RUN x", "-CMD x"), 2, None, id="only its own command"),
        pytest.param(made("-CMD x", "ADD rootfs"), 1, None, id="nothing below the command"),
        pytest.param(made("ADD rootfs", "-CMDS x", "RUN x"), 2, None, id="another word"),
        pytest.param(made("ADD rootfs", "-CMD x", "RUN x"), 3, None, id="not of these layers"),
        pytest.param("CMD", 1, None, id="no list"),
        pytest.param([7, None], 2, None, id="no objects"),
        pytest.param([{"created_by": 7, "empty_layer": True}, {}], 1, None, id="no text"),
        pytest.param(None, 0, None, id="none"),
    ],
)
def test_the_base_ends_at_the_last_command_that_layers_follow(
    history: object, layers: int, below: int | None
) -> None:
    base = said_base({}, None, history, layers)

    assert (base.layers if base else None) == below
    assert base is None or (base.name, base.evidence) == (None, "history")


def test_annotations_name_the_base_before_labels_which_are_inherited() -> None:
    labels = {"org.opencontainers.image.base.name": "grandparent:1"}

    assert said_base(NAMED, labels, None, 2) == BaseImage(
        name="debian:12", digest=A, layers=None, evidence="annotation"
    )
    assert said_base({}, labels, made("ADD x", "-CMD x", "RUN y"), 2) == BaseImage(
        name="grandparent:1", digest=None, layers=1, evidence="label"
    )


@pytest.mark.parametrize("labels", [None, [], "x", {"org.opencontainers.image.base.name": 7}])
def test_labels_of_another_shape_name_nothing(labels: Any) -> None:
    assert said_base({}, labels, None, 1) is None


def test_a_name_without_end_is_cut() -> None:
    base = said_base({"org.opencontainers.image.base.name": "x" * 10**6}, None, None, 1)

    assert base is not None
    assert base.name is not None
    assert len(base.name) == 512


def test_chain_ids_are_those_of_the_specification() -> None:
    above = sha256(f"{A} {B}".encode())

    assert chain_ids([A, B, C]) == (A, above, sha256(f"{above} {C}".encode()))
    assert chain_ids([]) == ()
    assert chain_ids(["", B]) == ()


def test_an_image_on_disk_says_its_base(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layers = [b"\0" * 1024, b"\0" * 2048]
    config = a_config(
        [sha256(layer) for layer in layers],
        config={"Labels": NAMED},
        history=made("ADD rootfs", "-CMD bash", "RUN x"),
    )
    layout.list(layout.image(*layers, config=config))

    base = image_of(tmp_path).base

    assert base == BaseImage(name="debian:12", digest=A, layers=1, evidence="label")


def test_the_highest_known_base_wins_and_none_is_its_own(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layers = [b"\0" * 512 * size for size in (2, 3, 4)]
    layout.list(layout.image(*layers))
    image = image_of(tmp_path)
    chain = chain_ids([layer.diff_id for layer in image.layers])
    known = [
        KnownBase(name=f"base:{count}", digest=B, chain=id, layers=count)
        for count, id in enumerate(chain, 1)
    ]

    assert known_base(image, known) == BaseImage(
        name="base:2", digest=B, layers=2, evidence="known"
    )
    assert known_base(image, known[:1]) == BaseImage(
        name="base:1", digest=B, layers=1, evidence="known"
    )
    assert known_base(image, known[2:]) is None
    assert known_base(image, ()) is None
