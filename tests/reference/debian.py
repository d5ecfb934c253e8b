"""A Debian system by mmdebstrap; dpkg-query and apt-cache say what is in it."""

import tarfile
import tempfile
from pathlib import Path

from reference.making import Said, ran, said

SUITE = "bookworm"


def make(work: Path) -> Said:
    ran(
        "mmdebstrap", "--variant=essential", "--quiet", "--include=ca-certificates,adduser",
        "--dpkgopt=force-unsafe-io", "--skip=output/dev",
        "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
        SUITE, work / "layer.tar", cwd=work, TMPDIR=_quick_folder(),
    )  # fmt: skip
    with tarfile.open(work / "layer.tar") as layer:
        records = [one for one in layer if one.name.startswith("./var/lib/dpkg/")]
        layer.extractall(work, records, filter="data")
    database = work / "var/lib/dpkg"
    asked = ("dpkg-query", f"--admindir={database}", "--show", "-f")
    rows = ran(*asked, "${Package} ${Version}\n", cwd=work).splitlines()
    called = {row.split(" ")[0]: row for row in rows}
    return said(rows, _edges(work, database / "status", called))


def _quick_folder() -> str:
    """Memory where there is some: dpkg waits for the disk after each file."""
    return "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()


def _edges(work: Path, status: Path, called: dict[str, str]) -> dict[str, set[str]]:
    """What apt makes of the records, of which it knows no others: an indented name provides the
    one above it, which is in angle brackets where no package is called so.
    """
    settings = [f"Dir={work}", f"Dir::State::status={status}", "Dir::Cache::pkgcache="]
    options = [word for setting in settings for word in ("-o", setting)]
    (work / "var/lib/apt/lists/partial").mkdir(parents=True)
    (work / "etc/apt").mkdir(parents=True)
    text = ran(
        "apt-cache", *options, "depends", "--important", *called, cwd=work,
    )  # fmt: skip
    found: dict[str, set[str]] = {}
    asking = ""
    for line in text.splitlines():
        name = line.rpartition(": ")[2].strip()
        if not line.startswith((" ", "|")):
            asking = called[name]
        elif name in called and called[name] != asking:
            found.setdefault(asking, set()).add(called[name])
    return found
