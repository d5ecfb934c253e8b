"""Files that are SBOMs, and files that only look a bit like one."""

import pytest

from lading.image.sbom_format import is_sbom
from sbom.documents import (
    bundle,
    cyclonedx,
    cyclonedx_xml,
    envelope,
    spdx,
    spdx3,
    spdx_tags,
    statement,
    syft,
)

PURL = "pkg:npm/a@1"


@pytest.mark.parametrize(
    "data",
    [
        cyclonedx(PURL),
        cyclonedx_xml(PURL),
        spdx(PURL),
        spdx3(PURL),
        spdx_tags(PURL),
        syft(PURL),
        statement(spdx(PURL)),
        envelope(spdx(PURL)),
        bundle(spdx(PURL)),
        b"# a list\n\npkg:npm/a@1\n",
        b"\xef\xbb\xbfSPDXVersion: SPDX-2.3\n",
        b"<rdf:RDF xmlns='http://spdx.org/rdf/terms#'>",
    ],
)
def test_an_sbom_is_known_by_its_first_bytes(data: bytes) -> None:
    assert is_sbom(data)


def test_what_stands_at_the_end_counts_too() -> None:
    assert is_sbom(b'{"packages": [', b'], "spdxVersion": "SPDX-2.3"}')


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"#",
        b'{"name": "app", "lockfileVersion": 3}',
        b'{"description": "bomFormat"}',
        b"<project/>",
        b"pkg: no list",
        b"requests==2.0\npkg:npm/a@1\n",
        b"#!/bin/sh\necho pkg:npm/a\n",
        b"\x7fELF",
        b"\x1f\x8b\x08",
    ],
)
def test_other_files_are_none(data: bytes) -> None:
    assert not is_sbom(data)
