"""Nix's database, as Nix itself writes it, and with the tables of its schema."""

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.nix import NIX
from lading.model.package import Certainty

PATH = "/nix/var/nix/db/db.sqlite"
HASH = "0c2rbvcxqwpn2xzrkx0qmlvn8ggxmhq4"
SCHEMA = """CREATE TABLE ValidPaths (
    id integer primary key autoincrement not null, path text unique not null, hash text not null,
    registrationTime integer not null, deriver text, narSize integer, ultimate integer, sigs text,
    ca text)"""
REFERENCES = "CREATE TABLE Refs (referrer integer not null, reference integer not null)"
BUILDS = """let
  build = name: outputs: text: derivation {
    inherit name outputs;
    system = builtins.currentSystem;
    builder = "/bin/sh";
    args = [ "-c" text ];
  };
  zlib = build "zlib-1.3.1" [ "out" "dev" ] "echo z > $out; echo $out > $dev";
  older = build "zlib-1.2.13" [ "out" ] "echo older > $out";
  curl = build "curl-8.5.0" [ "out" ]
    "${mkdir} -p $out/bin; echo ${zlib.dev} > $out/bin/curl";
  mkdir = "/bin/mkdir";
in build "site" [ "out" ] "echo ${curl} ${older} > $out"
"""
FOLDERS = " ".join(one for one in ("/bin", "/lib", "/lib64", "/usr") if Path(one).is_dir())
SETTINGS = f"""substituters =
build-users-group =
sandbox = true
sandbox-fallback = false
sandbox-paths = {FOLDERS}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where the root is that Nix built BUILDS in, and the path of the last of them."""
    if shutil.which("nix-build") is None:
        pytest.skip("Nix is not installed")
    place = tmp_path_factory.mktemp("nix")
    (place / "builds.nix").write_text(BUILDS)
    built = _nix(place, "nix-build", "builds.nix", "--no-out-link")
    if built.returncode:
        pytest.skip(f"Nix cannot build here: {built.stderr[-200:]}")
    return place, built.stdout.strip()


