"""A result whose every text tries to be more than text, and one of a size that few images have."""

from builders import a_finding, a_result
from lading.model.finding import Finding, Fix, FixState, Severity, Suppression
from lading.model.image import Image, System
from lading.model.package import Package
from lading.model.problem import Problem, Stage
from lading.model.result import Result

SCRIPT = "</script><script>alert(1)</script><!--<script>"
MARKUP = (
    "`|`` **b** [x](javascript:alert(1)) <img src=x onerror=alert(1)> @admin #1 http://evil.example"
)
UNSEEN = "\x1b[31m\x07\r\nline\t\u202ereversed\u200b\u2028\ud800\ufffe\uffff"
NAMES = (
    SCRIPT,
    MARKUP,
    UNSEEN,
    '=HYPERLINK("http://evil.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\uff1d1",
    '"quoted",\r\nand=more',
    "]]>&amp;&#x1b;",
    "{{ 7*7 }}{% for %}",
)
_ALL = SCRIPT + MARKUP + UNSEEN


def a_hostile_package(number: int, name: str) -> Package:
    return Package(
        id=f"npm/{number}",
        type="npm",
        name=name,
        version=name,
        purl="pkg:npm/x@1",
        paths=(f"/{name}",),
    )


def a_hostile_finding(number: int, name: str) -> Finding:
    return a_finding(
        f"{name}{number}",
        package=f"npm/{number}",
        installed=name,
        aliases=(_ALL,),
        cwes=("CWE-79", _ALL),
        references=(f"javascript:{name}", f"https://x.example/{name}", "https://fine.example/a"),
        fix=Fix(state=FixState.FIXED, versions=(name,)),
        rule=_ALL,
        title=name,
        suppressed=Suppression(by=name, reason=_ALL, until=None) if number % 5 == 4 else None,
    )


HOSTILE: Result = a_result(
    target=_ALL,
    image=Image(
        reference=None,
        digest=None,
        config_digest=None,
        platform=None,
        created=None,
        os=System(id=_ALL, version_id=_ALL, pretty_name=_ALL, end_of_life=None, supported=None),
        base=None,
        layers=(),
    ),
    packages=tuple(a_hostile_package(number, name) for number, name in enumerate(NAMES)),
    findings=tuple(a_hostile_finding(number, name) for number, name in enumerate(NAMES)),
    problems=(Problem(stage=Stage.CATALOG, path=_ALL, reason=_ALL, effect=_ALL),),
)


def a_large_result(findings: int = 10_000, packages: int = 2_000) -> Result:
    """A result like those of large images: its texts are as long as theirs."""
    inside = tuple(
        Package(
            id=f"pkg:pypi/package-{number}@1.{number}.0",
            type="pypi",
            name=f"package-{number}",
            version=f"1.{number}.0",
            purl=f"pkg:pypi/package-{number}@1.{number}.0",
            paths=(
                f"/usr/lib/python3/dist-packages/package_{number}-1.{number}.0.dist-info/METADATA",
            ),
            layer=number % 7,
            licenses=("MIT",),
        )
        for number in range(packages)
    )
    severities = tuple(Severity)
    return a_result(
        packages=inside,
        findings=tuple(
            a_finding(
                f"CVE-{2015 + number % 11}-{10_000 + number}",
                package=inside[number % packages].id,
                severity=severities[number % len(severities)],
                score=round(number % 100 / 10, 1),
                fixed=(f"2.{number % 9}.0",) if number % 3 else (),
                title=f"What a visitor sends reaches parser {number} before anything checks it",
                aliases=(f"GHSA-aaaa-bbbb-{number:04d}",) if number < 10_000 else (),
                references=tuple(
                    f"https://example.org/advisories/{number}/{at}" for at in range(4)
                ),
                layer=number % 7,
            )
            for number in range(findings)
        ),
    )
