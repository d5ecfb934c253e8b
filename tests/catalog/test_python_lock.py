"""Python's lock files as pipenv and uv write them, cut to the facts; poetry's after its manual."""

import json
from typing import Any

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.python_lock import PYTHON_LOCK

PIPFILE: dict[str, Any] = {
    "_meta": {"pipfile-spec": 6},
    "default": {
        "idna": {"hashes": ["sha256:0"], "index": "main", "version": "==3.7"},
        "mine": {"editable": True, "path": "."},
        "theirs": {"git": "https://example.org/theirs", "ref": "0123"},
    },
    "develop": {"iniconfig": {"version": "==2.0.0"}},
}
UV = """version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "idna" },
]

[package.dev-dependencies]
dev = [
    { name = "iniconfig" },
]

[[package]]
name = "idna"
version = "3.7"
source = { registry = "https://example.org/simple" }

[[package]]
name = "part"
version = "1"
source = { editable = "part" }
"""
POETRY = """[[package]]
name = "idna"
version = "3.7"
optional = false
python-versions = ">=3.5"
groups = ["main", "dev"]

[[package]]
name = "iniconfig"
version = "2.0.0"
groups = ["dev"]

[[package]]
name = "old"
version = "1.0"
category = "dev"

[metadata]
lock-version = "2.1"
"""
PYLOCK = """lock-version = "1.0"
created-by = "uv"

[[packages]]
name = "idna"
version = "3.7"

[[packages]]
name = "app"
directory = { path = "." }
source = { directory = "." }
"""
PINS = """# a comment
idna==3.7 \\
    --hash=sha256:0123 \\
    --hash=sha256:4567
Zope.Interface[test] == 6.0 ; python_version > "3"
exact===1.0+local # why
ranged>=1,<2
star==1.*
twice==1.0,<2
-r other.txt
--index-url https://example.org/simple
thing @ https://example.org/thing-1.0.tar.gz
"""


@pytest.mark.parametrize(("name", "text"), [
    ("Pipfile.lock", json.dumps(PIPFILE)), ("uv.lock", UV), ("poetry.lock", POETRY),
    ("pylock.toml", PYLOCK),
])  # fmt: skip
def test_a_lock_is_read_without_the_project_and_without_what_development_needs(
    name: str, text: str
) -> None:
    assert declared_by(PYTHON_LOCK, f"/app/{name}", text) == [("idna", "3.7")]


@pytest.mark.parametrize("path", [
    "/app/requirements.txt", "/app/requirements/base.txt", "/app/requirements-prod.txt",
    "/app/prod_requirements.txt",
])  # fmt: skip
def test_of_requirements_only_pins_are_read(path: str) -> None:
    assert declared_by(PYTHON_LOCK, path, PINS) == [
        ("idna", "3.7"), ("Zope.Interface", "6.0"), ("exact", "1.0+local"),
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["requirements-dev.txt", "test_requirements.txt"])
def test_requirements_that_are_called_after_development_are_left_out(name: str) -> None:
    assert declared_by(PYTHON_LOCK, f"/app/{name}", PINS) == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_requirements_may_begin_with_a_mark_of_their_encoding(encoding: str) -> None:
    data = "idna==3.7\r\n".encode(encoding)

    assert declared_by(PYTHON_LOCK, "/app/requirements.txt", data) == [("idna", "3.7")]


@pytest.mark.parametrize("name", ["Pipfile.lock", "poetry.lock", "uv.lock", "pylock.toml"])
def test_what_is_no_lock_file_is_refused(name: str) -> None:
    facts, error = reading(PYTHON_LOCK, f"/app/{name}", b"= [")

    assert facts == []
    assert error != ""


def test_any_text_may_be_called_requirements() -> None:
    assert reading(PYTHON_LOCK, "/app/requirements.txt", b"\xff\x00 the requirements") == ([], "")


def test_rows_without_a_version_are_counted() -> None:
    pipfile = json.dumps({"default": {"a": {}, "b": 7, "c": {"version": "==1"}}}).encode()
    poetry = b"[[package]]\nname = 'a'\n[[package]]\nname = 'b'\nversion = '1'\n"

    for name, data, unfit in (("Pipfile.lock", pipfile, 2), ("poetry.lock", poetry, 1)):
        facts, error = reading(PYTHON_LOCK, f"/app/{name}", data)
        assert len(facts) == 1
        assert f"{unfit} of its packages" in error


def test_the_requirements_of_an_installed_package_are_left_alone() -> None:
    path = "/usr/lib/python3.11/site-packages/thing/requirements.txt"

    assert reading(PYTHON_LOCK, path, PINS.encode()) == ([], "")


def test_damage_is_an_error_and_never_more() -> None:
    names = {"Pipfile.lock": json.dumps(PIPFILE), "uv.lock": UV, "requirements.txt": PINS}
    for name, text in names.items():
        for data in damaged(text.encode(), times=100):
            reading(PYTHON_LOCK, f"/app/{name}", data)


POETRY_2 = """\
[[package]]
name = "certifi"
version = "2024.2.2"
optional = false
groups = ["main"]

[[package]]
name = "idna"
version = "3.7"
optional = false
groups = ["dev"]

[[package]]
name = "six"
version = "1.16.0"
optional = true
groups = ["main"]
markers = "extra == \\"extra\\""

[metadata]
lock-version = "2.1"
"""


def test_what_poetry_2_groups_with_development_is_left_out() -> None:
    assert declared_by(PYTHON_LOCK, "/app/poetry.lock", POETRY_2) == [
        ("certifi", "2024.2.2"), ("six", "1.16.0"),
    ]  # fmt: skip


PDM = """\
[metadata]
groups = ["default", "dev", "extra", "net"]
lock_version = "4.5.0"

[[package]]
name = "certifi"
version = "2024.2.2"
groups = ["default", "dev"]

[[package]]
name = "idna"
version = "3.7"
groups = ["dev", "test"]

[[package]]
name = "six"
version = "1.16.0"
groups = ["extra"]
"""


def test_what_pdm_has_for_an_extra_is_declared_and_for_development_is_not() -> None:
    assert declared_by(PYTHON_LOCK, "/app/pdm.lock", PDM) == [
        ("certifi", "2024.2.2"), ("six", "1.16.0"),
    ]  # fmt: skip
