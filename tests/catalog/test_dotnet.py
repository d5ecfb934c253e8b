"""Dependency manifests of .NET applications."""

import json
from struct import pack
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.dotnet import DOTNET
from lading.catalog.selection import Selection
from lading.model.package import Evidence, Package
from programs import a_macho, a_pe, an_elf

PATH = "/srv/report/Report.deps.json"
MANIFEST: dict[str, Any] = {
    "runtimeTarget": {"name": ".NETCoreApp,Version=v8.0/linux-x64"},
    "targets": {
        ".NETCoreApp,Version=v8.0": {},
        ".NETCoreApp,Version=v8.0/linux-x64": {
            "Report/1.2.0": {"dependencies": {"Serilog.Sinks.File": "5.0.0"}},
            "Serilog.Sinks.File/5.0.0": {"dependencies": {"Serilog": "2.10.0"}},
        },
    },
    "libraries": {
        "Report/1.2.0": {"type": "project", "serviceable": False, "sha512": ""},
        "Serilog/2.10.0": {"type": "package", "serviceable": True, "sha512": "sha512-x"},
        "Serilog.Sinks.File/5.0.0": {"type": "package"},
        "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "runtimepack"},
        "Local/0.0.0.0": {"type": "reference"},
    },
}


def manifest(libraries: object) -> bytes:
    return json.dumps({"libraries": libraries}).encode()


def test_manifests_are_known_by_their_name() -> None:
    assert Selection([DOTNET]).by_path(PATH) == (DOTNET,)


def test_packages_and_the_runtime_are_listed_and_projects_are_not() -> None:
    assert packages_of(DOTNET, PATH, json.dumps(MANIFEST).encode()) == [
        Package(type="nuget", name="Serilog", version="2.10.0", paths=(PATH,)),
        Package(
            type="nuget",
            name="Serilog.Sinks.File",
            version="5.0.0",
            paths=(PATH,),
            requires=("Serilog",),
        ),
        Package(
            type="nuget",
            name="Microsoft.NETCore.App.Runtime.linux-x64",
            version="8.0.1",
            paths=(PATH,),
        ),
    ]


@pytest.mark.parametrize("libraries", [None, [], "x"])
def test_a_manifest_without_libraries_is_a_problem(libraries: object) -> None:
    assert reading(DOTNET, PATH, manifest(libraries)) == ([], f"{PATH}: no object of libraries")


@pytest.mark.parametrize("key", ["Serilog", "Serilog/", "/1.0", "a\nb/1"])
def test_a_library_without_name_or_version_is_told_and_the_others_are_listed(key: str) -> None:
    data = manifest({key: {"type": "package"}, "Good/1.0": {"type": "package"}, "odd": 5})

    facts, error = reading(DOTNET, PATH, data)

    assert [p.name for p in facts if isinstance(p, Package)] == ["Good"]
    assert error == f"{PATH}: 1 packages in it have no fit name or version"


@pytest.mark.parametrize(
    "targets", [[], {"a": []}, {"a": {"b": []}}, {"a": {"b": {"dependencies": 5}}}]
)
def test_targets_of_any_form_do_no_harm(targets: object) -> None:
    data = json.dumps({"libraries": MANIFEST["libraries"], "targets": targets}).encode()

    assert len(packages_of(DOTNET, PATH, data)) == 3


def test_damaged_manifests_raise_nothing_unforeseen() -> None:
    for broken in damaged(json.dumps(MANIFEST).encode()):
        reading(DOTNET, PATH, broken)


FRAMEWORK: dict[str, Any] = {
    "targets": {".NETCoreApp,Version=v8.0/linux-x64": {
        "Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {
            "runtime": {"System.Text.Json.dll": {"assemblyVersion": "8.0.0.0"}},
            "native": {"libcoreclr.so": {"fileVersion": "0.0.0.0"}},
        },
    }},
    "libraries": {"Microsoft.NETCore.App.Runtime.linux-x64/8.0.1": {"type": "package"}},
}  # fmt: skip


