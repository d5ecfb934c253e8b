"""What is in an image: which layer brought it, who owns it, and that nothing is there twice."""

import tarfile
from collections.abc import Iterator

import pytest

from catalog.assembling import (
    ALL,
    DATABASE,
    MODULE,
    PROGRAM,
    LayerTable,
    folder,
    found,
    hard,
    inventory,
    link,
)
from image.tars import an_info
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.model.package import Certainty, Evidence, Fact, Package, Release
from lading.model.result import Deleted

DB = "var/lib/db"
BASE = b"base 1 amd64 /usr/bin/base\n"
SITE = "usr/lib/python3/dist-packages"

# Layers


def test_a_rewritten_database_brings_nothing_new() -> None:
    layers = [{DB: BASE}, {DB: BASE + b"new 2 amd64\n"}, {DB: b"new 2 amd64\n" + BASE}]

    assert found(inventory(*layers)) == {"base 1": 0, "new 2": 1}


def test_another_version_comes_with_its_own_layer() -> None:
    layers = [{DB: BASE}, {DB: b"base 1.1 amd64\n"}]

    assert found(inventory(*layers)) == {"base 1.1": 1}


def test_what_was_removed_and_came_again_has_the_later_layer() -> None:
    other = b"other 1 amd64\n"
    layers = [{DB: BASE + other}, {DB: other}, {"f": b""}, {DB: other + BASE}]

    assert found(inventory(*layers)) == {"base 1": 3, "other 1": 0}


def test_removed_and_added_in_one_layer_was_never_gone() -> None:
    layers = [{"app/METADATA": b"x 1"}, {".wh.app": b"", "srv/METADATA": b"x 1"}]

    result = inventory(*layers)
    assert found(result) == {"x 1": 0}
    assert result.packages[0].paths == ("/srv/METADATA",)


def test_what_a_lock_file_declares_comes_with_the_layer_that_installs_it() -> None:
    layers = [{"srv/app.lock": b"x 1\ny 2"}, {"usr/x/METADATA": b"x 1"}]

    assert found(inventory(*layers)) == {"x 1": 1, "y 2": 0}


def test_a_second_copy_does_not_move_the_first() -> None:
    layers = [{"a/METADATA": b"x 1"}, {"b/METADATA": b"x 1"}, {"a/.wh.METADATA": b""}]

    result = inventory(*layers)
    assert found(result) == {"x 1": 0}
    assert [one.paths for one in result.packages] == [("/b/METADATA",)]


@pytest.mark.parametrize(
    "removal",
    [
        pytest.param({"app/lib/.wh.METADATA": b""}, id="the file"),
        pytest.param({"app/.wh.lib": b""}, id="its folder"),
        pytest.param({"app/.wh..wh..opq": b""}, id="an opaque folder above it"),
        pytest.param({"app/lib": b"now a file"}, id="a file in the folder's place"),
        pytest.param({"app": link("/elsewhere")}, id="a link in a folder's place"),
        pytest.param({"app/lib/METADATA": folder()}, id="a folder in its place"),
        pytest.param({"app/lib/METADATA": link("/x")}, id="a link in its place"),
    ],
)
def test_what_an_upper_layer_removes_is_not_there(
    removal: dict[str, bytes | tarfile.TarInfo],
) -> None:
    result = inventory({"app/lib/METADATA": b"x 1", "kept/METADATA": b"y 2"}, removal)

    assert found(result) == {"y 2": 0}


def test_a_directory_has_no_layers() -> None:
    assert found(inventory({DB: BASE}, is_layered=False)) == {"base 1": None}


# Identity


def test_copies_are_one_package_with_all_their_paths() -> None:
    result = inventory({"b/METADATA": b"x 1", "a/METADATA": b"x 1", "a/b/METADATA": b"x 2"})

    assert [(one.id, one.paths) for one in result.packages] == [
        ("pkg:pypi/x@1", ("/a/METADATA", "/b/METADATA")),
        ("pkg:pypi/x@2", ("/a/b/METADATA",)),
    ]


