"""mix.lock as Mix itself reads it; rebar.lock as rebar3 wrote it in an application's repository."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, declared_by, edges_among, packages_of, reading
from lading.catalog.elixir_lock import ELIXIR_LOCK

PATH = "/app/mix.lock"
REBAR = "/app/rebar.lock"
# Rows of an application that Mix 1.18 locked, without their hashes.
LOCK = """%{
  "bandit": {:hex, :bandit, "1.6.8", "be6f", [:mix], [{:hpax, "~> 1.0", \
[hex: :hpax, repo: "hexpm", optional: false]}, {:plug, "~> 1.14", \
[hex: :plug, repo: "hexpm", optional: false]}], "hexpm", "4fc0"},
  "heroicons": {:git, "https://example.org/heroicons.git", "0435", \
[tag: "v2.2.0", sparse: "optimized", depth: 1]},
  "hpax": {:hex, :hpax, "1.0.2", "762d", [:mix], [], "hexpm", "2f09"},
  "jason": {:hex, :jason, "1.4.4", "b922", [:mix], [{:hpax, "~> 1.0", \
[hex: :hpax, repo: "hexpm", optional: true]}], "hexpm", "c5eb"},
  "renamed": {:hex, :"real-name", "1.0.0-rc.1", "ff98", [:mix], [], "hexpm", "3afd"},
}
"""
OF_REBAR = """{"1.2.0",
[{<<"katana_code">>,{pkg,<<"katana_code">>,<<"2.4.1">>},0},
 {<<"local_name">>,{pkg,<<"other-name">>,<<"1.0.0">>},1},
 {<<"theirs">>,{git,"https://example.org/theirs.git",{ref,"0123"}},0}]}.
[
{pkg_hash,[
 {<<"katana_code">>, <<"4C11">>}]}
].
"""
JUDGE = """
for {_, row} <- Mix.Dep.Lock.read(hd(System.argv())), elem(row, 0) == :hex do
  needs = for {_, _, how} <- elem(row, 5), not how[:optional], do: how[:hex]
  IO.puts(Enum.join([elem(row, 1), elem(row, 2) | needs], " "))
end
"""


@pytest.mark.skipif(shutil.which("mix") is None, reason="Elixir is not installed")
def test_packages_of_hex_are_read_as_mix_reads_them(tmp_path: Path) -> None:
    (tmp_path / "mix.lock").write_text(LOCK)
    (tmp_path / "judge.exs").write_text(f"Mix.start()\n{JUDGE}")
    judged = subprocess.run(
        ["elixir", "judge.exs", "mix.lock"], check=True, capture_output=True, text=True,
        cwd=tmp_path, env=os.environ | {"HOME": str(tmp_path)},
    ).stdout  # fmt: skip

    found = packages_of(ELIXIR_LOCK, PATH, LOCK.encode())

    rows = [" ".join((one.name, str(one.version), *one.requires)) for one in found]
    assert sorted(rows) == sorted(judged.splitlines())
    assert "bandit 1.6.8 hpax plug" in rows


def test_packages_of_hex_are_read_by_their_own_names() -> None:
    assert declared_by(ELIXIR_LOCK, PATH, LOCK) == [
        ("bandit", "1.6.8"), ("hpax", "1.0.2"), ("jason", "1.4.4"), ("real-name", "1.0.0-rc.1"),
    ]  # fmt: skip
    assert declared_by(ELIXIR_LOCK, REBAR, OF_REBAR) == [
        ("katana_code", "2.4.1"), ("other-name", "1.0.0"),
    ]  # fmt: skip


def test_one_lock_answers_what_its_packages_ask_for() -> None:
    found = packages_of(ELIXIR_LOCK, PATH, LOCK.encode())
    elsewhere = packages_of(ELIXIR_LOCK, "/other/mix.lock", LOCK.replace("1.0.2", "2").encode())

    edges = edges_among(
        *(replace(one, id=one.name) for one in found),
        *(replace(one, id=f"{one.name} elsewhere") for one in elsewhere),
    )

    assert edges["bandit"] == ["hpax"]


@pytest.mark.parametrize("text", ["[].\n", '{"1.2.0",[]}.\n[{pkg_hash,[]}].\n'])
def test_an_empty_lock_declares_nothing(text: str) -> None:
    assert declared_by(ELIXIR_LOCK, PATH, "%{\n}\n") == []
    assert declared_by(ELIXIR_LOCK, REBAR, text) == []


@pytest.mark.parametrize(("path", "data"), [
    (PATH, b""), (PATH, b"{}"), (PATH, b"\xff"), (REBAR, b""), (REBAR, b"atom."), (REBAR, b"{1"),
    (REBAR, b"[{a, 7, 0}]."), (REBAR, b"[{a, {pkg, b}, 0}]."),
])  # fmt: skip
def test_what_is_no_lock_is_refused(path: str, data: bytes) -> None:
    facts, error = reading(ELIXIR_LOCK, path, data)

    assert facts == []
    assert error != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(LOCK.encode()):
        reading(ELIXIR_LOCK, PATH, data)
    for data in damaged(OF_REBAR.encode()):
        reading(ELIXIR_LOCK, REBAR, data)


def test_the_lock_of_an_installed_package_is_left_alone() -> None:
    assert reading(ELIXIR_LOCK, "/app/vendor/a/mix.lock", b"\xff") == ([], "")
