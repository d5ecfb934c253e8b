"""An inventory that was made once is the same when it comes back from its bytes."""

import tarfile
from dataclasses import replace

import pytest

from builders import damaged
from catalog.assembling import ALL, LayerTable, hard, inventory
from lading.catalog.assembled import from_bytes, key_of, to_bytes
from lading.catalog.inventory import Inventory
from lading.model.package import Release
from lading.model.result import Modified

RELEASE = Release(id="debian", version_id="12", path="--distro")


def an_inventory(**table: bytes | tarfile.TarInfo) -> Inventory:
    """Two layers with all that an inventory can hold."""
    first: LayerTable = {
        "var/lib/db": b"one 1 amd64 /bin/tool\nlost 2 amd64\n",
        "bin/tool": b"\x7fELF1",
        "bin/again": hard("bin/tool"),
        "etc/os-release": b"debian",
    }
    second: LayerTable = {"var/lib/db": b"one 1 amd64 /bin/tool\n", ".wh.etc": b"", **table}
    return inventory(first, second, keep_deleted=True)


def test_nothing_is_lost() -> None:
    found = replace(
        an_inventory(dev=tarfile.TarInfo("dev")),
        modified=(
            Modified(
                path="/a", layer=1, package="p", state="changed", expected="md5:0", found=None
            ),
        ),
        proven=frozenset(("/b", "/c")),
        notes=("a note",),
    )
    data = to_bytes(found)

    assert found.deleted is not None
    assert found.executables
    assert data is not None
    assert from_bytes(data) == found


def test_a_text_that_is_no_unicode_is_not_kept() -> None:
    assert to_bytes(replace(an_inventory(), notes=("\udcff",))) is None


def test_damaged_bytes_are_none_or_an_inventory() -> None:
    data = to_bytes(an_inventory())

    assert data is not None
    for changed in damaged(data):
        back = from_bytes(changed)
        assert back is None or isinstance(back, Inventory)


@pytest.mark.parametrize("data", [b"", b"\xc0", b"\x91" * 100_000, b"{}"])
def test_other_bytes_are_no_inventory(data: bytes) -> None:
    assert from_bytes(data) is None


def test_whatever_changes_the_inventory_changes_its_key() -> None:
    keys = {
        key_of(layers, catalogers, release, is_layered=is_layered, keep_deleted=keep)
        for layers in (["a"], ["a", "b"], ["b", "a"])
        for catalogers in (ALL, ALL[:1])
        for release in (None, RELEASE)
        for is_layered in (True, False)
        for keep in (True, False)
    }

    assert len(keys) == 3 * 2 * 2 * 2 * 2
