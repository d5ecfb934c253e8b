"""Layers made for lazy pulling read as ordinary ones: their bookkeeping is no file of the image."""

import gzip
import io
import subprocess
from pathlib import Path

import pytest
import zstandard

from image.layouts import OCI, Layout, a_config, sha256, tagged
from image.lazy import LANDMARKS, TOC, estargz, zstd_chunked
from image.opening import inventoried
from image.tars import END, a_block, a_file, padded, read, walked
from lading.image.tree import Tree
from version_judges import program

FILES = {
    b"etc/packages": b"one 1.0\n",
    b"empty": b"",
    b"usr/bin/tool": b"#!/bin/sh\n" * 100,
    b"data": bytes(5000),
}


def an_image(folder: Path, blob: bytes, tar: bytes) -> Path:
    layout = Layout(folder)
    manifest = {
        "schemaVersion": 2,
        "config": layout.put(a_config([sha256(tar)]), f"{OCI}.config.v1+json"),
        "layers": [layout.put(blob, f"{OCI}.layer.v1.tar")],
    }
    return layout.list(tagged(layout.put_json(manifest, f"{OCI}.manifest.v1+json"), "1"))


LAYERS = {
    "eStargz": estargz(FILES),
    "eStargz without prefetching": estargz(FILES, landmark=LANDMARKS[1]),
    "eStargz with dots": estargz(FILES, lead=b"./"),
    "zstd:chunked": zstd_chunked(FILES),
}


def unpacked(blob: bytes) -> bytes:
    if blob[:2] == b"\x1f\x8b":
        return gzip.decompress(blob)
    frames = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(blob), read_across_frames=True)
    return frames.read()


@pytest.mark.parametrize("blob", LAYERS.values(), ids=LAYERS.keys())
def test_a_lazy_layer_is_read_with_its_digests_and_without_bookkeeping(
    blob: bytes, tmp_path: Path
) -> None:
    tar = unpacked(blob)

    found = inventoried(an_image(tmp_path / "image", blob, tar))

    assert [f"{one.name} {one.version}" for one in found.packages] == ["one 1.0"]
    assert found.problems == ()
    assert found.files == len(FILES)


@pytest.mark.parametrize("blob", LAYERS.values(), ids=LAYERS.keys())
def test_tar_reads_the_same_files(blob: bytes, tmp_path: Path) -> None:
    """The layers are sound: GNU tar finds every file, and the bookkeeping of eStargz beside."""
    (tmp_path / "layer.tar").write_bytes(unpacked(blob))
    command = (program("tar"), "--list", "--file", str(tmp_path / "layer.tar"))
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()

    names = {name.removeprefix("./").encode() for name in listed}
    assert names - {TOC, *LANDMARKS} == set(FILES)


COUNTED: dict[str, bytes] = {
    "executable": a_block(TOC, b"0", 10, mode=b"0000755\0") + padded(b"#!/bin/sh\n"),
    "of a program": a_file(TOC, b"\x7fELF"),
    "elsewhere": a_file(b"app/" + TOC, b"{}"),
    "a link": a_file(LANDMARKS[0], b"", b"2", b"x"),
}


@pytest.mark.parametrize("entry", COUNTED.values(), ids=COUNTED.keys())
def test_what_is_only_called_so_counts(entry: bytes) -> None:
    tree = Tree()
    tree.apply(walked(entry + a_file(b"f") + END))

    assert tree.count() == 2


def test_a_file_of_that_name_is_no_place_to_hide_in() -> None:
    """A link to it by a name that somebody wants is followed as to any other file."""
    toc = a_file(TOC, b"{}")
    link = a_file(b"app/package.json", b"", b"1", TOC)

    assert read(toc + link + END, "/app/package.json") == {"/app/package.json": b"{}"}
    assert read(toc + END, "/" + TOC.decode()) == {"/" + TOC.decode(): b"{}"}
