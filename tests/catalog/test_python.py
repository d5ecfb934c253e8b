"""Python metadata and records, as pip and setuptools write them."""

import posixpath
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from builders import a_zip, damaged, packages_of, reading
from lading.catalog.cataloger import ImageFile
from lading.catalog.python import PYTHON, read_python
from lading.catalog.selection import Selection
from lading.model.package import Certainty, Evidence, Ownership, Package

SITE = "/usr/lib/python3/site-packages"
METADATA = f"{SITE}/some_thing-1.2.dist-info/METADATA"
RECORD = f"{SITE}/some_thing-1.2.dist-info/RECORD"


def metadata(*lines: str) -> bytes:
    return "\n".join(("Metadata-Version: 2.1", *lines, "", "The description.", "")).encode()


@pytest.mark.parametrize("path", [
    METADATA,
    RECORD,
    "/usr/lib/python3/dist-packages/Mako-1.1.0.egg-info",
    "/usr/lib/python3/dist-packages/Mako-1.1.0.egg-info/PKG-INFO",
    "/usr/lib/python3/dist-packages/Mako-1.1.0.egg-info/installed-files.txt",
    "/opt/eggs/Mako-1.1.0.egg/EGG-INFO/PKG-INFO",
    "/opt/eggs/Mako-1.1.0.egg",
])  # fmt: skip
def test_every_place_that_installers_write_to_is_read(path: str) -> None:
    assert Selection([PYTHON]).by_path(path) == (PYTHON,)


def test_a_package_has_the_name_and_version_of_its_header() -> None:
    data = metadata("Name: Some.Thing", "Version: 1.2.POST1", "Requires-Dist: other (>=1) ; extra")

    assert packages_of(PYTHON, METADATA, data) == [
        Package(
            type="pypi",
            name="Some.Thing",
            version="1.2.POST1",
            paths=(METADATA,),
            requires=("other (>=1) ; extra",),
        )
    ]


def test_the_description_is_no_header() -> None:
    data = metadata("Name: real", "Version: 1") + b"Name: fake\nVersion: 2\n"

    [package] = packages_of(PYTHON, METADATA, data)

    assert (package.name, package.version) == ("real", "1")


@pytest.mark.parametrize(("lines", "licenses"), [
    pytest.param(["License-Expression: MIT OR Apache-2.0", "License: other"],
                 ("MIT OR Apache-2.0",), id="the expression comes first"),
    pytest.param(["License: see below", "Classifier: License :: OSI Approved :: MIT License"],
                 ("MIT License",), id="then the classifiers"),
    pytest.param(["License: BSD", "  3 clauses"], ("BSD 3 clauses",), id="then the text, unfolded"),
    pytest.param(["License: UNKNOWN"], (), id="what setuptools writes for nothing"),
])  # fmt: skip
def test_licences_are_as_written(lines: list[str], licenses: tuple[str, ...]) -> None:
    [package] = packages_of(PYTHON, METADATA, metadata("Name: a", "Version: 1", *lines))

    assert package.licenses == licenses


@pytest.mark.parametrize("data", [
    b"Name: caf\xe9\r\nVersion: 1\r\n\r\nrest",
    b"\xef\xbb\xbfName: caf\xc3\xa9\nVersion: 1\n\nrest",
])  # fmt: skip
def test_headers_may_have_any_line_ends_and_bytes(data: bytes) -> None:
    [package] = packages_of(PYTHON, METADATA, data)

    assert package.name.startswith("caf")
    assert package.version == "1"


def test_without_a_name_the_folder_gives_it_and_the_problem_is_told() -> None:
    facts, error = reading(PYTHON, METADATA, metadata("Version: 7"))

    assert [(p.name, p.version, p.certainty) for p in facts if isinstance(p, Package)] == [
        ("some_thing", "7", Certainty.INFERRED)
    ]
    assert error == f"{METADATA}: its Name is missing"


def test_without_a_version_the_package_is_still_listed_and_the_problem_is_told() -> None:
    facts, error = reading(PYTHON, METADATA, metadata("Name: a"))

    assert [(p.name, p.version) for p in facts if isinstance(p, Package)] == [("a", None)]
    assert error == f"{METADATA}: its Version is missing"


@pytest.mark.parametrize("name", ["a\x00b", "x" * 600])
def test_what_cannot_be_shown_is_no_name(name: str) -> None:
    facts, error = reading(PYTHON, METADATA, metadata(f"Name: {name}", "Version: 1"))

    assert [p.name for p in facts if isinstance(p, Package)] == ["some_thing"]
    assert "its Name" in error


