"""Projects of .NET after the manuals of NuGet and Paket."""

import pytest

from builders import damaged, declared_by, reading
from lading.catalog.dotnet_project import DOTNET_PROJECT

CONFIG = """\ufeff<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="jQuery" version="3.1.1" targetFramework="net46" />
  <package id="StyleCop" version="1.0.0" developmentDependency="true" />
</packages>
"""
PROJECT = """<Project Sdk="Microsoft.NET.Sdk" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup>
    <PackageReference Include="Plain" Version="1.0.0-beta.1" />
    <PackageReference Include="Inner"><Version>2.0.0</Version></PackageReference>
    <PackageReference Include="Exact" Version="[3.0.0]" />
    <PackageReference Include="Range" Version="[1.0,2.0)" />
    <PackageReference Include="Floating" Version="1.*" />
    <PackageReference Include="Property" Version="$(V)" />
    <PackageReference Include="Central" />
    <PackageReference Include="Analyzer" Version="1.0.0" PrivateAssets="all" />
    <PackageReference Include="Other" Version="1"><PrivateAssets>all</PrivateAssets>
    </PackageReference>
  </ItemGroup>
</Project>
"""
PROPS = """<Project><ItemGroup>
<PackageVersion Include="Central" Version="13.0.1" />
</ItemGroup></Project>
"""
PAKET = """\
RESTRICTION: == net8.0
NUGET
  remote: https://example.org/v3/index.json
    FSharp.Core (8.0.100)
    Suave (2.6.2)
      FSharp.Core (>= 6.0)
GITHUB
  remote: someone/something
    src/File.fs (0123456789)
GROUP Build
NUGET
  remote: https://example.org/v3/index.json
    FAKE (5.16.0)
"""


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("packages.config", CONFIG, [("jQuery", "3.1.1")]),
        ("a.csproj", PROJECT, [("Plain", "1.0.0-beta.1"), ("Inner", "2.0.0"), ("Exact", "3.0.0")]),
        ("a.fsproj", PROPS, [("Central", "13.0.1")]),
        ("Directory.Packages.props", PROPS, [("Central", "13.0.1")]),
        ("paket.lock", PAKET, [("FSharp.Core", "8.0.100"), ("Suave", "2.6.2"), ("FAKE", "5.16.0")]),
    ],
)
def test_versions_that_a_project_states_are_declared(
    name: str, text: str, found: list[tuple[str, str]]
) -> None:
    assert declared_by(DOTNET_PROJECT, f"/app/{name}", text) == found


@pytest.mark.parametrize("text", ["", "<Project>", "<!DOCTYPE a []><packages/>", "<a>" * 5000])
def test_what_is_no_project_is_an_error(text: str) -> None:
    facts, error = reading(DOTNET_PROJECT, "/app/packages.config", text.encode())

    assert facts == []
    assert error.startswith("/app/packages.config: ")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(PROJECT.encode(), times=100):
        reading(DOTNET_PROJECT, "/app/a.csproj", data)
