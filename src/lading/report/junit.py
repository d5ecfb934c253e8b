"""A result to JUnit XML, which most continuous integration shows: a test case a finding.

Format: https://github.com/testmoapp/junitxml. A finding fails its case, one that is suppressed is
skipped, a problem on the way is an error, and what else breaches the policy fails too. Where there
is nothing of these, one case passes, since some readers refuse an empty file.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from lading.model.finding import Finding
from lading.model.package import Package
from lading.model.problem import Problem
from lading.model.result import Result
from lading.report.order import canonical
from lading.report.phrases import brief, named, told
from lading.report.text import plain
from lading.report.view import View

_NO_CHARACTERS = str.maketrans({"\ufffe": "\\ufffe", "\uffff": "\\uffff"})  # XML cannot hold them


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    suite: str
    name: str
    outcome: str | None = None  # an element: failure, error, skipped
    message: str = ""
    type: str = ""


def render(result: Result, view: View) -> str:
    """Return the document; the time is the view's clock."""
    result = canonical(result)
    cases = tuple(_cases(result)) or (_Case(suite="lading", name="nothing is known"),)
    counts = {
        "tests": len(cases),
        "failures": sum(case.outcome == "failure" for case in cases),
        "errors": sum(case.outcome == "error" for case in cases),
        "skipped": sum(case.outcome == "skipped" for case in cases),
    }
    told = "".join(f' {name}="{count}"' for name, count in counts.items())
    moment = f"{view.now:%Y-%m-%dT%H:%M:%S}"
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="lading"{told}>',
        f'  <testsuite name={_value(result.target)} time="0" timestamp="{moment}"{told}>',
        *(line for case in cases for line in _written(case)),
        "  </testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _cases(result: Result) -> Iterator[_Case]:
    packages = {package.id: package for package in result.packages}
    for finding in result.findings or ():
        yield _finding(finding, packages.get(finding.package))
    for breach in result.verdict.breaches if result.verdict else ():
        if breach.finding is None:
            what = brief(breach.coverage or breach.package or "")
            yield _Case(
                suite="policy", name=what, outcome="failure", message=what, type=brief(breach.rule)
            )
    yield from map(_problem, result.problems)


def _finding(finding: Finding, package: Package | None) -> _Case:
    suite = f"{package.type}.{brief(package.name)}" if package else brief(finding.package)
    name = f"{brief(finding.id)} in {named(finding, package)}"
    if finding.suppressed:
        why = f"{finding.suppressed.by}: {finding.suppressed.reason}"
        return _Case(suite=suite, name=name, outcome="skipped", message=brief(why))
    return _Case(
        suite=suite,
        name=name,
        outcome="failure",
        message=told(finding, package),
        type=finding.severity,
    )


def _problem(problem: Problem) -> _Case:
    return _Case(
        suite=f"problem.{problem.stage}",
        name=brief(problem.path) or "the whole image",
        outcome="error",
        message=f"{brief(problem.reason)}; {brief(problem.effect)}",
        type=problem.stage,
    )


def _written(case: _Case) -> Iterator[str]:
    opening = f'    <testcase classname={_value(case.suite)} name={_value(case.name)} time="0"'
    if case.outcome is None:
        yield f"{opening}/>"
        return
    type = f" type={_value(case.type)}" if case.type else ""
    yield f"{opening}>"
    yield f"      <{case.outcome} message={_value(case.message)}{type}/>"
    yield "    </testcase>"


def _value(text: str) -> str:
    return quoteattr(plain(text).translate(_NO_CHARACTERS))