def test_packages_inside_another_package_are_bundled() -> None:
    path = f"{SITE}/setuptools/_vendor/tomli-2.0.1.dist-info/METADATA"

    [package] = packages_of(PYTHON, path, metadata("Name: tomli", "Version: 2.0.1"))

    assert package.evidence is Evidence.BUNDLED


def owned(path: str, data: bytes) -> Ownership:
    [fact] = read_python(ImageFile(path=path, data=data, mode=0o644))
    assert isinstance(fact, Ownership)
    return fact


def test_a_record_lists_files_relative_to_its_site_packages() -> None:
    data = (
        b"some_thing/__init__.py,sha256=abc,10\r\n"
        b"../../../bin/thing,sha256=abc,20\r\n"
        b'"some_thing/a, ""b"".py",,\r\n'
        b"/etc/thing.conf,,\r\n"
    )

    assert owned(RECORD, data) == Ownership(
        type="pypi",
        name="some_thing",
        version="1.2",
        paths=(
            f"{SITE}/some_thing/__init__.py",
            "/usr/bin/thing",
            f'{SITE}/some_thing/a, "b".py',
            "/etc/thing.conf",
        ),
    )


def test_a_record_cannot_climb_above_the_root() -> None:
    assert owned(RECORD, b"../../../../../../../etc/passwd,,\n").paths == ("/etc/passwd",)


def test_programs_that_pip_puts_into_its_target_belong_to_the_package() -> None:
    """`--target` moves them there, and RECORD still says where they would be."""
    paths = owned(RECORD, b"../../bin/tool,sha256=x,1\n").paths

    assert paths == (f"{posixpath.normpath(SITE + '/../..')}/bin/tool", f"{SITE}/bin/tool")


def test_an_older_list_is_relative_to_its_own_folder() -> None:
    path = f"{SITE}/Some_thing-1.2-py3.11.egg-info/installed-files.txt"

    found = owned(path, b"../some_thing/__init__.py\nPKG-INFO\n")

    assert (found.name, found.version) == ("Some_thing", "1.2")
    assert found.paths == (
        f"{SITE}/some_thing/__init__.py",
        f"{SITE}/Some_thing-1.2-py3.11.egg-info/PKG-INFO",
    )


def test_a_folder_without_a_version_lists_the_files_of_any_version() -> None:
    found = owned(f"{SITE}/thing.dist-info/RECORD", b"thing.py,,\n")

    assert (found.name, found.version, found.paths) == ("thing", None, (f"{SITE}/thing.py",))


def test_a_file_name_that_is_no_utf8_keeps_its_bytes() -> None:
    [path] = owned(RECORD, b"caf\xe9.py,,\n").paths

    assert path == f"{SITE}/caf\udce9.py"


def test_an_absurd_record_is_a_problem() -> None:
    _, error = reading(PYTHON, RECORD, b'"' + b"x" * 200_000 + b'",,\n')

    assert error.startswith(f"{RECORD}: no CSV")


def test_a_zipped_egg_is_read_inside() -> None:
    egg = a_zip({"a/__init__.py": b"", "EGG-INFO/PKG-INFO": metadata("Name: a", "Version: 3")})

    [package] = packages_of(PYTHON, "/opt/a-3-py3.11.egg", egg)

    assert (package.name, package.version) == ("a", "3")
    assert package.paths == ("/opt/a-3-py3.11.egg!/EGG-INFO/PKG-INFO",)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", a_zip({"a": b""})])
def test_an_egg_without_metadata_is_a_problem(data: bytes) -> None:
    facts, error = reading(PYTHON, "/opt/a-3-py3.11.egg", data)

    assert facts == []
    assert error.startswith("/opt/a-3-py3.11.egg: ")


@pytest.mark.parametrize("path", [METADATA, RECORD, "/opt/a.egg"])
def test_damaged_files_raise_nothing_unforeseen(path: str) -> None:
    data = metadata("Name: a", "Version: 1", "License: x", "Requires-Dist: b")

    for broken in damaged(data if path != "/opt/a.egg" else a_zip({"EGG-INFO/PKG-INFO": data})):
        reading(PYTHON, path, broken)


