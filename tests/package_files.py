"""Package files written from their specifications, as small as they can be."""

import gzip
import io
import struct
import tarfile
from collections.abc import Mapping

from rpm_databases import Value, header_of

Members = Mapping[str, bytes | tarfile.TarInfo]
FORMAT, MODES, SIZES, LONG_SIZES = 1124, 1030, 1028, 5008
INDEXES, BASES, FOLDERS = 1116, 1117, 1118


def a_tar_of(members: Members, *, ended: bool = True) -> bytes:
    """A tar of these members; without its end where it goes on in the next one."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                content.name = name
                tar.addfile(content)
                continue
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(content), 0o755 if content[:4] == b"\x7fELF" else 0o644
            tar.addfile(info, io.BytesIO(content))
        size = tar.offset
    return buffer.getvalue() if ended else buffer.getvalue()[:size]


def an_ar(members: Mapping[str, bytes]) -> bytes:
    parts = [b"!<arch>\n"]
    for name, data in members.items():
        parts.append(f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n".encode())
        parts.append(data + b"\n" * (len(data) % 2))
    return b"".join(parts)


def a_deb(control: bytes, files: Members, *, packed: bytes | None = None) -> bytes:
    """A Debian package; `packed` is its data.tar in another packing than none."""
    name = "data.tar" if packed is None else "data.tar.packed"
    return an_ar({
        "debian-binary": b"2.0\n",
        "control.tar.gz": gzip.compress(a_tar_of({"./control": control})),
        name: a_tar_of(files) if packed is None else packed,
    })  # fmt: skip


def an_apk(record: bytes, files: Members, *, signed: bool = True) -> bytes:
    signature = gzip.compress(a_tar_of({".SIGN.RSA.key.pub": b"x" * 256}, ended=False))
    control = gzip.compress(a_tar_of({".PKGINFO": record}, ended=False))
    return (signature if signed else b"") + control + gzip.compress(a_tar_of(files))


def a_gem(metadata: bytes, files: Members) -> bytes:
    return a_tar_of({
        "metadata.gz": gzip.compress(metadata),
        "data.tar.gz": gzip.compress(a_tar_of(files)),
        "checksums.yaml.gz": gzip.compress(b"---\n"),
    })  # fmt: skip


def a_cpio_entry(
    name: str, data: bytes = b"", *, mode: int = 0o100644, inode: int = 1, links: int = 1
) -> bytes:
    fields = (inode, mode, 0, 0, links, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % one for one in fields) + name.encode() + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


CPIO_END = a_cpio_entry("TRAILER!!!", mode=0)


def an_rpm(
    files: Mapping[str, bytes], *, stripped: bool = False, tags: Mapping[int, Value] = {}
) -> bytes:
    """An rpm package with its payload unpacked; `stripped` in rpm's own form of cpio."""
    folders = sorted({name.rpartition("/")[0] + "/" for name in files})
    lists: dict[int, Value] = {
        INDEXES: [folders.index(name.rpartition("/")[0] + "/") for name in files],
        BASES: [name.rpartition("/")[2] for name in files],
        FOLDERS: list(folders),
        SIZES: [len(data) for data in files.values()],
    }
    named: dict[int, Value] = {1000: "thing", 1001: "1", 1002: "2", 1022: "noarch"}
    named |= {1044: "thing-1-2.src.rpm"} | lists | dict(tags)
    header = header_of(sorted(named.items())) if not stripped else _with_modes(named, len(files))
    payload = b"".join(
        a_cpio_entry(f".{name}", data, inode=number) if not stripped else _stripped(number, data)
        for number, (name, data) in enumerate(files.items())
    )
    return rpm_of(header, payload + CPIO_END)


def rpm_of(header: bytes, payload: bytes) -> bytes:
    """A package file of a header without its magic, and a payload."""
    magic = b"\x8e\xad\xe8\x01" + bytes(4)
    signatures = magic + header_of([(1000, [len(payload)])])
    lead = b"\xed\xab\xee\xdb".ljust(96, b"\0")
    return lead + signatures + bytes(-len(signatures) % 8) + magic + header + payload


def _stripped(number: int, data: bytes) -> bytes:
    return b"07070X" + b"%08x" % number + bytes(2) + data + bytes(-len(data) % 4)


def _with_modes(named: Mapping[int, Value], count: int) -> bytes:
    """The header with a list of 16-bit numbers, which the writer of headers has no type for."""
    header = header_of(sorted(named.items()))
    records, size = struct.unpack_from(">II", header)
    index, data = header[8 : 8 + 16 * records], header[8 + 16 * records :]
    pad = bytes(len(data) % 2)
    modes = struct.pack(f">{count}H", *[0o100644] * count)
    row = struct.pack(">IIiI", MODES, 3, size + len(pad), count)
    return (
        struct.pack(">II", records + 1, size + len(pad) + len(modes))
        + index
        + row
        + data
        + pad
        + modes
    )