def test_a_hard_link_is_one_package_with_two_paths() -> None:
    result = inventory({"a/METADATA": b"x 1", "b/METADATA": hard("a/METADATA")})

    assert [(one.id, one.paths) for one in result.packages] == [
        ("pkg:pypi/x@1", ("/a/METADATA", "/b/METADATA"))
    ]
    assert result.files == 2
    assert result.problems == ()


def test_packages_of_one_name_that_differ_in_architecture_are_two() -> None:
    result = inventory({DB: b"libc 1 amd64\nlibc 1 i386\n"})

    assert len({one.id for one in result.packages}) == 2
    assert [one.arch for one in result.packages] == ["amd64", "i386"]


def test_a_copy_that_the_system_owns_is_not_the_one_it_does_not_own() -> None:
    owned = f"/{SITE}/x/METADATA"
    result = inventory(
        {
            DB: f"python3-x 1-1 all {owned}\n".encode(),
            owned[1:]: b"x 1",
            "srv/venv/x/METADATA": b"x 1",
        }
    )
    copies = {one.paths: (one.owner, one.id) for one in result.packages if one.type == "pypi"}

    (system,) = [one.id for one in result.packages if one.type == "deb"]
    assert copies == {
        (owned,): (system, f"pkg:pypi/x@1#{owned}"),
        ("/srv/venv/x/METADATA",): (None, "pkg:pypi/x@1#/srv/venv/x/METADATA"),
    }


def test_names_of_python_are_one_package_in_all_their_spellings() -> None:
    result = inventory({"a/METADATA": b"Foo_Bar 1\nfoo-bar 1\nFOO.bar 1\n"})

    assert [(one.id, one.name) for one in result.packages] == [("pkg:pypi/foo-bar@1", "Foo_Bar")]


def test_names_that_only_a_purl_makes_equal_still_have_their_own_ids() -> None:
    def read(file: ImageFile) -> Iterator[Fact]:
        for name in ("x/Foo", "x/foo"):
            yield Package(type="composer", name=name, version="1", paths=(file.path,))

    vendor = Cataloger(name="vendor", revision=1, wants=("/vendor",), read=read)

    result = inventory({"vendor": b""}, catalogers=(vendor,))

    assert len({one.id for one in result.packages}) == len(result.packages) == 2
    assert {one.name for one in result.packages} == {"x/Foo", "x/foo"}


def test_ids_are_the_same_in_every_run_and_packages_sorted_by_them() -> None:
    layers = [{DB: BASE + b"a 1 all\n", "x/METADATA": b"b 1", "y/METADATA": b"B 1"}]

    first, second = inventory(*layers), inventory(*layers)

    assert first == second
    assert [one.id for one in first.packages] == sorted(one.id for one in first.packages)


def _twice(evidence: Evidence, certainty: Certainty, license: str) -> Cataloger:
    def read(file: ImageFile) -> Iterator[Fact]:
        yield Package(
            type="pypi", name="x", version="1", paths=(file.path,), evidence=evidence,
            certainty=certainty, licenses=(license,), hashes=(f"sha256:{license}",),
        )  # fmt: skip

    return Cataloger(name=evidence, revision=1, wants=(f"/{evidence}",), read=read)


def test_the_best_evidence_of_all_copies_counts() -> None:
    catalogers = (
        _twice(Evidence.BUNDLED, Certainty.INFERRED, "MIT"),
        _twice(Evidence.INSTALLED, Certainty.INFERRED, "BSD"),
        _twice(Evidence.DECLARED, Certainty.EXACT, "MIT"),
    )
    table = {"bundled": b"", "installed": b"", "declared": b""}

    (package,) = inventory(table, catalogers=catalogers).packages

    assert (package.evidence, package.certainty) == (Evidence.INSTALLED, Certainty.EXACT)
    assert package.paths == ("/bundled", "/declared", "/installed")
    assert sorted(package.licenses) == ["BSD", "MIT"]
    assert package.hashes == ("sha256:BSD", "sha256:MIT")


# Names that are not those the file was read by


def test_a_database_reached_only_by_a_hard_link_is_read() -> None:
    result = inventory({"hidden": BASE, "z": b"", DB: hard("hidden")})

    assert found(result) == {"base 1": 0}
    assert result.packages[0].paths == (f"/{DB}",)


