"""What is shipped: a wheel that works by itself, and locks that pin everything it needs."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def project() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return table


def entries(lock: str) -> list[str]:
    """The logical lines of a lock, comments left out."""
    text = re.sub(r"(?m)^\s*#.*\n", "", (ROOT / lock).read_text())
    return text.replace("\\\n", "").splitlines()


def pins(lock: str) -> dict[str, Requirement]:
    requirements = (Requirement(line.partition(" --hash")[0]) for line in entries(lock))
    return {canonicalize_name(one.name): one for one in requirements}


def version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "=="
    return specifier.version


@pytest.mark.parametrize("lock", LOCKS)
def test_every_entry_is_one_version_with_its_hashes(lock: str) -> None:
    shape = re.compile(r"[a-z0-9-]+==[^\s;]+( ; [^-]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*")

    assert [line for line in entries(lock) if not shape.fullmatch(line)] == []


def unmet(declared: Iterable[str], pinned: dict[str, Requirement]) -> list[str]:
    requirements = [Requirement(text) for text in declared]
    return [
        str(one)
        for one in requirements
        if (pin := pinned.get(canonicalize_name(one.name))) is None
        or not one.specifier.contains(version(pin))
    ]


def test_the_locks_pin_what_the_project_asks_for() -> None:
    declared = project()["dependencies"]

    assert unmet(declared, pins("requirements.lock")) == []
    assert unmet(declared, pins("requirements-dev.lock")) == []
    assert unmet(project()["optional-dependencies"]["dev"], pins("requirements-dev.lock")) == []


def test_the_tests_run_with_what_users_get() -> None:
    dev = pins("requirements-dev.lock")

    for name, pin in pins("requirements.lock").items():
        assert str(dev[name]) == str(pin)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.iterdir()
    return path


def test_the_wheel_holds_every_module_the_snapshot_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        info = next(name for name in names if name.endswith("/entry_points.txt"))
        commands = archive.read(info).decode()
    source = ROOT / "src"
    modules = {str(path.relative_to(source)) for path in source.rglob("*.py")}

    assert modules <= names
    assert "lading/advisories/snapshot/lading.db.zst" in names
    assert "lading/py.typed" in names
    assert "lading = lading.cli.main:entry" in commands


def test_the_wheel_carries_the_licence_and_whose_facts_the_snapshot_holds(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        licences = {name.partition("/licenses/")[2] for name in archive.namelist()} - {""}

    assert "LICENSE" in licences
    assert any(name.endswith("ATTRIBUTIONS.md") for name in licences)


@pytest.mark.registry
@pytest.mark.timeout(600)
def test_pip_install_in_a_clean_environment_gives_a_working_command(tmp_path: Path) -> None:
    place = tmp_path / "clean"
    environ = os.environ | {"HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    install = [str(place / "bin" / "python"), "-m", "pip", "install", "--quiet", str(ROOT)]
    installed = subprocess.run(install, env=environ, capture_output=True, text=True, check=False)
    if re.search(
        "NewConnectionError|NameResolutionError|No matching distribution", installed.stderr
    ):
        pytest.skip("no package registry answers")
    assert installed.returncode == 0, installed.stderr

    scanned = subprocess.run(
        [place / "bin" / "lading", "scan", ROOT / "examples" / "shop"],
        env=environ, cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (scanned.returncode, scanned.stderr) == (0, "")
    assert "CVE-2021-44228" in scanned.stdout