def test_what_pip_installs_is_found_with_its_files(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "site"
    source.mkdir()
    (source / "mine.py").write_text("")
    (source / "pyproject.toml").write_text(
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n'
        '[project]\nname = "my-thing"\nversion = "1.0.1"\ndependencies = ["click"]\n'
        '[tool.hatch.build]\nonly-include = ["mine.py"]\n'
    )
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps",
         "--no-build-isolation", "--no-warn-script-location", "--target", target, source],
        check=True, capture_output=True,
    )  # fmt: skip
    folder = target / "my_thing-1.0.1.dist-info"
    read = {name: (folder / name).read_bytes() for name in ("METADATA", "RECORD")}

    [package] = packages_of(PYTHON, f"{folder}/METADATA", read["METADATA"])
    ownership = owned(f"{folder}/RECORD", read["RECORD"])

    assert (package.name, package.version) == ("my-thing", "1.0.1")
    assert package.requires == ("click",)
    assert (ownership.name, ownership.version) == ("my_thing", "1.0.1")
    assert {path for path in ownership.paths if path.endswith(".py")} == {f"{target}/mine.py"}


def test_requirements_beside_the_metadata_are_the_packages_own() -> None:
    path = f"{SITE}/Some_thing-1.2-py3.11.egg-info/requires.txt"

    [package] = packages_of(PYTHON, path, b"other>=1\n\n[more]\nelse\n")

    assert (package.name, package.version) == ("Some_thing", None)
    assert package.certainty is Certainty.INFERRED
    assert package.requires == ("other>=1", 'else ; extra == "more"')


def test_a_zipped_egg_asks_for_what_its_list_says() -> None:
    egg = a_zip(
        {
            "EGG-INFO/PKG-INFO": metadata("Name: a", "Version: 3"),
            "EGG-INFO/requires.txt": b"b>=1\n",
        }
    )

    found = packages_of(PYTHON, "/opt/a-3-py3.11.egg", egg)

    assert [(one.name, one.version, one.requires) for one in found] == [
        ("a", "3", ()),
        ("a", None, ("b>=1",)),
    ]


def test_vendored_copies_without_metadata_are_listed_by_their_pins() -> None:
    path = f"{SITE}/pip/_vendor/vendor.txt"

    found = packages_of(PYTHON, path, b"CacheControl==0.13.1  # why\nsix\n")

    assert [(one.name, one.version, one.certainty, one.evidence) for one in found] == [
        ("CacheControl", "0.13.1", Certainty.EXACT, Evidence.BUNDLED),
        ("six", None, Certainty.INFERRED, Evidence.BUNDLED),
    ]


def test_lines_that_name_no_vendored_copy_are_told() -> None:
    path = f"{SITE}/pip/_vendor/vendor.txt"

    facts, error = reading(PYTHON, path, b"six==1.16\n\xff\xfe\n--hash\n")

    assert [p.name for p in facts if isinstance(p, Package)] == ["six"]
    assert error == f"{path}: 2 of its lines name no package"


def test_a_module_that_setuptools_vendors_is_bundled() -> None:
    path = f"{SITE}/setuptools/_vendor/packaging/__about__.py"

    [package] = packages_of(PYTHON, path, b'__version__ = "21.3"\n')

    assert Selection([PYTHON]).by_path(path) == (PYTHON,)
    assert (package.name, package.version) == ("packaging", "21.3")
    assert (package.evidence, package.certainty) == (Evidence.BUNDLED, Certainty.INFERRED)


def test_what_the_tests_own_setuptools_vendors_is_found() -> None:
    site = Path(sysconfig.get_path("purelib"))
    if not (site / "setuptools" / "_vendor").is_dir():
        pytest.skip("setuptools is not installed")
    found = {
        one.name: one.version
        for path in sorted((site / "setuptools" / "_vendor").rglob("*.py"))
        if Selection([PYTHON]).by_path(str(path))
        for one in packages_of(PYTHON, str(path), path.read_bytes())
    }

    program = "from setuptools._vendor import packaging; print(packaging.__version__)"
    said = subprocess.run(
        [sys.executable, "-c", program],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    assert found["packaging"] == said


@pytest.mark.parametrize("name", ["METADATA", "RECORD"])
def test_what_a_failed_uninstallation_left_is_no_package(name: str) -> None:
    path = f"{SITE}/~umpy-1.0.dist-info/{name}"

    assert reading(PYTHON, path, b"Name: numpy\nVersion: 1.0\n") == ([], "")
