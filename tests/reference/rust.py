"""A Rust program built by cargo-auditable; `cargo tree` says what it is made of.

Crates that only build scripts and macros use ran on the machine that built it. They are in the
list of cargo-auditable, but not in the program, so `--edges normal` is what is compared.
"""

import os
import shutil
from pathlib import Path

from reference.making import Said, ran, said

PROJECT = """[package]
name = "tool"
version = "0.3.0"
edition = "2021"

[dependencies]
smallvec = "=1.11.0"
bytes = "=1.5.0"
url = "=2.4.1"

[build-dependencies]
version_check = "=0.9.4"
autocfg = "=1.1.0"
"""
MAIN = 'fn main() { println!("{:?}", url::Url::parse("https://example.org/")); }\n'


def make(work: Path) -> Said:
    path = _auditable(work / "tools")
    (work / "src").mkdir()
    (work / "Cargo.toml").write_text(PROJECT)
    (work / "build.rs").write_text("fn main() {}\n")
    (work / "src/main.rs").write_text(MAIN)
    ran("cargo", "auditable", "build", "--quiet", cwd=work, PATH=path)
    target = work / "root/usr/local/bin/pricer"
    target.parent.mkdir(parents=True)
    shutil.copy(work / "target/debug/tool", target)
    tree = ran(
        "cargo", "tree", "--edges", "normal", "--prefix", "depth", "--no-dedupe", "--format",
        " {p}", cwd=work,
    )  # fmt: skip
    edges: dict[str, set[str]] = {}
    above: list[str] = []
    for depth, name, version in (line.split()[:3] for line in tree.splitlines() if line):
        del above[int(depth) :]
        above.append(f"{name} {version.removeprefix('v')}")
        edges.setdefault(above[-1], set())
        if len(above) > 1:
            edges[above[-2]].add(above[-1])
    return said(edges, edges)


def _auditable(folder: Path) -> str:
    """The search path with cargo-auditable in it, which is built where it is not installed."""
    path = os.environ.get("PATH", "")
    if shutil.which("cargo-auditable") is None:
        folder.mkdir()
        ran(
            "cargo", "install", "--quiet", "--locked", "--debug", "--root", folder,
            "cargo-auditable@0.7.0", cwd=folder,
        )  # fmt: skip
        path = f"{folder}/bin{os.pathsep}{path}"
    return path
