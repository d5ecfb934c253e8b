"""Lading's own image, built by buildah on a Debian that mmdebstrap made, and run."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from image.layouts import Layout

ROOT = Path(__file__).parents[1]
SUITE = "bookworm"  # whose Python is 3.11
PROGRAMS = ("buildah", "mmdebstrap")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.registry,
    pytest.mark.timeout(600),
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="wheels are for the base's Python"),
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)), reason="buildah and mmdebstrap are not installed"
    ),
    pytest.mark.skipif(os.geteuid() != 0, reason="mmdebstrap and buildah need root here"),
]


@pytest.fixture(scope="module")
def work() -> Iterator[Path]:
    """A folder in memory where there is some: dpkg waits for the disk after each file."""
    quick = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(dir=quick) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def container(work: Path) -> str:
    """The working container of the image, by name."""
    context = work / "context"
    python = sys.base_prefix + "/bin/python3"  # has pip, which an environment need not have
    made = [
        output(
            work, python, "-m", "pip", "wheel", "-q", "--wheel-dir", context / "wheels", ROOT
        ),
        output(
            work, "mmdebstrap", "--variant=minbase", "--quiet", "--include=python3,python3-pip",
            "--dpkgopt=force-unsafe-io", "--skip=output/dev",
            "--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*",
            SUITE, work / "base.tar",
        ),
    ]  # fmt: skip
    if None in made:
        pytest.skip("no package registry answers")
    layout = Layout(work / "base")
    layout.list(layout.image((work / "base.tar").read_bytes()))
    buildah(
        work, "build", "--isolation=chroot", "-f", ROOT / "Containerfile",
        "--build-arg", f"BASE=oci:{work / 'base'}", "-t", "localhost/lading", context,
    )  # fmt: skip
    return buildah(work, "from", "--pull-never", "localhost/lading").strip()


def output(work: Path, *command: str | Path) -> str | None:
    """What the command writes; None where it fails."""
    environ = {**os.environ, "TMPDIR": str(work)}
    done = subprocess.run(
        list(map(str, command)), cwd=work, env=environ, capture_output=True, text=True, check=False
    )
    return None if done.returncode else done.stdout


def buildah(work: Path, action: str, *words: str | Path) -> str:
    stores = ("--storage-driver=vfs", f"--root={work / 'store'}", f"--runroot={work / 'run'}")
    found = output(work, "buildah", *stores, action, *words)
    assert found is not None
    return found


def inside(work: Path, container: str, *words: str) -> str:
    """What a command writes in the container, run as the image's own user."""
    return buildah(work, "run", "--isolation=chroot", container, "--", *words)


def test_it_says_its_version_and_scans_as_nobody_in_particular(work: Path, container: str) -> None:
    lading = ("python3", "-m", "lading")

    assert inside(work, container, *lading, "--version").startswith("lading ")
    assert "fixed in 6.5.3" in inside(work, container, *lading, "scan", "purl:pkg:npm/qs@6.5.1")
    assert inside(work, container, "python3", "-c", "import os; print(os.getuid())") == "65532\n"


def test_its_entry_is_lading_without_a_shell(work: Path, container: str) -> None:
    told = buildah(work, "inspect", "--format", "{{.OCIv1.Config.Entrypoint}}", container)

    assert told.strip() == "[python3 -m lading]"