def test_without_its_wanted_name_a_file_is_no_database() -> None:
    result = inventory({"hidden": BASE, DB: hard("hidden")}, {"var/lib/.wh.db": b""})

    assert found(result) == {}


def test_a_wanted_link_into_a_lower_layer_is_a_problem() -> None:
    for content in (b"x 1", b"\x7fELF9"):
        result = inventory({"a": content}, {"b/METADATA": hard("a")})

        assert "x 1" not in found(result)
        assert [(one.path, one.reason) for one in result.problems] == [
            ("/b/METADATA", "it was read as /a, a name that says nothing to module")
        ]


def test_a_link_to_a_file_read_for_another_reader_is_a_problem() -> None:
    result = inventory({"a/METADATA": b"base 1 amd64\n", DB: hard("a/METADATA")})

    assert [one.path for one in result.problems] == [f"/{DB}"]


@pytest.mark.parametrize(("entries", "name"), [
    pytest.param({"opt/db": BASE, "var/lib/db": link("/opt/db")}, "/var/lib/db", id="a file"),
    pytest.param({"opt/db": BASE, "var/lib": link("../opt")}, "/var/lib/db", id="its folder"),
    pytest.param({"opt/x": b"x 1", "s/METADATA": link("/opt/x")}, "/s/METADATA", id="anywhere"),
])  # fmt: skip
def test_a_wanted_name_that_links_lead_from_to_a_file_nobody_read_is_a_problem(
    entries: LayerTable, name: str
) -> None:
    result = inventory(entries)

    [problem] = result.problems
    assert (result.packages, problem.path) == ((), name)
    assert "leads to /opt/" in problem.reason


def test_links_that_lead_too_far_cost_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lading.image.tree._MOST_STEPS", 50)
    result = inventory({"a/METADATA": b"x 1"} | {f"l{n}/METADATA": link("/o") for n in range(60)})

    assert found(result) == {"x 1": 0}
    assert [problem.path for problem in result.problems] == [""]


@pytest.mark.parametrize("layers", [
    pytest.param([{"a/METADATA": b"x 1", "b/METADATA": link("../a/METADATA")}], id="read there"),
    pytest.param([{"opt": folder(), "var/lib": link("/opt")}, {"var/lib/db": b""}], id="through"),
    pytest.param([{"b/METADATA": link("nowhere"), "c": b""}], id="dangling"),
    pytest.param([{"a": folder(), "b/METADATA": link("/a")}], id="a folder"),
])  # fmt: skip
def test_links_from_wanted_names_are_no_problem_where_nothing_is_missed(
    layers: list[LayerTable],
) -> None:
    assert inventory(*layers).problems == ()


def test_a_program_is_one_under_any_name() -> None:
    result = inventory({"bin/a": b"\x7fELF1.0", "bin/b": hard("bin/a")})

    assert [one.paths for one in result.packages] == [("/bin/a", "/bin/b")]
    assert [one.paths for one in result.executables] == [("/bin/a", "/bin/b")]


def test_a_database_written_through_a_linked_folder_is_found() -> None:
    result = inventory(
        {"srv/var/lib/x": b"", "var": link("srv/var")}, {DB: BASE, "usr/bin/base": b"\x7fELF1"}
    )

    assert found(result)["base 1"] == 1
    assert {one.paths for one in result.packages} == {(f"/srv/{DB}",), ("/usr/bin/base",)}
    assert result.executables[0].owner is not None
    assert result.problems == ()


def test_names_that_are_no_utf8_are_shown_as_escapes() -> None:
    name = b"caf\xe9/METADATA".decode("utf-8", "surrogateescape")
    result = inventory({name: b"x 1"})

    assert result.packages[0].paths == (r"/caf\xe9/METADATA",)
    result.packages[0].paths[0].encode()


# Exclusion


