""".NET assemblies by their version resources, and which of them a manifest knows better.

Resources are built from their description; no NuGet package could be had.
"""

from dataclasses import replace
from struct import pack

import pytest

from builders import a_package, damaged, packages_of, reading
from lading.catalog.assemblies import without_listed
from lading.catalog.assembly import ASSEMBLY
from lading.model.package import Certainty, Evidence, Package
from programs import a_pe, an_elf

DLL = "/srv/report/Newtonsoft.Json.dll"
FIELDS = {
    "FileVersion": "13.0.3.27908",
    "InternalName": "Newtonsoft.Json.dll",
    "OriginalFilename": "Newtonsoft.Json.dll",
    "ProductName": "Json.NET",
    "ProductVersion": "13.0.3+0a2e291c0d9c0c7675d445703e51750363a549ef",
}


def an_assembly(fields: dict[str, str], *, managed: bool = True) -> bytes:
    """A PE file with a version resource, and with a header for .NET's runtime."""
    rows = b"".join(map(row, fields.items()))
    data = bytearray(a_pe({".rsrc": "VS_VERSION_INFO".encode("utf-16-le") + bytes(58) + rows}))
    directories = 0x98 + 112
    if managed:
        data[directories + 14 * 8 : directories + 15 * 8] = pack("<II", 0x2000, 72)
    return bytes(data)


def row(field: tuple[str, str]) -> bytes:
    """Lengths, a type, the key, padding to 32 bits, the value."""
    key, value = field
    head = pack("<HHH", 0, len(value) + 1, 1) + f"{key}\0".encode("utf-16-le")
    whole = head + bytes(-len(head) % 4) + f"{value}\0".encode("utf-16-le")
    return whole + bytes(-len(whole) % 4)


def test_an_assembly_is_inferred_to_be_the_package_of_its_name() -> None:
    [found] = packages_of(ASSEMBLY, DLL, an_assembly(FIELDS))

    assert (found.type, found.name, found.version) == ("nuget", "Newtonsoft.Json", "13.0.3")
    assert (found.evidence, found.certainty) == (Evidence.CONTENT, Certainty.INFERRED)
    assert found.paths == (DLL,)


@pytest.mark.parametrize(("product", "version"), [
    ("13.0.3", "13.0.3"),
    ("2.1.0-beta.1+build5", "2.1.0-beta.1"),
    ("4.6.26515.06 @BuiltBy: somebody", "13.0.3.27908"),
    ("", "13.0.3.27908"),
])  # fmt: skip
def test_the_version_is_the_products_where_it_is_one(product: str, version: str) -> None:
    [found] = packages_of(ASSEMBLY, DLL, an_assembly(FIELDS | {"ProductVersion": product}))

    assert found.version == version


@pytest.mark.parametrize("data", [
    pytest.param(an_assembly(FIELDS, managed=False), id="a native library"),
    pytest.param(an_assembly({"ProductVersion": "1.0"}), id="no name"),
    pytest.param(an_assembly(FIELDS | {"OriginalFilename": "tool.exe"}), id="a program"),
    pytest.param(an_assembly(FIELDS | {"OriginalFilename": "X.resources.dll"}), id="translations"),
    pytest.param(an_assembly({"OriginalFilename": "X.dll", "ProductVersion": "?"}), id="none"),
    pytest.param(an_assembly({"OriginalFilename": "X.dll", "FileVersion": "0.0.0.0"}), id="zero"),
    pytest.param(a_pe({".text": b"code"}), id="no resources"),
    pytest.param(an_elf({".text": b"code"}), id="ELF"),
    pytest.param(b"MZ", id="cut off"),
])  # fmt: skip
def test_other_files_are_no_packages(data: bytes) -> None:
    assert packages_of(ASSEMBLY, DLL, data) == []


def test_damaged_assemblies_raise_nothing_unforeseen() -> None:
    for broken in damaged(an_assembly(FIELDS)):
        reading(ASSEMBLY, DLL, broken)


LISTED = replace(
    a_package("13.0.3", name="Newtonsoft.Json", type="nuget"),
    paths=("/srv/report/Report.deps.json",),
    provides=("Newtonsoft.Json.dll",),
)


def seen(name: str, version: str, path: str) -> Package:
    return replace(
        a_package(version, name=name, type="nuget"),
        paths=(path,),
        evidence=Evidence.CONTENT,
        certainty=Certainty.INFERRED,
    )


@pytest.mark.parametrize("path", [DLL, "/srv/report/runtimes/win/lib/net6.0/newtonsoft.json.dll"])
def test_an_assembly_that_a_manifest_lists_is_a_path_of_that_package(path: str) -> None:
    found = without_listed([seen("Newtonsoft.Json", "13.0.0.0", path), LISTED])

    assert found == [replace(LISTED, paths=(*LISTED.paths, path))]


def test_the_applications_own_assembly_is_no_package() -> None:
    assert without_listed([LISTED, seen("Report", "1.0.0", "/srv/report/Report.dll")]) == [LISTED]


@pytest.mark.parametrize("path", ["/srv/other/Newtonsoft.Json.dll", "/srv/report/Plugin.dll"])
def test_an_assembly_that_no_manifest_lists_stands(path: str) -> None:
    packages = [LISTED, seen("Plugin", "2.0.0", path)]

    assert without_listed(packages) == packages


def test_without_manifests_nothing_changes() -> None:
    packages = [a_package(), seen("Newtonsoft.Json", "13.0.3", DLL)]

    assert without_listed(iter(packages)) == packages
