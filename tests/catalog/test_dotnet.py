"""Dependency manifests of .NET applications."""

import json
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.dotnet import DOTNET
from lading.catalog.selection import Selection
from lading.model.package import Package

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
