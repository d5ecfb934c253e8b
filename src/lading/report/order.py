"""A result to the same result in its one form: every list in order, every text and number writable.

Lists whose order says something keep it: fixed versions (smallest first), paths (the hash is of the
first), layers, and licenses and hashes as found.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from math import isfinite

import msgspec

from lading.model.advisory import Vector
from lading.model.decision import Decision
from lading.model.finding import Finding
from lading.model.package import Package
from lading.model.result import Advisories, Breach, Coverage, Result, Unexplained
from lading.report.text import encodable


def canonical(result: Result) -> Result:
    """Return the result that all reports are rendered from: sorted, without NaN or infinity.

    Bytes in names that were no UTF-8 become escapes, since no text file can hold them as they are.
    """
    result = _encodable(result)
    findings = result.findings
    return replace(
        result,
        image=replace(
            result.image, layers=tuple(sorted(result.image.layers, key=lambda layer: layer.index))
        ),
        advisories=result.advisories and _advisories(result.advisories),
        packages=tuple(sorted(map(_package, result.packages), key=_package_order)),
        findings=None
        if findings is None
        else tuple(sorted(map(_finding, findings), key=lambda found: (found.package, found.id))),
        problems=tuple(sorted(result.problems)),
        coverage=_coverage(result.coverage),
        verdict=result.verdict
        and replace(
            result.verdict,
            breaches=tuple(sorted(result.verdict.breaches, key=_breach_order)),
            warnings=tuple(sorted(result.verdict.warnings, key=_breach_order)),
        ),
        decisions=result.decisions and tuple(sorted(result.decisions, key=_decision_order)),
    )


def _encodable(result: Result) -> Result:
    try:
        msgspec.json.encode(result)
    except UnicodeEncodeError:
        return msgspec.convert(_escaped(msgspec.to_builtins(result)), Result)
    return result


def _escaped(tree: object) -> object:
    match tree:
        case str():
            return encodable(tree)
        case dict():
            return {name: _escaped(value) for name, value in tree.items()}
        case list() | tuple():
            return [_escaped(value) for value in tree]
        case _:
            return tree


def _advisories(advisories: Advisories) -> Advisories:
    feeds = (replace(feed, age_hours=_finite(feed.age_hours)) for feed in advisories.feeds)
    return replace(advisories, feeds=tuple(sorted(feeds, key=lambda feed: feed.name)))


def _package(package: Package) -> Package:
    return replace(package, depends_on=_sorted(package.depends_on))


def _package_order(package: Package) -> tuple[str, str, str, tuple[str, ...]]:
    return package.id, package.name, package.version or "", package.paths


def _finding(finding: Finding) -> Finding:
    epss = finding.epss
    if epss and not (isfinite(epss.score) and isfinite(epss.percentile)):
        epss = None
    vectors = (replace(vector, score=_finite(vector.score)) for vector in finding.vectors)
    return replace(
        finding,
        score=_finite(finding.score),
        epss=epss,
        vectors=tuple(sorted(vectors, key=_vector_order)),
        aliases=_sorted(finding.aliases),
        advisories=tuple(sorted(finding.advisories, key=lambda ref: (ref.id, ref.source))),
        cwes=_sorted(finding.cwes),
        references=_sorted(finding.references),
    )


def _vector_order(vector: Vector) -> tuple[str, str, str]:
    return vector.source, vector.vector or "", vector.rating or ""


def _coverage(coverage: Coverage) -> Coverage:
    return replace(
        coverage,
        unexplained=tuple(sorted(coverage.unexplained, key=_unexplained_order)),
        unmatched=tuple(sorted(coverage.unmatched, key=lambda item: (item.package, item.reason))),
        notes=_sorted(coverage.notes),
        modified=None
        if coverage.modified is None
        else tuple(sorted(coverage.modified, key=lambda item: (item.path, item.package))),
    )


def _unexplained_order(item: Unexplained) -> tuple[str, int]:
    return item.path, -1 if item.layer is None else item.layer


def _breach_order(breach: Breach) -> tuple[str, str, str, str]:
    return breach.rule, breach.finding or "", breach.coverage or "", breach.package or ""


def _decision_order(decision: Decision) -> tuple[str, str, str, str]:
    place = re.sub(r"[0-9]{1,12}", lambda found: found[0].zfill(12), decision.source)
    return decision.kind, place, decision.about, decision.outcome


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(texts))


def _finite(number: float | None) -> float | None:
    return number if number is not None and isfinite(number) else None
