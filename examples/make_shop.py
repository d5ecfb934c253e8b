"""Write the example image: an OCI layout with the shape of a real application, from facts alone.

    python examples/make_shop.py [FOLDER]

Names, versions and paths are those of real packages; the files behind them are empty shells. Two
runs give the same bytes with any Python: times are fixed, and the gzip layers hold stored blocks,
so no compressor's choices show.

The story: a Debian base, an apt layer that mends expat and adds Python, a pip layer, an npm
layer, a Java layer, and a last layer that deletes what an audit found (PyJWT), replaces minimist,
and brings a helper program that no package manager knows.
"""

import hashlib
import io
import json
import shutil
import struct
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

TIME = 1_700_000_000  # seconds; every file of the image is as old
CREATED = "2023-11-14T22:13:20Z"
SITE = "usr/local/lib/python3.11/site-packages"

# name, version, source package, source version where it differs, files that it installed
Deb = tuple[str, str, str, str | None, tuple[str, ...]]

BASE: tuple[Deb, ...] = (
    ("base-files", "12.4+deb12u1", "base-files", None, ("/usr/lib/os-release",)),
    ("bash", "5.2.15-2+b2", "bash", "5.2.15-2", ("/bin/bash",)),
    ("coreutils", "9.1-1", "coreutils", None, ("/bin/ls", "/bin/cat", "/usr/bin/sort")),
    ("curl", "7.88.1-10", "curl", None, ("/usr/bin/curl",)),
    ("dash", "0.5.12-2", "dash", None, ("/bin/dash",)),
    ("libc6", "2.36-9+deb12u1", "glibc", None, ("/lib/x86_64-linux-gnu/libc.so.6",)),
    ("libc-bin", "2.36-9+deb12u1", "glibc", None, ("/usr/bin/ldd",)),
    ("libcurl4", "7.88.1-10", "curl", None, ("/usr/lib/x86_64-linux-gnu/libcurl.so.4",)),
    ("libexpat1", "2.5.0-1", "expat", None, ("/usr/lib/x86_64-linux-gnu/libexpat.so.1",)),
    ("libgnutls30", "3.7.9-2", "gnutls28", None, ("/usr/lib/x86_64-linux-gnu/libgnutls.so.30",)),
    ("libssl3", "3.0.9-1", "openssl", None, ("/usr/lib/x86_64-linux-gnu/libssl.so.3",)),
    ("libsqlite3-0", "3.40.1-2", "sqlite3", None, ("/usr/lib/x86_64-linux-gnu/libsqlite3.so.0",)),
    ("libsystemd0", "252.6-1", "systemd", None, ("/lib/x86_64-linux-gnu/libsystemd.so.0",)),
    ("libtasn1-6", "4.19.0-2", "libtasn1-6", None, ("/usr/lib/x86_64-linux-gnu/libtasn1.so.6",)),
    ("login", "1:4.13+dfsg1-1+b1", "shadow", "1:4.13+dfsg1-1", ("/bin/login", "/bin/su")),
    ("perl-base", "5.36.0-7", "perl", None, ("/usr/bin/perl",)),
    ("tar", "1.34+dfsg-1.2", "tar", None, ("/bin/tar",)),
    ("util-linux", "2.38.1-5+b1", "util-linux", "2.38.1-5", ("/bin/mount", "/bin/more")),
    ("zlib1g", "1:1.2.13.dfsg-1", "zlib", None, ("/lib/x86_64-linux-gnu/libz.so.1",)),
)
UPGRADED: Deb = (
    "libexpat1", "2.5.0-1+deb12u5", "expat", None, ("/usr/lib/x86_64-linux-gnu/libexpat.so.1",)
)  # fmt: skip
ADDED: tuple[Deb, ...] = (
    ("libpython3.11-minimal", "3.11.2-6", "python3.11", None, ()),
    ("python3.11-minimal", "3.11.2-6", "python3.11", None, ("/usr/bin/python3.11",)),
)
PYTHON: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("Django", "3.2", "django", ("asgiref (>=3.3.2,<4)", "sqlparse (>=0.2.2)")),
    ("asgiref", "3.3.4", "asgiref", ()),
    ("sqlparse", "0.4.1", "sqlparse", ()),
    ("requests", "2.19.0", "requests", ("urllib3 (>=1.21.1,<1.24)", "certifi (>=2017.4.17)")),
    ("urllib3", "1.23", "urllib3", ()),
    ("certifi", "2018.4.16", "certifi", ()),
    ("Jinja2", "2.10", "jinja2", ("MarkupSafe (>=0.23)",)),
    ("MarkupSafe", "1.1.1", "markupsafe", ()),
    ("PyYAML", "5.3", "yaml", ()),
    ("PyJWT", "1.7.1", "jwt", ()),
)
NODE: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("express", "4.16.0", ("qs", "send")),
    ("qs", "6.5.1", ()),
    ("send", "0.16.0", ()),
    ("lodash", "4.17.15", ()),
    ("minimist", "1.2.0", ()),
    ("axios", "0.21.0", ()),
)
LOG4J = ("org.apache.logging.log4j", "log4j-core", "2.14.1")
JACKSON = ("com.fasterxml.jackson.core", "jackson-databind", "2.9.8")