def test_a_shared_framework_is_its_package_with_the_assemblies_it_brings() -> None:
    path = "/usr/share/dotnet/shared/Microsoft.NETCore.App/8.0.1/Microsoft.NETCore.App.deps.json"

    assert packages_of(DOTNET, path, json.dumps(FRAMEWORK).encode()) == [
        Package(
            type="nuget",
            name="Microsoft.NETCore.App.Runtime.linux-x64",
            version="8.0.1",
            paths=(path,),
            provides=("System.Text.Json.dll",),
        )
    ]


SINGLE = "/srv/report/Report"
MARK = bytes.fromhex("8b1202b96a612038727b930214d7a03213f5b9e6efae3318ee3b2dce24b36aae")


def a_single_file(
    make: Any = an_elf, *, section: str = ".data", version: int = 6, manifest: bytes | None = None
) -> bytes:
    """A host with its mark, then the manifest, then the header that says where that is."""
    listed = json.dumps(MANIFEST).encode() if manifest is None else manifest
    size = len(make({section: bytes(8) + MARK}))
    start = size + len(listed)
    host: bytes = make({section: start.to_bytes(8, "little") + MARK})
    header = pack("<IIi", version, 0, 3) + b"\x0cAbCdEfGhIjKl"
    header += pack("<qqqqQ", size if listed else 0, len(listed), 0, 0, 0)
    return host + listed + header


@pytest.mark.parametrize(("make", "section"), [
    pytest.param(an_elf, ".data", id="ELF"),
    pytest.param(a_pe, ".data", id="PE"),
    pytest.param(a_macho, "__data", id="Mach-O"),
])  # fmt: skip
def test_the_manifest_in_a_single_file_is_read(make: Any, section: str) -> None:
    found = packages_of(DOTNET, SINGLE, a_single_file(make, section=section))

    assert [(one.name, one.paths, one.evidence) for one in found] == [
        ("Serilog", (SINGLE,), Evidence.BUNDLED),
        ("Serilog.Sinks.File", (SINGLE,), Evidence.BUNDLED),
        ("Microsoft.NETCore.App.Runtime.linux-x64", (SINGLE,), Evidence.BUNDLED),
    ]


@pytest.mark.parametrize("data", [
    pytest.param(an_elf({".data": bytes(8) + MARK}), id="a host beside its application"),
    pytest.param(an_elf({".data": bytes(64)}), id="no host"),
    pytest.param(an_elf({".data": MARK}), id="no room for an offset"),
    pytest.param(a_single_file(manifest=b""), id="no manifest"),
])  # fmt: skip
def test_other_programs_hold_no_manifest(data: bytes) -> None:
    assert packages_of(DOTNET, SINGLE, data) == []


@pytest.mark.parametrize(("data", "reason"), [
    pytest.param(a_single_file(version=1), "a single file of .NET Core 3", id="old"),
    pytest.param(a_single_file()[:-50], "its header of a single file is cut off", id="cut off"),
    pytest.param(a_single_file(manifest=b"{"), "no JSON", id="no JSON"),
])  # fmt: skip
def test_a_single_file_that_cannot_be_read_is_a_problem(data: bytes, reason: str) -> None:
    facts, error = reading(DOTNET, SINGLE, data)

    assert facts == []
    assert error.startswith(f"{SINGLE}: {reason}")


def test_a_manifest_said_to_lie_elsewhere_is_a_problem() -> None:
    data = bytearray(a_single_file())
    data[-40:-32] = pack("<q", 1 << 40)

    assert reading(DOTNET, SINGLE, bytes(data)) == (
        [], f"{SINGLE}: the manifest in its single file lies outside of it"
    )  # fmt: skip


def test_damaged_single_files_raise_nothing_unforeseen() -> None:
    for broken in damaged(a_single_file()):
        reading(DOTNET, SINGLE, broken)
