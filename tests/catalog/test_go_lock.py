"""go.mod as the go command reads it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.go_lock import GO_LOCK

PATH = "/app/go.mod"
MOD = """module example.org/app // the app

go 1.21

toolchain go1.21.3

require example.org/one v1.2.3

require (
	example.org/two/v2 v2.0.0-20240101000000-0123456789ab // indirect
	"example.org/quoted" v0.1.0
	example.org/moved v1.0.0
	example.org/pinned v1.0.0
	example.org/mine v0.0.0
)

replace (
	example.org/moved => example.org/fork v1.5.0
	example.org/pinned v1.0.0 => example.org/pinned v1.0.9
	example.org/pinned v3.0.0 => example.org/pinned v3.0.9
)

replace example.org/mine => ../mine

exclude example.org/one v1.0.0

retract (
	v1.0.0 // by mistake
)
"""
FOUND = [
    ("example.org/one", "v1.2.3"),
    ("example.org/two/v2", "v2.0.0-20240101000000-0123456789ab"),
    ("example.org/quoted", "v0.1.0"),
    ("example.org/fork", "v1.5.0"),
    ("example.org/pinned", "v1.0.9"),
]


def test_what_is_required_is_read_with_replacements() -> None:
    assert declared_by(GO_LOCK, PATH, MOD) == FOUND


@pytest.mark.skipif(shutil.which("go") is None, reason="Go is not installed")
def test_the_go_command_reads_the_same_requirements(tmp_path: Path) -> None:
    text = MOD[: MOD.index("replace (")]
    (tmp_path / "go.mod").write_text(text)
    command = ["go", "mod", "edit", "-json"]
    done = subprocess.run(command, check=True, capture_output=True, cwd=tmp_path)

    required = json.loads(done.stdout)["Require"]

    assert declared_by(GO_LOCK, PATH, text) == [(row["Path"], row["Version"]) for row in required]


@pytest.mark.parametrize("data", [b"", b"go 1.21\n", b"\xff"])
def test_a_file_that_names_no_module_is_refused(data: bytes) -> None:
    facts, error = reading(GO_LOCK, PATH, data)

    assert facts == []
    assert "names no module" in error


def test_a_requirement_without_a_version_is_counted() -> None:
    facts, error = reading(GO_LOCK, PATH, b"module a\nrequire b\nrequire\nrequire c v1.0.0\n")

    assert len(facts) == 1
    assert "2 of its packages" in error


def test_the_file_of_a_downloaded_module_is_left_alone() -> None:
    path = "/root/go/pkg/mod/example.org/one@v1.2.3/go.mod"

    assert reading(GO_LOCK, path, MOD.encode()) == ([], "")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(MOD.encode()):
        reading(GO_LOCK, PATH, data)