def _nix(place: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    around = os.environ | {"NIX_CONFIG": SETTINGS, "HOME": str(place)}
    return subprocess.run(
        [program, "--store", str(place / "root"), *arguments],
        cwd=place, env=around, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_what_nix_built_is_read_with_what_it_refers_to(store: tuple[Path, str]) -> None:
    place, site = store
    found = packages_of(NIX, PATH, (place / f"root{PATH}").read_bytes())
    packages = [replace(one, id=f"{one.name}-{one.version}") for one in found]
    judged: dict[str, set[str]] = {}
    for path in _nix(place, "nix-store", "--query", "--requisites", site).stdout.split():
        asked = _nix(place, "nix-store", "--query", "--references", path).stdout.split()
        judged.setdefault(_plain(path), set()).update(_plain(one) for one in asked)

    versioned = {one for one in judged if one[-1].isdigit()}
    assert {one.id for one in packages} == versioned == {"zlib-1.3.1", "zlib-1.2.13", "curl-8.5.0"}
    assert {one.certainty for one in packages} == {Certainty.EXACT}
    assert edges_among(*packages) == {
        one: sorted(needs) for one in versioned if (needs := judged[one] - {one})
    }


def test_without_its_database_a_store_shows_what_can_be_run_in_it(store: tuple[Path, str]) -> None:
    place, site = store
    requisites = _nix(place, "nix-store", "--query", "--requisites", site).stdout.split()

    found, _ = packages_below(place / "root/nix/store", NIX, prefix="/nix/store")

    assert {f"{one.name}-{one.version}" for one in found.values()} == {"curl-8.5.0"}
    (curl,) = found.values()
    assert f"/nix/store/{curl.provides[0]}" in requisites
    assert curl.paths == (f"/nix/store/{curl.provides[0]}/bin/curl",)
    assert curl.certainty is Certainty.INFERRED


def _plain(path: str) -> str:
    return re.sub(r"^/nix/store/\w{32}-|-dev$", "", path)


def a_store(*rows: tuple[str, str | None], journal: str = "DELETE") -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute(SCHEMA)
        connection.execute(REFERENCES)
        connection.executemany(
            "INSERT INTO ValidPaths (path, hash, registrationTime, deriver) VALUES (?, 'x', 0, ?)",
            [(f"/nix/store/{HASH}-{path}", deriver) for path, deriver in rows],
        )
        connection.commit()
        return connection.serialize()


def derived(stem: str) -> str:
    return f"/nix/store/{HASH}-{stem}.drv"


@pytest.mark.parametrize(("path", "deriver", "name", "version", "certainty"), [
    ("openssl-3.0.13", derived("openssl-3.0.13"), "openssl", "3.0.13", Certainty.EXACT),
    ("openssl-3.0.13-bin", derived("openssl-3.0.13"), "openssl", "3.0.13", Certainty.EXACT),
    ("openssl-3.0.13-bin", None, "openssl", "3.0.13", Certainty.INFERRED),
    ("python3.11-pip-23.3", None, "python3.11-pip", "23.3", Certainty.INFERRED),
    ("glibc-2.38-27", derived("glibc-2.38-27"), "glibc", "2.38-27", Certainty.EXACT),
])  # fmt: skip
def test_a_store_path_is_a_package(
    path: str, deriver: str | None, name: str, version: str, certainty: Certainty
) -> None:
    (package,) = packages_of(NIX, PATH, a_store((path, deriver)))

    assert (package.type, package.name, package.version) == ("generic", name, version)
    assert package.certainty is certainty


@pytest.mark.parametrize(("path", "name", "version"), [
    ("glibc-2.38-27/lib/libc.so.6", "glibc", "2.38-27"),
    ("openssl-3.0.13-bin/bin/openssl", "openssl", "3.0.13"),
])  # fmt: skip
def test_a_file_of_the_store_is_of_the_package_that_its_folder_names(
    path: str, name: str, version: str
) -> None:
    (package,) = packages_of(NIX, f"/nix/store/{HASH}-{path}", b"")

    assert (package.name, package.version) == (name, version)


@pytest.mark.parametrize("path", ["system-path/bin/sh", "hook.sh/bin/x", "/bin/x", "a/lib/b.so"])
def test_a_file_of_a_folder_without_a_version_is_of_no_package(path: str) -> None:
    assert packages_of(NIX, f"/nix/store/{HASH}-{path}", b"") == []


@pytest.mark.parametrize("path", [
    "source", "builder.sh", "openssl-3.0.13.tar.gz", "openssl-3.0.13.drv", "fix-1.patch", "hook",
])  # fmt: skip
def test_sources_and_scripts_are_no_packages(path: str) -> None:
    assert packages_of(NIX, PATH, a_store((path, None))) == []


def test_the_outputs_of_one_build_are_one_package() -> None:
    rows = [(f"zlib-1.3{output}", derived("zlib-1.3")) for output in ("", "-dev", "-static")]
    connection = a_store(*((f"{row}", deriver) for row, deriver in rows))

    assert len(packages_of(NIX, PATH, connection)) == 1


def test_a_database_that_asks_for_a_log_is_read_without_it() -> None:
    data = bytearray(a_store(("zlib-1.3", None)))
    data[18:20] = b"\2\2"

    assert len(packages_of(NIX, PATH, bytes(data))) == 1


def test_a_log_with_changes_is_a_problem_and_an_empty_one_is_none() -> None:
    assert reading(NIX, f"{PATH}-wal", b"") == ([], "")
    assert "changes wait" in reading(NIX, f"{PATH}-wal", b"x")[1]


def test_a_store_without_its_table_of_references_is_read_and_the_lack_is_told() -> None:
    data = a_store(("zlib-1.3", None)).replace(b"TABLE Refs", b"TABLE Refz")

    facts, error = reading(NIX, PATH, data.replace(b"tableRefsRefs", b"tableRefzRefz"))

    assert len(facts) == 1
    assert "Refs" in error


def test_a_row_that_is_no_store_path_is_counted() -> None:
    data = a_store(("zlib-1.3", None)).replace(b"/nix/store/", b"/tmp/store/")

    assert "1 of its rows" in reading(NIX, PATH, data)[1]


def test_a_view_in_place_of_the_table_cannot_run_for_ever() -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(
            "CREATE VIEW ValidPaths AS WITH RECURSIVE n(path, deriver) AS "
            "(SELECT 1, 1 UNION ALL SELECT path + 1, 1 FROM n) SELECT * FROM n"
        )
        data = connection.serialize()

    facts, error = reading(NIX, PATH, data)

    assert facts == []
    assert "SQLite cannot read it" in error


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\0", b"text" * 500, a_store()[:600]])
def test_what_is_no_database_is_refused(data: bytes) -> None:
    assert reading(NIX, PATH, data)[1] != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_store(("zlib-1.3", None), ("curl-8.5.0", None)), times=100):
        reading(NIX, PATH, data)
