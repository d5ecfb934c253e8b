"""Bitnami's lists, after SPDX and what its images document."""

import json
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.bitnami import BITNAMI
from lading.model.package import Evidence

SPDX = "/opt/bitnami/nginx/.spdx-nginx.spdx"
LIST = "/opt/bitnami/.bitnami_components.json"


def a_row(purl: str | None = None, **facts: Any) -> dict[str, Any]:
    references = [{"referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:a:f5:nginx"}]
    if purl is not None:
        references.append({"referenceType": "purl", "referenceLocator": purl})
    return {"name": "nginx", "versionInfo": "1.25.3", "externalRefs": references} | facts


def a_document(*rows: Any) -> bytes:
    return json.dumps({"spdxVersion": "SPDX-2.3", "packages": rows}).encode()


@pytest.mark.parametrize(("purl", "expected"), [
    ("pkg:bitnami/nginx@1.25.3-2?arch=amd64&distro=debian-11", ("bitnami", "nginx", "1.25.3-2")),
    ("pkg:npm/%40scope/one@1.0", ("npm", "@scope/one", "1.0")),
    ("pkg:maven/org.apache/thing@2", ("maven", "org.apache:thing", "2")),
    ("pkg:golang/golang.org/x/net@v0.17.0", ("golang", "golang.org/x/net", "v0.17.0")),
    ("pkg:deb/debian/zlib1g@1.2", ("deb", "zlib1g", "1.2")),
    ("pkg:pypi/thing", ("pypi", "thing", "1.25.3")),
    ("no purl", ("generic", "nginx", "1.25.3")),
    (None, ("generic", "nginx", "1.25.3")),
])  # fmt: skip
def test_a_purl_says_what_a_package_is(purl: str | None, expected: tuple[str, str, str]) -> None:
    (package,) = packages_of(BITNAMI, SPDX, a_document(a_row(purl)))

    assert (package.type, package.name, package.version) == expected


def test_the_component_is_installed_and_what_it_was_built_with_is_bundled() -> None:
    rows = (a_row("pkg:bitnami/nginx@1?arch=arm64", licenseConcluded="BSD-2-Clause"), a_row())

    component, other = packages_of(BITNAMI, SPDX, a_document(*rows))

    assert (component.evidence, component.arch) == (Evidence.INSTALLED, "arm64")
    assert component.licenses == ("BSD-2-Clause",)
    assert other.evidence is Evidence.BUNDLED


def test_the_list_of_components_is_read() -> None:
    data = json.dumps({"nginx": {"arch": "amd64", "version": "1.25.3-2", "type": "NAMI"}}).encode()

    (package,) = packages_of(BITNAMI, LIST, data)

    assert (package.type, package.name, package.version) == ("bitnami", "nginx", "1.25.3-2")
    assert package.arch == "amd64"


def test_unfit_rows_are_counted_and_the_others_are_kept() -> None:
    document = a_document(a_row(name=None), "text", a_row(versionInfo=[]), a_row())
    components = json.dumps({"a": 1, "b": {"version": "1"}, "c": {}}).encode()

    facts, error = reading(BITNAMI, SPDX, document)
    listed, complaint = reading(BITNAMI, LIST, components)

    assert (len(facts), len(listed)) == (1, 1)
    assert "3 of its packages" in error
    assert "2 of its components" in complaint


@pytest.mark.parametrize("data", [b"", b"{}", b'{"packages": {}}', b"SPDXVersion: SPDX-2.3\n"])
def test_what_is_no_such_document_is_refused(data: bytes) -> None:
    facts, error = reading(BITNAMI, SPDX, data)

    assert facts == []
    assert error != ""


def test_other_documents_beside_it_are_left_alone() -> None:
    assert reading(BITNAMI, "/opt/bitnami/a/license.spdx", b"text") == ([], "")


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_document(a_row("pkg:npm/%40scope/one@1.0"))):
        reading(BITNAMI, SPDX, data)
