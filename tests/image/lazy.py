"""Layers as lazy snapshotters write them, made by their specifications.

eStargz: https://github.com/containerd/stargz-snapshotter/blob/main/docs/estargz.md
zstd:chunked: https://github.com/containers/storage/blob/main/docs/containers-storage-zstd-chunked.md
"""

import gzip
import io
import json
import struct
import zlib

import zstandard

from image.layouts import sha256
from image.tars import END, a_file

TOC = b"stargz.index.json"
LANDMARKS = (b".prefetch.landmark", b".no.prefetch.landmark")
_FOOTER = 51  # bytes


def estargz(
    files: dict[bytes, bytes], *, landmark: bytes = LANDMARKS[0], lead: bytes = b""
) -> bytes:
    """A gzip member for each file, then the table of contents, then an empty one that finds it.

    `lead` stands before the names of the landmark and the table: some writers put `./` there.
    """
    members = []
    rows = []
    at = 0
    for name, content in {lead + landmark: b"\x0f", **files}.items():
        member = _member(a_file(name, content))
        rows.append(
            {
                "name": name.decode(), "type": "reg", "size": len(content), "offset": at,
                "mode": 0o644, "digest": sha256(content), "chunkDigest": sha256(content),
            }
        )  # fmt: skip
        members.append(member)
        at += len(member)
    toc = json.dumps({"version": 1, "entries": rows}).encode()
    members.append(_member(a_file(lead + TOC, toc) + END))
    return b"".join(members) + _footer(at)


def _member(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _footer(toc_at: int) -> bytes:
    """An empty gzip member whose extra field says where the table of contents is."""
    extra = b"SG" + struct.pack("<H", 22) + b"%016xSTARGZ" % toc_at
    head = b"\x1f\x8b\x08\x04" + bytes(4) + b"\0\xff" + struct.pack("<H", len(extra)) + extra
    footer = head + b"\x01\0\0\xff\xff" + struct.pack("<II", zlib.crc32(b""), 0)
    assert len(footer) == _FOOTER
    return footer


def zstd_chunked(files: dict[bytes, bytes]) -> bytes:
    """Frames for headers and for content; skippable frames with the manifest and the footer."""
    packer = zstandard.ZstdCompressor()
    frames = io.BytesIO()
    rows = []
    for name, content in files.items():
        whole = a_file(name, content)
        frames.write(packer.compress(whole[:512]))
        start = frames.tell()
        frames.write(packer.compress(content))
        rows.append(
            {
                "type": "reg", "name": name.decode(), "mode": 0o644, "size": len(content),
                "offset": start, "endOffset": frames.tell(), "digest": sha256(content),
            }
        )  # fmt: skip
        frames.write(packer.compress(whole[512 + len(content) :]))
    frames.write(packer.compress(END))
    manifest = json.dumps({"version": 1, "entries": rows}).encode()
    packed = packer.compress(manifest)
    at = frames.tell() + 8
    frames.write(_skippable(packed))
    footer = struct.pack("<QQQQ", at, len(packed), len(manifest), 1) + b"GNUlInUx".ljust(32, b"\0")
    frames.write(_skippable(footer))
    return frames.getvalue()


def _skippable(data: bytes) -> bytes:
    return b"\x50\x2a\x4d\x18" + struct.pack("<I", len(data)) + data