OS_RELEASE = """\
PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
"""


def elf(text: str = "") -> bytes:
    """Return the header of a 64-bit ELF program without content, then the text."""
    ident = b"\x7fELF" + bytes((2, 1, 1, 0)) + bytes(8)
    return (
        ident
        + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 0, 0, 0, 64, 0, 0, 0, 0, 0)
        + text.encode()
    )


def status(packages: tuple[Deb, ...]) -> bytes:
    """Return dpkg's status for the packages."""
    records = []
    for name, version, source, source_version, _ in sorted(packages):
        origin = source if source_version is None else f"{source} ({source_version})"
        lines = [f"Package: {name}", "Status: install ok installed", "Architecture: amd64"]
        lines += [f"Source: {origin}"] if origin != name else []
        records.append("\n".join([*lines, f"Version: {version}", ""]))
    return "\n".join(records).encode()


def owned(package: Deb) -> dict[str, bytes]:
    """Return the files that a package brings, and dpkg's list of them."""
    name, _, _, _, paths = package
    folders = sorted(
        {
            "/" + "/".join(path.split("/")[1:n])
            for path in paths
            for n in range(2, path.count("/") + 1)
        }
    )
    files = {f"var/lib/dpkg/info/{name}.list": "\n".join(["/.", *folders, *paths, ""]).encode()}
    for path in paths:
        real = path if path.startswith("/usr/") else "/usr" + path  # /bin and /lib are links
        files[real[1:]] = OS_RELEASE.encode() if path.endswith("os-release") else elf(name)
    return files


def distribution(
    name: str, version: str, module: str, requires: tuple[str, ...]
) -> dict[str, bytes]:
    """Return an installed Python distribution: a module, METADATA and RECORD."""
    info = f"{name}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Dist: {text}" for text in requires]
    rows = [
        f"{module}/__init__.py,,",
        f"{info}/METADATA,,",
        f"{info}/RECORD,,",
        f"{info}/INSTALLER,,",
    ]
    return {
        f"{SITE}/{module}/__init__.py": b"",
        f"{SITE}/{info}/INSTALLER": b"pip\n",
        f"{SITE}/{info}/METADATA": "\n".join([*metadata, ""]).encode(),
        f"{SITE}/{info}/RECORD": "\n".join([*rows, ""]).encode(),
    }


def module(name: str, version: str, requires: tuple[str, ...]) -> dict[str, bytes]:
    """Return an installed Node package."""
    value: dict[str, object] = {"name": name, "version": version}
    if requires:
        value["dependencies"] = dict.fromkeys(requires, "*")
    folder = f"srv/front/node_modules/{name}"
    return {f"{folder}/index.js": b"", f"{folder}/package.json": json.dumps(value).encode()}


def jar(members: Mapping[str, bytes]) -> bytes:
    """Return an archive with the members stored."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


def library(group: str, artifact: str, version: str) -> dict[str, bytes]:
    """Return a Maven library as the member of a Spring Boot archive."""
    folder = f"META-INF/maven/{group}/{artifact}"
    properties = f"groupId={group}\nartifactId={artifact}\nversion={version}\n"
    inner = jar(
        {
            "META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\n\n",
            f"{folder}/pom.properties": properties.encode(),
        }
    )
    return {f"BOOT-INF/lib/{artifact}-{version}.jar": inner}


def tar(files: Mapping[str, bytes], links: Mapping[str, str] | None = None) -> bytes:
    """Return a layer: folders, then links and files, by name; programs are executable."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for folder in sorted(
            {"/".join(name.split("/")[:n]) for name in files for n in range(1, name.count("/") + 1)}
        ):
            info = entry(folder)
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(info)
        for name, target in sorted((links or {}).items()):
            info = entry(name)
            info.type, info.linkname, info.mode = tarfile.SYMTYPE, target, 0o777
            archive.addfile(info)
        for name, content in sorted(files.items()):
            info = entry(name)
            info.size, info.mode = len(content), 0o755 if content[:4] == b"\x7fELF" else 0o644
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def entry(name: str) -> tarfile.TarInfo:
    """Return a header of a fixed age, owned by root."""
    info = tarfile.TarInfo(name)
    info.mtime = TIME
    return info


