"""Chisel's manifest, after its reference."""

import json
from typing import Any

import pytest
import zstandard

from builders import damaged, packages_of, reading
from lading.catalog.chisel import CHISEL
from lading.model.package import Ownership

PATH = "/var/lib/chisel/manifest.wall"


def a_manifest(*rows: dict[str, Any]) -> bytes:
    lines = [{"jsonwall": "1.0", "schema": "1.0", "count": len(rows) + 1}, *rows]
    return zstandard.compress("".join(f"{json.dumps(line)}\n" for line in lines).encode())


def a_row(name: Any = "libc6", version: Any = "2.39-0ubuntu8") -> dict[str, Any]:
    return {"arch": "amd64", "kind": "package", "name": name, "sha256": "0", "version": version}


def a_content(slice: Any = "libc6_libs", path: Any = "/lib/libc.so.6") -> dict[str, Any]:
    return {"kind": "content", "slice": slice, "path": path}


def test_packages_and_the_files_of_their_slices_are_read() -> None:
    data = a_manifest(
        a_content(),
        a_content("libc6_config", "/etc/ld.so.conf.d/x.conf"),
        a_content("libc6_config", "/etc/"),
        a_content("libc6_libs"),
        a_row(),
        {"kind": "path", "path": "/lib/libc.so.6", "mode": "0644", "slices": ["libc6_libs"]},
        {"kind": "slice", "name": "libc6_libs"},
    )

    facts, error = reading(CHISEL, PATH, data)

    assert error == ""
    assert packages_of(CHISEL, PATH, data) == facts[:1]
    assert (facts[0].type, facts[0].name) == ("deb", "libc6")  # type: ignore[union-attr] # a Package
    assert facts[1] == Ownership(
        type="deb", name="libc6", version="2.39-0ubuntu8", arch="amd64",
        paths=("/lib/libc.so.6", "/etc/ld.so.conf.d/x.conf"),
    )  # fmt: skip


@pytest.mark.parametrize("row", [
    a_row(name=None), a_row(version=7), a_content(slice=[]), a_content(path="relative"),
])  # fmt: skip
def test_an_unfit_row_is_counted_and_the_others_are_kept(row: dict[str, Any]) -> None:
    facts, error = reading(CHISEL, PATH, a_manifest(row, a_row("base-files")))

    assert len(facts) == 1
    assert "1 of its lines in all" in error


@pytest.mark.parametrize(("data", "reason"), [
    (b"", "no JSON"),
    (b"not zstd at all", "cannot be unpacked"),
    (zstandard.compress(b'{"name": "thing"}\n'), "no jsonwall"),
    (zstandard.compress(bytes(65 << 20)), "larger than"),
], ids=["empty", "not packed", "another document", "a bomb"])  # fmt: skip
def test_what_is_no_manifest_is_refused(data: bytes, reason: str) -> None:
    facts, error = reading(CHISEL, PATH, data)

    assert facts == []
    assert reason in error


def test_a_list_of_files_far_longer_than_the_manifest_is_refused() -> None:
    rows = [a_content(path="/" + "a" * 4000) for _ in range(3000)]

    facts, error = reading(CHISEL, PATH, a_manifest(a_row(), *rows))

    assert facts
    assert "absurd length" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_manifest(a_row(), a_content())):
        reading(CHISEL, PATH, data)
