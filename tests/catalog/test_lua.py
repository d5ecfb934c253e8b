"""Lua rocks, as LuaRocks itself installs them."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.lua import LUA

PATH = "/usr/local/lib/luarocks/rocks-5.1/lpeg/1.1.0-2/lpeg-1.1.0-2.rockspec"
ROCKSPEC = """
package = "lading-sample"
version = "1.2-3"
source = {{ url = "file://{folder}" }}
description = {{
   summary = "A sample",
   license = "MIT"
}}
dependencies = {{
   "lua >= 5.1", 'lpeg ~> 1.0',
   "luasocket"
}}
build = {{ type = "builtin", modules = {{ lading_sample = "sample.lua" }} }}
"""


@pytest.mark.skipif(shutil.which("luarocks") is None, reason="LuaRocks is not installed")
def test_what_luarocks_installed_is_read(tmp_path: Path) -> None:
    (tmp_path / "sample.lua").write_text("return {}\n")
    spec = tmp_path / "lading-sample-1.2-3.rockspec"
    spec.write_text(ROCKSPEC.format(folder=tmp_path))
    tree = tmp_path / "tree"
    command = ["luarocks", "--tree", str(tree), "make", "--deps-mode", "none", str(spec)]
    subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)

    packages, _ = packages_below(tmp_path, LUA)

    package = packages["lading-sample"]
    assert len(packages) == 1  # the rockspec it was made from is none
    assert (package.type, package.version) == ("luarocks", "1.2-3")
    assert package.licenses == ("MIT",)
    assert package.requires == ("lpeg", "luasocket")


SMALL = """package = "{name}"
version = "{version}"
source = {{ url = "file://{folder}" }}
dependencies = {{ {needs} }}
build = {{ type = "builtin", modules = {{ {module} = "sample.lua" }} }}
"""


@pytest.mark.skipif(shutil.which("luarocks") is None, reason="LuaRocks is not installed")
def test_the_rocks_of_a_user_are_read_as_luarocks_lists_them(tmp_path: Path) -> None:
    around = os.environ | {"HOME": str(tmp_path)}

    def luarocks(*arguments: str) -> list[str]:
        return subprocess.run(
            ["luarocks", "--local", *arguments], check=True, capture_output=True, text=True,
            cwd=tmp_path, env=around,
        ).stdout.splitlines()  # fmt: skip

    (tmp_path / "sample.lua").write_text("return {}\n")
    for name, version, needs in (
        ("lading-one", "1.0-1", '"lua >= 5.1"'), ("lading-two", "2.0-3", '"lading-one >= 1.0"'),
    ):  # fmt: skip
        spec = tmp_path / f"{name}-{version}.rockspec"
        module = name.replace("-", "_")
        text = SMALL.format(name=name, version=version, needs=needs, module=module, folder=tmp_path)
        spec.write_text(text)
        luarocks("make", str(spec))
    listed = [row.split("\t") for row in luarocks("list", "--porcelain")]
    asked = [row.split()[0] for row in luarocks("show", "--deps", "lading-two")]

    packages, _ = packages_below(tmp_path / ".luarocks", LUA, prefix="/root/.luarocks")

    assert {name: one.version for name, one in packages.items()} == {
        row[0]: row[1] for row in listed if ".luarocks" in row[3]
    }
    found = edges_among(*(replace(one, id=one.name) for one in packages.values()))
    assert found == {"lading-two": asked} == {"lading-two": ["lading-one"]}


@pytest.mark.parametrize("program", [
    b"", b"\xff\xfe", b"package = name()\nlicense = f('MIT')\ndependencies = list()\n",
    b"dependencies={" * 50_000,
])  # fmt: skip
def test_the_rock_is_there_whatever_its_program_says(program: bytes) -> None:
    (package,) = packages_of(LUA, PATH, program)

    assert (package.name, package.version) == ("lpeg", "1.1.0-2")
    assert (package.licenses, package.requires) == ((), ())


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(ROCKSPEC.encode()):
        assert reading(LUA, PATH, data)[0]