def stored_gzip(data: bytes) -> bytes:
    """Return the data as gzip without compression: RFC 1952 around RFC 1951 stored blocks."""
    blocks = []
    for at in range(0, len(data), 0xFFFF):
        part = data[at : at + 0xFFFF]
        last = at + len(part) == len(data)
        blocks.append(struct.pack("<BHH", last, len(part), len(part) ^ 0xFFFF) + part)
    head = b"\x1f\x8b\x08" + bytes(6) + b"\xff"
    return head + b"".join(blocks) + struct.pack("<II", zlib.crc32(data), len(data))


def layers() -> list[tuple[str, bytes]]:
    """Return (instruction, tar), lowest first."""
    base = {"var/lib/dpkg/status": status(BASE)}
    for package in BASE:
        base |= owned(package)
    links = {"bin": "usr/bin", "lib": "usr/lib", "etc/os-release": "../usr/lib/os-release"}
    base["etc/hostname"] = b"shop\n"
    kept = tuple(package for package in BASE if package[0] != UPGRADED[0])
    apt = {"var/lib/dpkg/status": status((*kept, UPGRADED, *ADDED))}
    for package in (UPGRADED, *ADDED):
        apt |= owned(package)
    pip: dict[str, bytes] = {}
    for distribution_facts in PYTHON:
        pip |= distribution(*distribution_facts)
    npm: dict[str, bytes] = {}
    for module_facts in NODE:
        npm |= module(*module_facts)
    members = {"META-INF/MANIFEST.MF": b"Manifest-Version: 1.0\nMain-Class: shop.Orders\n\n"}
    java = {"srv/orders/orders.jar": jar(members | library(*LOG4J) | library(*JACKSON))}
    clean = {
        f"{SITE}/.wh.jwt": b"",
        f"{SITE}/.wh.PyJWT-1.7.1.dist-info": b"",
        "srv/front/node_modules/minimist/.wh..wh..opq": b"",
        "opt/tools/agent": elf("a helper that somebody copied in"),
        **module("minimist", "1.2.8", ()),
    }
    return [
        ("ADD rootfs.tar.xz / # buildkit", tar(base, links)),
        ("RUN apt-get update && apt-get install -y libexpat1 python3.11-minimal", tar(apt)),
        ("RUN pip install -r requirements.txt", tar(pip)),
        ("RUN npm ci", tar(npm)),
        ("COPY orders.jar /srv/orders/ # buildkit", tar(java)),
        ("RUN ./cleanup.sh", tar(clean)),
    ]


def write(folder: Path) -> None:
    """Write the layout, in place of what is there."""
    shutil.rmtree(folder, ignore_errors=True)
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(data: bytes, media_type: str) -> dict[str, object]:
        digest = hashlib.sha256(data).hexdigest()
        (blobs / digest).write_bytes(data)
        return {"mediaType": media_type, "digest": f"sha256:{digest}", "size": len(data)}

    def document(value: dict[str, object]) -> bytes:
        return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    base = "application/vnd.oci.image"
    made = layers()
    config: dict[str, object] = {
        "architecture": "amd64",
        "os": "linux",
        "created": CREATED,
        "config": {
            "User": "10001",
            "Env": ["PATH=/usr/local/bin:/usr/bin:/bin"],
            "Entrypoint": ["python3.11", "-m", "django"],
            "Labels": {"org.opencontainers.image.title": "shop"},
        },
        "rootfs": {
            "type": "layers",
            "diff_ids": [f"sha256:{hashlib.sha256(data).hexdigest()}" for _, data in made],
        },
        "history": [{"created": CREATED, "created_by": text} for text, _ in made],
    }
    manifest: dict[str, object] = {
        "schemaVersion": 2,
        "mediaType": f"{base}.manifest.v1+json",
        "config": blob(document(config), f"{base}.config.v1+json"),
        "layers": [blob(stored_gzip(data), f"{base}.layer.v1.tar+gzip") for _, data in made],
    }
    pointer = blob(document(manifest), f"{base}.manifest.v1+json")
    pointer["annotations"] = {"org.opencontainers.image.ref.name": "example/shop:1.4.0"}
    pointer["platform"] = {"os": "linux", "architecture": "amd64"}
    index: dict[str, object] = {"schemaVersion": 2, "manifests": [pointer]}
    (folder / "index.json").write_bytes(document(index))
    (folder / "oci-layout").write_bytes(document({"imageLayoutVersion": "1.0.0"}))


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent / "shop")
