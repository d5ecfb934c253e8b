"""Layers and files that are small and become large: made in moments, never held whole."""

import gzip
import hashlib
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path

import zstandard

from builders import a_zip
from image.layouts import OCI, Layout, sha256, tagged
from image.tars import END, a_block, a_file

MIB = 1 << 20
_ZEROS = bytes(100 * MIB)


def an_image(folder: Path, *blobs: bytes, diff_ids: Iterable[str] = ()) -> str:
    """Write a layout whose layers are these blobs, as they are; return its target."""
    layout = Layout(folder)
    ids = [*diff_ids] or [sha256(blob) for blob in blobs]
    config = {"os": "linux", "architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": ids}}
    manifest = {
        "schemaVersion": 2,
        "config": layout.put_json(config, f"{OCI}.config.v1+json"),
        "layers": [layout.put(blob, f"{OCI}.layer.v1.tar") for blob in blobs],
    }
    layout.list(tagged(layout.put_json(manifest, f"{OCI}.manifest.v1+json"), "1"))
    return f"oci:{layout.folder}"


def gzip_bomb(gigabytes: int, name: bytes = b"var/lib/dpkg/status") -> bytes:
    """A file of zeros in a layer: a thousandth of its size, in members of 100 MiB."""
    zeros = gzip.compress(_ZEROS, 9, mtime=0)
    head = gzip.compress(a_block(name, b"0", _size(gigabytes << 30)), mtime=0)
    return head + zeros * (gigabytes * 1024 // 100 + 1)


def zstd_bomb(gigabytes: int) -> bytes:
    """The same in frames of 100 MiB: a ten-thousandth of its size."""
    packer = zstandard.ZstdCompressor()
    head = packer.compress(a_block(b"zeros", b"0", _size(gigabytes << 30)))
    return head + packer.compress(_ZEROS) * (gigabytes * 1024 // 100 + 1)


def _size(size: int) -> bytes:
    return b"\x80" + size.to_bytes(11, "big")


def crowded(count: int) -> tuple[bytes, str]:
    """A directory of so many empty files, as a zstd layer; and the digest of its tar."""
    packer = zstandard.ZstdCompressor(level=1).compressobj()
    digest = hashlib.sha256()
    out = []
    template = a_block(b"data/" + b"0" * 7)
    base = int(template[148:154], 8) - 7 * ord("0")
    for start in range(0, count, 10_000):
        rows: list[bytes] = []
        for number in range(start, min(start + 10_000, count)):
            name = b"%07d" % number
            rows += (
                b"data/", name, template[12:148], b"%06o\0 " % (base + sum(name)), template[156:],
            )  # fmt: skip
        chunk = b"".join(rows)
        digest.update(chunk)
        out.append(packer.compress(chunk))
    digest.update(END)
    out.append(packer.compress(END) + packer.flush())
    return b"".join(out), f"sha256:{digest.hexdigest()}"


def nested_jars(depth: int, width: int) -> bytes:
    """A jar of jars of jars: `width` to the power of `depth` of them, if anybody opens all."""
    jar = a_zip({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n" + b"a: b\n" * 200_000})
    for _ in range(depth):
        jar = a_zip({f"lib/{number}.jar": jar for number in range(width)})
    return jar


def overlapping_zip(entries: int, size: int) -> bytes:
    """A zip whose entries all mean the same packed bytes, as one nested jar after another."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(bytes(size)) + packer.flush()
    name = b"lib/a.jar"
    sizes = struct.pack("<III", zlib.crc32(bytes(size)), len(packed), size)
    local = (
        b"PK\3\4" + struct.pack("<5H", 20, 0, 8, 0, 0) + sizes + struct.pack("<2H", len(name), 0)
    )
    body = local + name + packed
    rows = []
    for number in range(entries):
        own = b"lib/%d.jar" % number
        rows.append(
            b"PK\1\2" + struct.pack("<6H", 20, 20, 0, 8, 0, 0) + sizes
            + struct.pack("<5H2I", len(own), 0, 0, 0, 0, 0, 0) + own
        )  # fmt: skip
    directory = b"".join(rows)
    end = b"PK\5\6" + struct.pack("<4H2IH", 0, 0, entries, entries, len(directory), len(body), 0)
    return body + directory + end


def a_zip_that_holds_itself() -> bytes:
    """A stored entry whose bytes are the archive from its own second header on, over and over."""
    name = b"self.jar"
    inner = a_zip({"META-INF/MANIFEST.MF": b"Implementation-Title: x\n"})
    size = len(inner) + 38 + 46 + len(name) + 22
    sizes = struct.pack("<III", 0, size, size)
    local = (
        b"PK\3\4" + struct.pack("<5H", 20, 0, 0, 0, 0) + sizes + struct.pack("<2H", len(name), 0)
    )
    body = local + name + inner
    row = (
        b"PK\1\2" + struct.pack("<6H", 20, 20, 0, 0, 0, 0) + sizes
        + struct.pack("<5H2I", len(name), 0, 0, 0, 0, 0, 0) + name
    )  # fmt: skip
    return body + row + b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 1, 1, len(row), len(body), 0)


def deep_json(depth: int) -> bytes:
    """A document of nothing but nesting."""
    return b'{"a":' * depth + b"1" + b"}" * depth


def status_of(count: int) -> bytes:
    """A dpkg database of so many packages."""
    return b"".join(
        b"Package: p%d\nStatus: install ok installed\nVersion: %d\n\n" % (number, number)
        for number in range(count)
    )


def a_good_layer() -> bytes:
    """A layer with one package, which must be found whatever lies beside it."""
    return (
        a_file(b"etc/os-release", b"ID=debian\nVERSION_ID=12\n")
        + a_file(b"var/lib/dpkg/status", status_of(1))
        + END
    )
