"""Trees that real package managers make, in child processes, and what is found in them."""

import os
import subprocess
from pathlib import Path

import pytest

from lading.catalog import CATALOGERS
from lading.catalog.inventory import Inventory
from lading.image.limits import Limits
from lading.image.rootfs import open_directory
from lading.model.package import Evidence, Package
from lading.scan import Choices
from lading.scan import inventory as scanned


def ran(*command: str | Path, cwd: Path, **environment: str) -> str:
    """The output of a program; where its package registry is out of reach the test is skipped."""
    done = subprocess.run(
        command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, check=False, timeout=300,
    )  # fmt: skip
    if done.returncode:
        pytest.skip(f"{Path(command[0]).name} cannot do this here: {done.stderr[-300:]}")
    return done.stdout


def inventory_of(root: Path) -> Inventory:
    """All that is found below a folder, read as a root file system."""
    return scanned(
        open_directory(root, Limits()), Choices(catalogers=CATALOGERS), lambda _done, _of: None
    )


def installed(inventory: Inventory, type: str) -> list[Package]:
    """The packages that a manager installed: none that another brings along or a lock declares."""
    return [
        one for one in inventory.packages if one.type == type and one.evidence is Evidence.INSTALLED
    ]


def edges_of(inventory: Inventory, type: str) -> dict[str, set[str]]:
    """`name version` of packages of a type into those that they depend on."""
    called = {one.id: f"{one.name} {one.version}" for one in inventory.packages if one.type == type}
    found: dict[str, set[str]] = {}
    for one in inventory.packages:
        if one.id in called and (asked := {called[id] for id in one.depends_on if id in called}):
            found.setdefault(called[one.id], set()).update(asked)
    return found