@pytest.mark.parametrize(
    ("glob", "left"),
    [
        ("/srv/**", {"b 2"}),
        ("/srv", {"b 2"}),
        ("srv/node/", {"b 2", "c 3"}),
        ("**/app", {"a 1", "b 2"}),
        ("/sr", {"a 1", "b 2", "c 3"}),
        ("", {"a 1", "b 2", "c 3"}),
        ("**/node/**", {"b 2", "c 3"}),
        ("**/METADATA", set()),
        ("/srv/*/METADATA", {"a 1", "b 2"}),
        ("srv/app/METADATA", {"a 1", "b 2"}),
        ("/nowhere/**", {"a 1", "b 2", "c 3"}),
    ],
)
def test_excluded_paths_are_not_read(glob: str, left: set[str]) -> None:
    table = {
        "srv/node/lib/METADATA": b"a 1",
        "usr/METADATA": b"b 2",
        "srv/app/METADATA": b"c 3",
    }

    assert set(found(inventory(table, exclude=[glob]))) == left


def test_excluding_by_content_excludes_the_file_too() -> None:
    result = inventory({"opt/tool": b"\x7fELF1.0"}, exclude=["/opt/**"])

    assert found(result) == {}
    assert [one.paths for one in result.executables] == [("/opt/tool",)]


# The release


@pytest.mark.parametrize(
    ("table", "chosen"),
    [
        ({"etc/os-release": b"a", "usr/lib/os-release": b"b"}, "a"),
        ({"etc/os-release": link("../usr/lib/os-release"), "usr/lib/os-release": b"b"}, "b"),
        ({"etc/os-release": b"", "usr/lib/os-release": b"b"}, "b"),
        ({"etc/debian_version": b"d", "etc/redhat-release": b"r"}, "r"),
        (
            {"etc/debian_version": b"d", "etc/alpine-release": b"al", "usr/lib/os-release": b""},
            "al",
        ),
        ({"f": b""}, None),
        ({"etc/os-release": b""}, None),
    ],
)
def test_the_release_comes_from_the_first_file_that_names_one(
    table: dict[str, bytes | tarfile.TarInfo], chosen: str | None
) -> None:
    release = inventory(table).release

    assert (release.id if release else None) == chosen


def test_the_release_names_the_namespace_of_system_packages_alone() -> None:
    result = inventory({"etc/os-release": b"debian", DB: BASE, "x/METADATA": b"x 1"})

    assert [(one.id, one.namespace) for one in result.packages] == [
        ("pkg:deb/debian/base@1?arch=amd64&distro=debian-1", "debian"),
        ("pkg:pypi/x@1", None),
    ]


def test_a_release_that_the_user_names_goes_before_the_image_s() -> None:
    mine = Release(id="ubuntu", version_id="24.04", path="--distro")
    result = inventory({"etc/os-release": b"debian", DB: BASE}, release=mine)

    assert result.release == mine
    assert result.packages[0].namespace == "ubuntu"


# Ownership


def test_python_files_that_the_system_installed_name_their_owner() -> None:
    result = inventory(
        {
            DB: f"python3-x 1-1 all /{SITE}/x/METADATA\n".encode(),
            f"{SITE}/x/METADATA": b"x 1",
            f"{SITE}/y/METADATA": b"y 1",
        }
    )
    owners = {one.name: one.owner for one in result.packages}

    assert owners == {"python3-x": None, "x": "pkg:deb/python3-x@1-1?arch=all", "y": None}


def test_owned_paths_are_compared_where_links_lead() -> None:
    result = inventory(
        {
            "lib": link("usr/lib"),
            "bin": link("/usr/bin"),
            "usr/lib/x/METADATA": b"x 1",
            "usr/bin/tool": b"\x7fELF1",
            DB: b"sys 1 all /lib/x/METADATA /bin/tool /bin/../lib/y\n",
        }
    )
    owners = {one.name: one.owner for one in result.packages}

    assert owners["x"] == owners["example.com/tool"] == "pkg:deb/sys@1?arch=all"
    assert result.executables[0].owner == "pkg:deb/sys@1?arch=all"


def test_executables_say_their_layer_kind_and_owner() -> None:
    result = inventory(
        {DB: b"sys 1 all /usr/bin/owned\n", "usr/bin/owned": b"\x7fELF"},
        {
            "opt/app/METADATA": b"x 1",
            "opt/app/main.py": b"#!/usr/bin/python\n",
            "opt/stray.sh": b"#!/bin/sh\n",
            "opt/plain": b"text",
        },
        catalogers=(DATABASE, MODULE),
    )

    assert [(one.paths, one.layer, one.kind, one.owner) for one in result.executables] == [
        (("/opt/app/main.py",), 1, "script", "pkg:pypi/x@1"),
        (("/opt/stray.sh",), 1, "script", None),
        (("/usr/bin/owned",), 0, "elf", "pkg:deb/sys@1?arch=all"),
    ]


