"""OpenVEX that cannot be used is told, part by part."""

import json
from typing import Any

import pytest

from findings.vex.documents import PURL, heard, openvex, outcomes, reasons, says, suppressed
from lading.errors import UsageError
from lading.findings.vex import LARGEST, read_vex
from lading.model.decision import Outcome


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        (says(vulnerability={}), "names no vulnerability"),
        (says(vulnerability=7), "names no vulnerability"),
        (says("harmless"), "its status is none of"),
        (says(status=None), "its status is none of"),
        (says(justification="trust me"), "its justification is none of"),
        (says(justification=None), "without a justification or an impact statement"),
        (says(products=[]), "it names no product"),
        (says(products="all"), "it names no product"),
    ],
)
def test_a_statement_that_cannot_be_used_is_told(statement: dict[str, Any], reason: str) -> None:
    found = heard(openvex(statement, says()))

    assert suppressed(found) == [True]
    assert sorted(outcomes(found)) == [Outcome.APPLIED, Outcome.UNUSABLE]
    assert any(reason in one for one in reasons(found))


def test_an_impact_statement_is_reason_enough() -> None:
    found = heard(openvex(says(justification=None, impact_statement="not built in")))

    assert suppressed(found) == [True]


def test_the_first_form_names_products_and_their_parts_by_texts() -> None:
    whole = says(products=[PURL])
    part = says(products=[PURL], subcomponents=["pkg:npm/other"])

    assert suppressed(heard(openvex(whole))) == [True]
    assert suppressed(heard(openvex(part))) == [False]


def test_a_document_that_was_updated_speaks_from_then() -> None:
    older = openvex(says("affected"), last_updated="2026-06-09T00:00:00Z")

    found = heard(older, openvex(says("not_affected"), **{"@id": "other"}))

    assert suppressed(found) == [False]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no JSON"),
        (b"[]", "neither OpenVEX nor CSAF nor CycloneDX"),
        (b"{}", "neither OpenVEX nor CSAF nor CycloneDX"),
        (b"[" * 200_000, "no JSON"),
        (b"\xff", "no JSON"),
        (b" " * (LARGEST + 1), "larger than"),
        (json.dumps({"@context": "https://example.test"}).encode(), "neither OpenVEX"),
    ],
)
def test_what_is_no_vex_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        read_vex(data, "v.json")


@pytest.mark.parametrize("statements", [None, 7, {}, [7, None, "x"]])
def test_statements_of_a_wrong_type_are_none(statements: Any) -> None:
    read = read_vex(json.dumps(openvex() | {"statements": statements}).encode(), "v.json")

    assert (read.statements, read.unusable) == ((), ())
