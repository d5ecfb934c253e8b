"""Valid inputs of the readers that are no catalogers: archives, layers, databases, versions."""

import bz2
import gzip
import json
import lzma
import tarfile
import zipfile

import zstandard

from bolts import Table, a_bolt
from builders import a_zip
from fuzzing.corpus import Input
from image.tars import END, a_block, a_file, a_tar, an_info, pax
from package_files import a_deb, a_gem, a_tar_of, an_apk, an_rpm

_DEEP = "d" * 120 + "/" + "e" * 90
_MEMBERS = (
    ("etc/os-release", b"ID=x\n" * 200),
    (_DEEP, b"2"),
    an_info("bin", tarfile.SYMTYPE, "usr/bin"),
    an_info("usr/bin", tarfile.DIRTYPE),
    ("bin/tool", b"#!/bin/sh\n"),
    an_info("etc/l", tarfile.LNKTYPE, "etc/os-release"),
    an_info("s", tarfile.SYMTYPE, "../" + _DEEP),
    ("var/.wh.x", b""),
    ("etc/.wh..wh..opq", b""),
)
_FORMATS = (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT)
_TARS = (
    *(a_tar(*_MEMBERS, format=one) for one in _FORMATS[:2]),
    pax(path="long/" * 20 + "f", size="3", SCHILY_xattr_user="x") + a_file(b"short", b"abc") + END,
    pax(
        GNU_sparse_major="1",
        GNU_sparse_minor="0",
        GNU_sparse_name="holes",
        GNU_sparse_realsize="9000",
    )
    + a_file(b"s", b"1\n4096\n512\n".ljust(512, b"\0") + b"x" * 512)
    + END,
    pax(GNU_sparse_map="0,3,8,3", GNU_sparse_size="11", GNU_sparse_numblocks="2")
    + a_file(b"s", b"abcdef")
    + END,
    a_block(
        b"old",
        b"S",
        512,
        magic=b"ustar  \0",
        tail=bytes(41) + b"%011o\0%011o\0" % (1024, 512) + bytes(73) + b"%011o\0" % 1536,
    )
    + b"x" * 512
    + END,
)

TARS = tuple(Input("", data) for data in _TARS)
LAYERS = tuple(
    Input("", data)
    for data in (
        gzip.compress(_TARS[0], 6, mtime=0),
        gzip.compress(_TARS[1][:4096], 1, mtime=0) + gzip.compress(_TARS[1][4096:], 9, mtime=0),
        zstandard.ZstdCompressor(write_checksum=True).compress(_TARS[0]),
        zstandard.ZstdCompressor().compress(_TARS[0][:2048])
        + b"\x50\x2a\x4d\x18\x04\0\0\0skip"
        + zstandard.ZstdCompressor().compress(_TARS[0][2048:]),
        _TARS[0],
    )
)

_JAR = a_zip({"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n" * 30, "a/B.class": b"\xca\xfe"})
ZIPS = tuple(
    Input("/app.jar", data)
    for data in (
        _JAR,
        a_zip({"x": b"1", "y": b"2" * 5000}, method=zipfile.ZIP_STORED),
        b"#!/bin/sh\nexec java -jar $0\n" + _JAR,
        a_zip({"inner.jar": _JAR}),
    )
)

_FILES = {"./usr/bin/tool": b"#!/bin/sh\n" * 20, "./etc/thing.conf": b"a = 1\n"}
_TAR = a_tar_of(_FILES)
_CONTROL = b"Package: thing\nVersion: 1.0-1\n"
PACKAGES = (
    Input("/thing.deb", a_deb(_CONTROL, _FILES)),
    *(
        Input("/thing.deb", a_deb(_CONTROL, {}, packed=pack(_TAR)))
        for pack in (gzip.compress, lzma.compress, bz2.compress, zstandard.compress)
    ),
    Input("/thing.rpm", an_rpm({"/usr/bin/tool": b"x" * 99, "/etc/a": b"a"})),
    Input("/thing.rpm", an_rpm({"/usr/bin/tool": b"x" * 99, "/etc/a": b"a"}, stripped=True)),
    Input("/thing.apk", an_apk(b"pkgname = thing\npkgver = 1.0-r1\n", _FILES)),
    Input("/thing.gem", a_gem(b"--- !ruby/object:Gem::Specification\n", _FILES)),
    Input("/thing-1-py3-none-any.whl", a_zip({"thing-1.dist-info/METADATA": b"Name: thing\n"})),
    Input("/thing-1.tgz", gzip.compress(a_tar_of({"package/package.json": b"{}"}))),
)

_DIGEST = "sha256:" + "0" * 64
_DESCRIPTOR = {
    "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": _DIGEST, "size": 7,
    "annotations": {"org.opencontainers.image.ref.name": "1"},
}  # fmt: skip
_IMAGE = {
    **_DESCRIPTOR,
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"},
}
_DOCUMENTS: tuple[object, ...] = (
    {"schemaVersion": 2, "manifests": [_IMAGE], "layers": [_DESCRIPTOR], "config": _DESCRIPTOR},
    {
        "os": "linux",
        "architecture": "amd64",
        "created": "2026-01-01T00:00:00Z",
        "rootfs": {"type": "layers", "diff_ids": [_DIGEST]},
        "history": [{"created_by": "COPY"}, {"created_by": "ENV", "empty_layer": True}],
    },
)
MANIFESTS = tuple(Input("", json.dumps(one).encode()) for one in _DOCUMENTS)

_TABLE: Table = {
    b"v1": {b"ns": {b"images": {b"one": b"x" * 100, b"two": {}}}},
    b"key": b"value",
}
_ROWS: Table = {b"%d" % number: b"v" for number in range(9)}
BOLTS = tuple(
    Input("", data) for data in (a_bolt(_TABLE), a_bolt(_TABLE, inline=True), a_bolt(_ROWS, leaf=2))
)

VERSIONS = (
    "1.0", "1.0-1", "1:1.0~rc1-2+b1", "0", "1.2.3-alpha.1+build", "v1.2.3", "1.0.post1.dev3",
    "1!2.0a1", "2.0.0.RELEASE", "1.0-SNAPSHOT", "1.2.3_p1-r2", "1.0^git20200101", "20240101",
    "go1.21.3", "1.8.0_402-b06", "17.0.9+9", "1.1.1w", "3.0.0-beta2", "1.0.x-dev", "dev-main",
    "1.0-alpha1", "2024a", "1.0a_beta3", "1.2.3.4.5.6", "v0.0.0-20200101000000-abcdef012345",
)  # fmt: skip