def test_a_program_explains_itself() -> None:
    result = inventory({"opt/tool": b"\x7fELF1.0"}, catalogers=(PROGRAM,))

    assert [one.owner for one in result.executables] == ["pkg:golang/example.com/tool@1.0"]


def test_files_count_all_names_but_directories() -> None:
    result = inventory(
        {"d": folder(), "d/a": b"", "d/b": hard("d/a")},
        {"l": link("d"), "p": an_info("", tarfile.FIFOTYPE)},
        {"d/.wh.a": b"", "e/c": b""},
    )

    assert result.files == 4


def test_what_asks_for_what_is_resolved_last() -> None:
    result = inventory({"x/METADATA": b"x 1 y", "y/METADATA": b"Y 2"}, catalogers=ALL)

    assert {one.name: one.depends_on for one in result.packages} == {
        "x": ("pkg:pypi/y@2",),
        "Y": (),
    }


# What is deleted


def deleted(*layers: LayerTable) -> Deleted:
    found = inventory(*layers, keep_deleted=True).deleted
    assert found is not None
    return found


def test_nobody_asked_for_what_was_deleted() -> None:
    assert inventory({"a": b""}, {".wh.a": b""}).deleted is None


def test_a_package_that_an_upper_layer_lost_is_deleted() -> None:
    found = deleted(
        {"var/lib/db": b"keep 1 amd64\nlost 1 amd64\n"},
        {"x/METADATA": b"gone 2"},
        {"var/lib/db": b"keep 1 amd64\n", "x/.wh.METADATA": b""},
    )

    assert [(one.name, one.version, one.layer, one.deleted_in) for one in found.packages] == [
        ("lost", "1", 0, 2),
        ("gone", "2", 1, 2),
    ]
    assert [one.path for one in found.files] == ["/x/METADATA"]


def test_a_package_that_came_back_is_not_deleted() -> None:
    layer: LayerTable = {"var/lib/db": b"one 1 amd64\n"}

    assert deleted(layer, {"var/lib/db": b""}, layer).packages == ()


def test_what_only_a_lock_file_still_declares_is_deleted() -> None:
    found = deleted(
        {"srv/app.lock": b"x 1"}, {"usr/x/METADATA": b"x 1"}, {"usr/x/.wh.METADATA": b""}
    )

    assert [(one.name, one.paths, one.layer, one.deleted_in) for one in found.packages] == [
        ("x", ("/usr/x/METADATA",), 1, 2)
    ]


def test_a_lock_file_that_goes_takes_nothing_that_is_installed() -> None:
    found = deleted(
        {"srv/app.lock": b"x 1\ny 2", "usr/x/METADATA": b"x 1"}, {"srv/.wh.app.lock": b""}
    )

    assert [(one.name, one.deleted_in) for one in found.packages] == [("y", 1)]


def test_an_older_version_is_deleted_where_a_newer_one_replaced_it() -> None:
    found = deleted({"x/METADATA": b"one 1"}, {"x/METADATA": b"one 2"})

    assert [(one.version, one.deleted_in) for one in found.packages] == [("1", 1)]
    assert found.files == ()


def test_files_are_deleted_one_by_one_with_their_folder_and_when_it_is_emptied() -> None:
    found = deleted(
        {"a": b"", "d/b": b"", "d/e/c": b"", "o/old": b"", "o/kept": b"", "f": b"", "g/h": b""},
        {".wh.a": b"", ".wh.d": b"", "o/.wh..wh..opq": b"", "o/kept": b"", "f": b"new", "g": b""},
        {"a": b"again"},
    )

    assert [(one.path, one.layer, one.deleted_in) for one in found.files] == [
        ("/d/b", 0, 1),
        ("/d/e/c", 0, 1),
        ("/g/h", 0, 1),
        ("/o/old", 0, 1),
    ]
