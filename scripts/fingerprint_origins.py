"""Archives of registries onto this machine, each with the client of its registry."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from fingerprint_builds import BUILDS

_PLATFORMS = tuple(
    f"--platform={one}"
    for one in (
        *("linux_x86_64", "manylinux1_x86_64", "manylinux2010_x86_64", "manylinux2014_x86_64"),
        *(f"manylinux_2_{minor}_x86_64" for minor in (5, 12, 17, 24, 26, 27, 28, 34, 38)),
    )
)


def fetch(origin: str, folder: Path) -> Path:
    """Return the origin's archive, downloaded into a folder of its own unless it is there."""
    kind, _, what = origin.partition(":")
    place = folder / re.sub(r"[^\w.=@-]+", "_", origin)
    if not place.is_dir() or not any(place.iterdir()):
        place.mkdir(parents=True, exist_ok=True)
        run(_COMMANDS[kind](what, place), place)
    return next(one for one in sorted(place.iterdir()) if one.is_file())


def _from_debian(what: str, place: Path) -> list[str]:
    suite, package = what.split(":")
    return ["apt-get", "download", "-q", *_apt(suite, place.parent), package]


def _apt(suite: str, folder: Path) -> list[str]:
    """Return the options that make apt speak of another suite, with lists of its own."""
    state = folder / f"apt-{suite}"
    options = {
        "Dir::State::Lists": state / "lists",
        "Dir::Cache": state / "cache",
        "Dir::State::Status": "/dev/null",
        "Dir::Etc::SourceList": state / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
    }
    shown = [word for key, value in options.items() for word in ("-o", f"{key}={value}")]
    if not state.is_dir():
        (state / "lists" / "partial").mkdir(parents=True)
        (state / "cache" / "archives" / "partial").mkdir(parents=True)
        asked = ["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages"]
        site = output(asked).decode().split()
        mirror = next(one for one in site if one.rstrip("/").endswith("/debian"))
        (state / "sources.list").write_text(
            f"deb {mirror} {suite} main\ndeb-src {mirror} {suite} main\n"
        )
        run(["apt-get", "update", "-q", *shown], state)
    return shown


def _from_pypi(what: str, _: Path) -> list[str]:
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
    return [*pip, "--python-version=3.11", *_PLATFORMS, what]


def _from_npm(what: str, _: Path) -> list[str]:
    return ["npm", "pack", "-s", what]


def _from_maven(what: str, place: Path) -> list[str]:
    goal = ["dependency:copy", f"-Dartifact={what}", f"-DoutputDirectory={place}"]
    return ["mvn", "-q", "-B", *goal]


def _from_upstream(what: str, place: Path) -> list[str]:
    """Return what builds the source that Debian starts from, without anything of Debian's.

    The archive of what was built has the name of the source's, so that it says the version too.
    Mirrors may have lost Debian's own part of an older source: only the authors' is needed.
    """
    suite, source = what.split(":")
    download = " ".join(["apt-get", "source", "-q", "--download-only", *_apt(suite, place.parent)])
    build = (
        f"mkdir tree && cd tree && {{ {download} {source}; "
        "origin=$(ls *.orig.tar.?z *.orig.tar.?z2 2>/dev/null | head -n1); "
        'mkdir s && tar xf "$origin" -C s --strip-components=1; } && '
        f"(cd s && {BUILDS.get(source, _BUILD)}); "
        'name="../${origin%.orig*}.tar" && tar cf "$name" -T /dev/null && '
        "find s -type f -size +12k ! -name '*.o' -exec sh -c "
        """'head -c4 "$2" | grep -q ELF && tar rf "$1" "$2"' _ "$name" {} \\; """
        "&& cd .. && rm -r tree"
    )
    return ["sh", "-c", build]


_BUILD = (
    "if test -x configure; then ./configure -q; "
    "elif test -f Config.in; then make -s defconfig; "
    "elif test -f CMakeLists.txt; then cmake -DBUILD_SHARED_LIBS=ON .; fi; "
    "make -s -k TARGET=linux-glibc"
)


_COMMANDS = {
    "debian": _from_debian,
    "pypi": _from_pypi,
    "npm": _from_npm,
    "maven": _from_maven,
    "upstream": _from_upstream,
}


def run(command: list[str], folder: Path) -> None:
    """Run to the end in a folder; what it says goes to standard error."""
    subprocess.run(_found(command), cwd=folder, check=True, stdout=sys.stderr)  # noqa: S603  # ours


def output(command: list[str]) -> bytes:
    """Return what a command prints."""
    return subprocess.run(_found(command), check=True, capture_output=True).stdout  # noqa: S603  # ours


def _found(command: list[str]) -> list[str]:
    """Return the command with the path of its program."""
    return [shutil.which(command[0]) or command[0], *command[1:]]
