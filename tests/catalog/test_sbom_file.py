"""SBOMs in images: what they list is found, and never twice."""

import json
from typing import Any

import pytest

from builders import packages_of, reading
from catalog.assembling import DATABASE, MODULE, RELEASE, inventory
from lading.catalog.sbom_file import SBOM_FILE
from lading.catalog.selection import Selection
from lading.model.package import Evidence, Package

WHEEL = "/app/site-packages/numpy-2.0.dist-info"
ALL = (DATABASE, MODULE, RELEASE, SBOM_FILE)


def cyclonedx(*purls: str, **more: Any) -> bytes:
    rows = [{"type": "library", "name": "x", "purl": purl, "bom-ref": purl} for purl in purls]
    return json.dumps(
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": rows, **more}
    ).encode()


def spdx(*purls: str) -> bytes:
    rows = [
        {
            "name": "x",
            "SPDXID": f"SPDXRef-{number}",
            "externalRefs": [{"referenceType": "purl", "referenceLocator": purl}],
        }
        for number, purl in enumerate(purls)
    ]
    return json.dumps({"spdxVersion": "SPDX-2.3", "packages": rows}).encode()


def named(packages: tuple[Package, ...]) -> dict[str, Package]:
    return {f"{one.type} {one.name} {one.version}": one for one in packages}


@pytest.mark.parametrize(
    "path",
    [
        "/app/app.cdx.json",
        "/app/app.cdx.xml",
        "/usr/share/app.spdx",
        "/app/app.spdx.json",
        f"{WHEEL}/sboms/auditwheel.cdx.json",
        f"{WHEEL}/sboms/cargo.json",
        "/var/lib/db/sbom/bash-5.2-r0.spdx.json",
        "/app/bom.json",
        "/sbom.xml",
    ],
)
def test_where_tools_put_sboms_they_are_read(path: str) -> None:
    assert Selection([SBOM_FILE]).by_path(path)


def test_what_only_an_sbom_lists_is_declared() -> None:
    (found,) = packages_of(SBOM_FILE, "/app/a.cdx.json", cyclonedx("pkg:npm/%40a/b@1.0"))

    assert (found.type, found.name, found.version) == ("npm", "@a/b", "1.0")
    assert found.evidence is Evidence.DECLARED
    assert found.paths == ("/app/a.cdx.json",)


def test_a_package_that_another_reader_found_is_one_with_both_paths() -> None:
    layer = {
        "app/METADATA": b"Foo_Bar 1.0\n",
        "app/a.cdx.json": cyclonedx("pkg:pypi/foo-bar@1.0", "pkg:pypi/other@2"),
    }

    found = named(inventory(layer, catalogers=ALL).packages)

    assert set(found) == {"pypi Foo_Bar 1.0", "pypi other 2"}
    assert found["pypi Foo_Bar 1.0"].paths == ("/app/METADATA", "/app/a.cdx.json")
    assert found["pypi Foo_Bar 1.0"].evidence is Evidence.INSTALLED


def test_the_database_of_a_package_manager_decides_on_its_own_packages() -> None:
    layer = {
        "var/lib/db": b"bash 5.2 amd64\n",
        "base.spdx.json": spdx("pkg:deb/debian/bash@5.1?arch=amd64", "pkg:deb/debian/gone@1"),
    }

    found = named(inventory(layer, catalogers=ALL).packages)

    assert set(found) == {"deb bash 5.2"}


def test_without_a_database_the_sbom_says_what_the_distribution_installed() -> None:
    layer = {"base.spdx.json": spdx("pkg:deb/debian/bash@5.1?arch=amd64&upstream=bash-src%405")}

    (found,) = inventory(layer, catalogers=ALL).packages

    assert (found.name, found.version, found.arch) == ("bash", "5.1", "amd64")
    assert found.source is not None
    assert found.source.name == "bash-src"


