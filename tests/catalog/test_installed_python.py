"""Python environments that pip and setuptools made, held to what pip says of them."""

import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from catalog.installed import edges_of, installed, inventory_of, ran
from lading.catalog.inventory import Inventory
from lading.model.package import Evidence, Package

pytestmark = [pytest.mark.registry, pytest.mark.slow, pytest.mark.timeout(240)]

SETUP = """from setuptools import setup
setup(name={name!r}, version={version!r}, py_modules=[{module!r}], install_requires={needs!r},
      extras_require={extras!r}, zip_safe={zipped})
"""


class Environment(NamedTuple):
    """A root with a virtual environment, what pip says of it, and what is found."""

    root: Path
    inspected: list[dict[str, Any]]
    inventory: Inventory

    def package(self, name: str) -> Package:
        [found] = [one for one in installed(self.inventory, "pypi") if one.name == name]
        return found


def a_project(
    folder: Path, name: str, *needs: str, version: str = "1.0", zipped: bool = False, **extras: str
) -> Path:
    module = name.replace("-", "_")
    folder.mkdir(parents=True)
    (folder / f"{module}.py").write_text("")
    (folder / "setup.py").write_text(
        SETUP.format(
            name=name, version=version, module=module, needs=list(needs), zipped=zipped,
            extras={extra: [need] for extra, need in extras.items()},
        )
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    root = tmp_path_factory.mktemp("root")
    python = root / "opt" / "venv" / "bin" / "python"
    ran(sys.executable, "-m", "venv", "--without-pip", root / "opt" / "venv", cwd=root)
    ran(
        sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-compile",
        "pip==23.2.1", "setuptools==57.5.0", "wheel==0.42.0", "requests[socks]==2.30.0",
        "ruamel.yaml==0.18.6", cwd=root,
    )  # fmt: skip
    _add_eggs(root, python)
    ran(python, "-m", "pip", "install", "-q", "--no-compile", "setuptools==75.0.0", cwd=root)
    _add_sources(root, python)
    inspected = json.loads(ran(python, "-m", "pip", "inspect", cwd=root))["installed"]
    return Environment(root, inspected, inventory_of(root))


def _add_eggs(root: Path, python: Path) -> None:
    for name, zipped in (("zipped-egg", True), ("open-egg", False)):
        needs = ("requests>=2", "idna; python_version>='3'", "colorama; sys_platform=='win32'")
        project = a_project(root / "tmp" / name, name, *needs, zipped=zipped, more="certifi")
        ran(python, "setup.py", "-q", "install", cwd=project, PYTHONWARNINGS="ignore")
        ran("rm", "-r", project, cwd=root)


def _add_sources(root: Path, python: Path) -> None:
    pip = (python, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation")
    ran(*pip, "-e", a_project(root / "srv" / "edited", "edited", "zipped-egg[more]"), cwd=root)
    revised = a_project(root / "tmp" / "revised", "revised", "edited", "requests[socks]")
    for command in (
        ("init", "-q"), ("add", "."),
        ("-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x"),
    ):  # fmt: skip
        ran("git", *command, cwd=revised)
    ran(*pip, f"git+file://{revised}", cwd=root)
    ran("rm", "-rf", revised, cwd=root)


def test_what_is_installed_is_what_pip_lists(environment: Environment) -> None:
    listed = {
        (one["metadata"]["name"], one["metadata"]["version"]) for one in environment.inspected
    }

    found = [(one.name, one.version) for one in installed(environment.inventory, "pypi")]

    assert len(listed) > 12
    assert sorted(found) == sorted(listed)
    assert environment.inventory.problems == ()


def test_what_it_depends_on_is_what_the_metadata_say_under_this_python(
    environment: Environment,
) -> None:
    found = edges_of(environment.inventory, "pypi")

    bundled = {
        f"{one.name} {one.version}"
        for one in environment.inventory.packages
        if one.evidence is Evidence.BUNDLED
    }
    assert {one: asked - bundled for one, asked in found.items() if asked - bundled} == _expected(
        environment.inspected
    )


def _expected(inspected: list[dict[str, Any]]) -> dict[str, set[str]]:
    """What `packaging` makes of what pip says; pip does not read the requirements of eggs."""
    rows = {canonicalize_name(one["metadata"]["name"]): one["metadata"] for one in inspected}
    eggs = ["requests>=2", "idna", "certifi; extra=='more'"]
    called = {name: f"{row['name']} {row['version']}" for name, row in rows.items()}
    extras: dict[str, set[str]] = {name: {""} for name in rows}
    edges: dict[str, set[str]] = {}
    for _ in rows:
        for name, row in rows.items():
            needs = eggs if name.endswith("-egg") else row.get("requires_dist", [])
            for need in map(Requirement, needs):
                target = canonicalize_name(need.name)
                is_asked = need.marker is None or any(
                    need.marker.evaluate({"extra": extra}) for extra in extras[name]
                )
                if is_asked and target in rows and target != name:
                    edges.setdefault(called[name], set()).add(called[target])
                    extras[target] |= need.extras
    return edges


def test_what_came_from_version_control_says_so(environment: Environment) -> None:
    [place] = [one["direct_url"] for one in environment.inspected if one.get("requested")
               and "vcs_info" in one.get("direct_url", {})]  # fmt: skip

    said = f"git+{place['url']}@{place['vcs_info']['commit_id']}"
    assert environment.package("revised").repository == said
    assert environment.package("requests").repository is None


def test_pips_own_libraries_are_bundled_and_it_depends_on_them(environment: Environment) -> None:
    lists = (environment.root / "opt" / "venv").rglob("pip/_vendor/vendor.txt")
    pins = {line.split("#")[0].strip() for path in lists for line in path.read_text().splitlines()}
    pip = environment.package("pip")

    brought = {
        f"{one.name}=={one.version}"
        for one in environment.inventory.packages
        if one.id in pip.depends_on and one.type == "pypi"
    }

    assert len(pins) > 15
    assert brought == pins - {""}
    inside = [one for one in environment.inventory.packages if one.parent == pip.id]
    own = {f"{one.name}=={one.version}" for one in inside if one.type == "pypi"}
    assert own == brought - {"tomli==2.0.1"}  # which setuptools brings too


def test_what_setuptools_vendors_depends_on_setuptools_and_on_what_is_beside_it(
    environment: Environment,
) -> None:
    edges = edges_of(environment.inventory, "pypi")

    assert edges["setuptools 75.0.0"] >= {"importlib_metadata 8.0.0", "wheel 0.43.0", "zipp 3.19.2"}
    assert edges["importlib_metadata 8.0.0"] == {"zipp 3.19.2"}
