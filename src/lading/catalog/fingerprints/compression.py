"""Compression and archives."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, named, near, whole

_POINTS = rb"(\d\.\d{1,2}(?:\.\d{1,2}){0,2})"

COMPRESSION: tuple[Fingerprint, ...] = (
    near(
        "zlib",
        "zlib:zlib",
        b" Copyright 1995-",
        rb"[ \0](?:de|in)flate " + _POINTS + rb" Copyright 1995-20\d\d [JM]",
        absent=b".zlib-ng",
        files=("libz",),
    ),
    near(
        "bzip2",
        "bzip:bzip2",
        b"1.0.",
        rb"(?<![ -~])(1\.0\.\d), \d{1,2}-[A-Z][a-z]{2,3}-\d{4}\0",
        witnesses=(b"bzip2/libbzip2: internal error number ",),
        files=("libbz2", "bzip2"),
    ),
    near(
        "xz",
        "tukaani:xz",
        b"(XZ Utils) ",
        rb" \(XZ Utils\) (\d\.\d{1,2}\.\d{1,2})",
        files=("xz", "lzmainfo", "lzmadec", "xzdec"),
    ),
    named("xz", "tukaani:xz", ("liblzma",), rb"([45]\.\d{1,3}\.\d{1,2}(?:alpha|beta)?)"),
    whole(
        "zstd",
        "facebook:zstandard",
        b"*** %s (%i-bit) %s, by %s ***",
        rb"v(1\.[3-9]\.\d{1,2})",
        files=("zstd", "libzstd"),
    ),
    named("zstd", "facebook:zstandard", ("libzstd",), rb"(1\.[3-9]\.\d{1,2})"),
    named("lz4", "lz4_project:lz4", ("liblz4",), rb"(1\.(?:[7-9]|\d\d)\.\d{1,2})"),
    near(
        "libarchive",
        "libarchive:libarchive",
        b"libarchive ",
        rb"(?<![ -~])libarchive (\d\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("libarchive",),
    ),
    near(
        "upx",
        "upx:upx",
        b"$Id: UPX ",
        # From 4.0 on, two digits after the point are two parts: 4.24 is how 4.2.4 is written.
        rb"\$Id: UPX (?:([4-9])\.(\d)(\d)|(\d\.\d{1,2}(?:\.\d{1,2})?)) Copyright",
        part=True,
    ),
    whole(
        "gzip",
        "gnu:gzip",
        b"Report bugs to <bug-gzip@gnu.org>.",
        rb"(1\.\d{1,2})",
        witnesses=(b"Jean-loup Gailly",),
    ),
    whole("tar", "gnu:tar", b"GNU tar\0", rb"(1\.\d{2})", witnesses=(b"TAR_OPTIONS",)),
    named("lzo", "oberhumer:lzo2", ("liblzo2",), rb"(2\.\d\d)"),
)
