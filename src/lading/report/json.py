"""A result to its JSON, `lading.scan/1`, and back: what is saved can be rendered again.

UTF-8, members sorted, two spaces of indent; the same result gives the same bytes. Every member is
present, `null` where it is unknown; docs/json.md says what each one means. Members that this reader
does not know are ignored, so results of a later version stay readable.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from lading.errors import UnreadableError
from lading.model.decision import Decision
from lading.model.finding import Finding
from lading.model.image import Image
from lading.model.package import Package
from lading.model.problem import Problem
from lading.model.result import Advisories, Breach, Coverage, Deleted, Result, Verdict
from lading.report.order import canonical
from lading.report.text import json_plain, plain, shorten
from lading.report.view import View

SCHEMA = "lading.scan/1"
SCHEMA_OF_SEVERAL = "lading.scans/1"

INTERNAL = ("requires", "provides", "namespace")
"""Members of a package that only the inventory needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lading:
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    given: str
    kind: str


class _Verdict(msgspec.Struct, frozen=True, kw_only=True):
    passed: bool = msgspec.field(name="pass")  # a word that Python keeps for itself
    breaches: tuple[Breach, ...]
    warnings: tuple[Breach, ...] = ()


class _Header(msgspec.Struct, frozen=True):
    schema: str


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """The JSON form of a result."""

    schema: str
    lading: _Lading
    target: _Target
    config: str | None = None
    image: Image
    advisories: Advisories | None
    packages: tuple[Package, ...]
    findings: tuple[Finding, ...] | None
    problems: tuple[Problem, ...]
    coverage: Coverage
    deleted: Deleted | None = None
    decisions: tuple[Decision, ...] | None = None
    verdict: _Verdict | None


def render(result: Result, view: View | None = None) -> str:  # noqa: ARG001 — views never change the JSON
    """Return the JSON text of a result, ending in a newline."""
    tree = msgspec.to_builtins(_document(canonical(result)))
    for package in tree["packages"]:
        for name in INTERNAL:
            del package[name]
    data = msgspec.json.encode(tree, order="sorted")
    return json_plain(msgspec.json.format(data, indent=2).decode()) + "\n"


def render_all(results: Sequence[Result]) -> str:
    """Return the JSON text of several results, `lading.scans/1`, ending in a newline."""
    texts = (render(result).rstrip("\n").replace("\n", "\n    ") for result in results)
    listed = ",\n    ".join(texts)
    return f'{{\n  "results": [\n    {listed}\n  ],\n  "schema": "{SCHEMA_OF_SEVERAL}"\n}}\n'


def read(data: bytes) -> Result:
    """Return the result that `render` wrote; raise UnreadableError for anything else."""
    try:
        header = msgspec.json.decode(data, type=_Header)
        if header.schema != SCHEMA:
            raise UnreadableError(_foreign(header.schema))
        return _result(msgspec.json.decode(data, type=Document))
    except msgspec.ValidationError as error:
        raise UnreadableError(f"this is no {SCHEMA} result: {plain(str(error))}") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UnreadableError(f"this is no result, for it is no JSON: {error}") from error


def _document(result: Result) -> Document:
    verdict = result.verdict
    return Document(
        schema=SCHEMA,
        lading=_Lading(version=result.lading),
        target=_Target(given=result.target, kind=result.target_kind),
        config=result.config,
        image=result.image,
        advisories=result.advisories,
        packages=result.packages,
        findings=result.findings,
        problems=result.problems,
        coverage=result.coverage,
        deleted=result.deleted,
        decisions=result.decisions,
        verdict=_Verdict(
            passed=verdict.passed, breaches=verdict.breaches, warnings=verdict.warnings
        )
        if verdict
        else None,
    )


def _result(document: Document) -> Result:
    verdict = document.verdict
    return Result(
        target=document.target.given,
        target_kind=document.target.kind,
        lading=document.lading.version,
        config=document.config,
        image=document.image,
        advisories=document.advisories,
        packages=document.packages,
        findings=document.findings,
        problems=document.problems,
        coverage=document.coverage,
        deleted=document.deleted,
        decisions=document.decisions,
        verdict=Verdict(passed=verdict.passed, breaches=verdict.breaches, warnings=verdict.warnings)
        if verdict
        else None,
    )


def _foreign(schema: str) -> str:
    if schema == SCHEMA_OF_SEVERAL:
        return f"this file holds several results ({SCHEMA_OF_SEVERAL}); give one of them"
    return f"this is no {SCHEMA} result: its schema is {plain(shorten(schema, 60))!r}"
