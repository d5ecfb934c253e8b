"""Compression and archives."""

from lading.catalog.fingerprints.fingerprint import Fingerprint, named, near, whole

_POINTS = rb"(\d\.\d{1,2}(?:\.\d{1,2}){0,2})"

COMPRESSION: tuple[Fingerprint, ...] = (
    near(
        "zlib",
        "zlib:zlib",
        b" Copyright 1995-",
        rb"[ \0](?:de|in)flate " + _POINTS + rb" Copyright 1995-20\d\d [JM]",
        files=("libz",),
    ),
    near(
        "zlib-ng",
        "zlib-ng:zlib-ng",
        b".zlib-ng",
        rb"\0(?:1\.\d\.\d{1,2}(?:\.\d)?\.zlib-ng)\0{1,8}(2\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("libz",),
    ),
    near(
        "minizip",
        "zlib:zlib",
        b"Gilles Vollant",
        rb" (?:un)?zip (1\.\d\d) Copyright 1998-\d{4} Gilles Vollant",
        files=("libminizip", "minizip"),
    ),
    near(
        "bzip2",
        "bzip:bzip2",
        b"1.0.",
        rb"\0(1\.0\.\d), \d{1,2}-[A-Z][a-z]{2}-\d{4}\0",
        witnesses=(b"bzip2/libbzip2: internal error number ",),
        files=("libbz2", "bzip2"),
    ),
    near(
        "xz",
        "tukaani:xz",
        b"(XZ Utils) ",
        rb" \(XZ Utils\) (\d\.\d{1,2}\.\d{1,2})",
        files=("xz", "lzma", "liblzma"),
    ),
    named("xz", "tukaani:xz", ("liblzma",), rb"\0([45]\.\d{1,3}\.\d{1,2}(?:alpha|beta)?)(?=\0)"),
    whole(
        "zstd",
        "facebook:zstandard",
        b"*** %s (%i-bit) %s, by %s ***",
        rb"\0v(1\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("zstd", "libzstd"),
    ),
    named("zstd", "facebook:zstandard", ("libzstd",), rb"\0(1\.\d{1,2}\.\d{1,2})(?=\0)"),
    named("lz4", "lz4_project:lz4", ("liblz4",), rb"\0(1\.\d{1,2}\.\d{1,2})(?=\0)"),
    near(
        "libarchive",
        "libarchive:libarchive",
        b"libarchive ",
        rb"\0libarchive (\d\.\d{1,2}\.\d{1,2})(?=\0)",
        files=("libarchive",),
    ),
    named("libzip", "libzip:libzip", ("libzip",), rb"\0(1\.\d{1,2}\.\d{1,2})(?=\0)"),
    near(
        "lzo",
        "oberhumer:lzo2",
        b"$Id: LZO version: v",
        rb"\$Id: LZO version: v(\d\.\d\d)",
        files=("liblzo2",),
    ),
    near(
        "upx",
        "upx:upx",
        b"$Id: UPX ",
        rb"\$Id: UPX (\d\.\d{1,2}(?:\.\d{1,2})?) Copyright",
        part=True,
    ),
    near(
        "c-blosc",
        "c-blosc2_project:c-blosc2",
        b"$Rev$",
        rb"\0(1\.\d{1,2}\.\d{1,2})\0(?:\$Rev\$)",
        files=("libblosc",),
    ),
    whole(
        "gzip",
        "gnu:gzip",
        b"Report bugs to <bug-gzip@gnu.org>.",
        rb"\0(1\.\d{1,2})(?=\0)",
        witnesses=(b"Jean-loup Gailly",),
    ),
    whole("tar", "gnu:tar", b"GNU tar\0", rb"\0(1\.\d{2})(?=\0)", witnesses=(b"TAR_OPTIONS",)),
)