def test_of_the_sbom_of_an_apk_only_the_apk_counts_not_its_sources() -> None:
    data = spdx(
        "pkg:apk/wolfi/bash@5.2-r0?arch=x86_64",
        "pkg:github/wolfi-dev/os@abc#bash.yaml",
        "pkg:generic/bash@5.2",
    )

    found = packages_of(SBOM_FILE, "/var/lib/db/sbom/bash-5.2-r0.spdx.json", data)

    assert [(one.type, one.name) for one in found] == [("apk", "bash")]


def test_what_a_wheel_brings_along_is_bundled_and_the_wheel_depends_on_it() -> None:
    from lading.catalog.python import PYTHON

    layer = {
        f"{WHEEL}/METADATA".lstrip("/"): b"Metadata-Version: 2.1\nName: numpy\nVersion: 2.0\n",
        f"{WHEEL}/RECORD".lstrip("/"): b"numpy-2.0.dist-info/sboms/a.cdx.json,,\n",
        f"{WHEEL}/sboms/a.cdx.json".lstrip("/"): cyclonedx(
            "pkg:rpm/almalinux/libgfortran@8.5.0-22.el8", "pkg:cargo/rand@0.8.5"
        ),
    }

    found = named(inventory(layer, catalogers=(PYTHON, SBOM_FILE)).packages)

    assert set(found) == {
        "pypi numpy 2.0",
        "generic libgfortran 8.5.0-22.el8",
        "cargo rand 0.8.5",
    }
    rand = found["cargo rand 0.8.5"]
    assert rand.evidence is Evidence.BUNDLED
    assert rand.id in found["pypi numpy 2.0"].depends_on


def test_what_the_wheel_says_of_itself_is_not_listed_again() -> None:
    subject = {"type": "library", "name": "numpy", "purl": "pkg:pypi/numpy@2", "bom-ref": "it"}
    data = cyclonedx("pkg:cargo/rand@0.8.5", metadata={"component": subject})

    found = packages_of(SBOM_FILE, f"{WHEEL}/sboms/a.cdx.json", data)

    assert [one.name for one in found] == ["rand"]


def test_nothing_that_another_image_said_of_its_layers_is_believed() -> None:
    row = {
        "type": "library",
        "name": "b",
        "purl": "pkg:npm/b@1",
        "properties": [
            {"name": "lading:id", "value": "pkg:npm/b@1"},
            {"name": "lading:type", "value": "npm"},
            {"name": "lading:name", "value": "b"},
            {"name": "lading:version", "value": "1"},
            {"name": "lading:layer", "value": "7"},
            {"name": "lading:owner", "value": "pkg:deb/debian/b@1"},
            {"name": "lading:paths", "value": "/elsewhere"},
        ],
    }
    data = json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [row]})

    (found,) = packages_of(SBOM_FILE, "/a.cdx.json", data.encode())

    assert (found.layer, found.owner, found.paths) == (None, None, ("/a.cdx.json",))


def test_a_file_with_a_common_name_that_is_no_sbom_lists_nothing() -> None:
    assert packages_of(SBOM_FILE, "/app/bom.json", b'{"bom": []}') == []
    assert packages_of(SBOM_FILE, "/app/sbom.xml", b"<project/>") == []


def test_files_of_bitnami_have_their_own_reader() -> None:
    path = "/opt/bitnami/redis/.spdx-redis.spdx"

    assert packages_of(SBOM_FILE, path, spdx("pkg:bitnami/redis@7.0")) == []


def test_a_broken_sbom_is_named() -> None:
    facts, error = reading(SBOM_FILE, "/a.cdx.json", b'{"bomFormat": ')

    assert facts == []
    assert error.startswith("/a.cdx.json is no JSON")


def test_a_damaged_entry_does_not_hide_the_rest() -> None:
    data = cyclonedx("pkg:npm/a@1", "npm/b@1")

    facts, error = reading(SBOM_FILE, "/a.cdx.json", data)

    assert [fact.name for fact in facts if isinstance(fact, Package)] == ["x", "a"]
    assert "1 of its entries" in error
