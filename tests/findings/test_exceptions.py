"""Exceptions: what they are about, how long they run, and what is refused. Case by case."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from builders import a_finding, a_package, a_result
from lading.errors import UsageError
from lading.findings.deciding import Decisions, decide
from lading.findings.exceptions import check_lengths, read_exceptions
from lading.model.decision import Decision, Outcome, Vex
from lading.model.finding import Finding, Fix, FixState, Severity, Suppression
from lading.model.image import BaseImage
from lading.model.package import Package
from lading.model.result import Result

NOW = datetime(2026, 6, 15, 12, tzinfo=UTC)
SAID = 'reason = "not reachable"\nauthor = "ops"\n'
FAR = "until = 2026-12-31\n"


def exception(keys: str, *, until: str = FAR) -> str:
    return f"[[exception]]\n{keys}\n{SAID}{until}\n"


def package(**facts: Any) -> Package:
    usual: dict[str, Any] = {"id": "p", "layer": 3, "purl": "pkg:npm/thing@1.5.0"}
    return replace(a_package("1.5.0", name="thing", type="npm"), **(usual | facts))


def result(
    *findings: Finding, packages: tuple[Package, ...] | None = None, layers: int | None = 2
) -> Result:
    found = a_result(packages=packages or (package(),), findings=findings)
    base = BaseImage(name=None, digest=None, layers=layers) if layers is not None else None
    image = replace(
        found.image, base=base, reference="registry.example/shop/web:1", digest="sha256:" + "5" * 64
    )
    return replace(found, image=image)


def one(**facts: Any) -> Finding:
    usual: dict[str, Any] = {"aliases": ("GHSA-aaaa-bbbb-cccc",), "severity": Severity.MEDIUM}
    return replace(a_finding("CVE-2024-1000", package="p"), **(usual | facts))


def decided(text: str, found: Result, now: datetime = NOW) -> Result:
    return decide(found, Decisions(exceptions=read_exceptions(text.encode(), "e.toml")), now)


def outcomes(found: Result) -> list[Outcome]:
    return [decision.outcome for decision in found.decisions or ()]


def suppressed(found: Result) -> list[bool]:
    return [finding.suppressed is not None for finding in found.findings or ()]


# ------------------------------------------------------------------ what it is about

CVE = 'vulnerability = "CVE-2024-1000"'


@pytest.mark.parametrize(
    ("keys", "applies"),
    [
        (CVE, True),
        ('vulnerability = "cve-2024-1000"', True),
        ('vulnerability = "GHSA-aaaa-bbbb-cccc"', True),  # an alias alone
        ('vulnerability = ["CVE-2024-1", "CVE-2024-1000"]', True),
        ('vulnerability = "CVE-2024-100"', False),
        (f'{CVE}\npackage = "thing"', True),
        (f'{CVE}\npackage = "npm:thing"', True),
        (f'{CVE}\npackage = "pypi:thing"', False),
        (f'{CVE}\npackage = "th?ng"', True),
        (f'{CVE}\npackage = "pkg:npm/thing"', True),
        (f'{CVE}\npackage = "pkg:npm/thing@1.5.0"', True),
        (f'{CVE}\npackage = "pkg:npm/thing@1.5.1"', False),
        (f'{CVE}\npackage = "pkg:npm/thing?arch=arm"', False),
        (f'{CVE}\npackage = "pkg:npm/*"', True),
        (f'{CVE}\ntype = "npm"', True),
        (f'{CVE}\ntype = "deb"', False),
        (f'{CVE}\nversion = "<2"', True),
        (f'{CVE}\nversion = "<1.5"', False),
        (f'{CVE}\nversion = "1.5.0"', True),
        (f'{CVE}\npath = "/where/*"', True),
        (f'{CVE}\npath = "/test/*"', False),
        (f"{CVE}\nlayer = 3", True),
        (f"{CVE}\nlayer = 2", False),
        (f'{CVE}\nlayer = "own"', True),
        (f'{CVE}\nlayer = "base"', False),
        (f'{CVE}\nimage = "registry.example/shop/*"', True),
        (f'{CVE}\nimage = "registry.example/other/*"', False),
        (f'{CVE}\nimage = ["other", "example:1"]', True),  # as the user named the target
        (f'{CVE}\nimage = "sha256:5*"', True),
        ('package = "thing"', True),  # all of a package
        ('path = "/where/it/is"', True),
    ],
)
def test_an_exception_is_about_what_its_scope_says(keys: str, applies: bool) -> None:
    found = decided(exception(keys), result(one()))

    assert suppressed(found) == [applies]
    assert outcomes(found) == [Outcome.APPLIED if applies else Outcome.UNMATCHED]


@pytest.mark.parametrize(
    ("keys", "facts"),
    [
        ('version = "<2"', {"version": "no version"}),
        ('version = "<2"', {"version": None}),
        ('layer = "base"', {"layer": None}),
        ('package = "pkg:npm/thing"', {"purl": ""}),
        ('package = "pkg:npm/thing@1.5.0"', {"purl": "no purl"}),
    ],
)
def test_what_cannot_be_told_is_not_excused(keys: str, facts: dict[str, Any]) -> None:
    found = decided(exception(f"{CVE}\n{keys}"), result(one(), packages=(package(**facts),)))

    assert suppressed(found) == [False]


def test_layers_are_not_excused_where_nobody_knows_the_base() -> None:
    found = decided(exception(f'{CVE}\nlayer = "base"'), result(one(), layers=None))

    assert suppressed(found) == [False]


def test_a_finding_whose_package_is_not_listed_is_excused_by_its_vulnerability_alone() -> None:
    stray = one(package="gone")

    assert suppressed(decided(exception(CVE), result(stray))) == [True]
    assert suppressed(decided(exception(f'{CVE}\ntype = "npm"'), result(stray))) == [False]


def test_an_exception_survives_a_change_of_name_and_a_rebuild() -> None:
    """The advisory got a CVE, the package another build and layer."""
    rebuilt = result(
        one(id="CVE-2026-7", aliases=("CVE-2024-1000",)),
        packages=(package(layer=9, version="1.5.1", purl="pkg:npm/thing@1.5.1"),),
    )
    text = exception(f'{CVE}\npackage = "pkg:npm/thing"\nversion = "<2"')

    assert suppressed(decided(text, rebuilt)) == [True]


# ------------------------------------------------------------------ how long it runs


@pytest.mark.parametrize(
    ("until", "outcome", "days_left"),
    [
        pytest.param("2026-06-14", Outcome.EXPIRED, None, id="expired yesterday"),
        pytest.param("2026-06-15", Outcome.APPLIED, 0, id="expires today, and counts to its end"),
        pytest.param("2026-06-16", Outcome.APPLIED, 1, id="expires tomorrow"),
        pytest.param("2026-06-29", Outcome.APPLIED, 14, id="soon enough to announce"),
        pytest.param("2026-06-30", Outcome.APPLIED, None, id="not yet to announce"),
        pytest.param('"2026-06-16"', Outcome.APPLIED, 1, id="as a text"),
        pytest.param("2026-06-15T11:59:59Z", Outcome.EXPIRED, None, id="a moment ago"),
        pytest.param("2026-06-15T12:00:00Z", Outcome.APPLIED, 0, id="this very moment"),
        pytest.param("2026-06-15T13:59:00+02:00", Outcome.EXPIRED, None, id="another zone"),
        pytest.param("2026-06-15T12:30:00", Outcome.APPLIED, 0, id="no zone is UTC"),
    ],
)
def test_an_exception_runs_to_the_end_of_its_last_day(
    until: str, outcome: Outcome, days_left: int | None
) -> None:
    found = decided(exception(CVE, until=f"until = {until}"), result(one()))

    (decision,) = found.decisions or ()
    assert decision.outcome is outcome
    assert decision.days_left == days_left
    assert suppressed(found) == [outcome is Outcome.APPLIED]


def test_an_expired_exception_names_what_counts_again() -> None:
    found = decided(exception(CVE, until="until = 2026-06-14"), result(one()))

    (decision,) = found.decisions or ()
    assert decision.findings == ("CVE-2024-1000 p",)
    assert decision.reason == "it ended on 2026-06-14; 1 count again"


def test_an_expired_exception_for_nothing_here_says_so() -> None:
    found = decided(exception(CVE, until="until = 2026-06-14"), result())

    assert (found.decisions or ())[0].reason.endswith("nothing here is what it was for")


@pytest.mark.parametrize(
    ("keys", "facts", "outcome"),
    [
        ("until_fixed = true", {"fix": Fix(state=FixState.NOT_FIXED)}, Outcome.APPLIED),
        ("until_fixed = true", {"fix": Fix(state=FixState.WONT_FIX)}, Outcome.APPLIED),
        ("until_fixed = true", {"fix": Fix(state=FixState.FIXED)}, Outcome.ENDED),
        ("until_fixed = false", {"fix": Fix(state=FixState.FIXED)}, Outcome.APPLIED),
        ('while_severity_below = "high"', {"severity": Severity.MEDIUM}, Outcome.APPLIED),
        ('while_severity_below = "high"', {"severity": Severity.HIGH}, Outcome.ENDED),
        ('while_severity_below = "high"', {"severity": Severity.CRITICAL}, Outcome.ENDED),
        ('while_severity_below = "high"', {"severity": Severity.UNKNOWN}, Outcome.ENDED),
    ],
)
def test_a_condition_ends_an_exception_before_its_day(
    keys: str, facts: dict[str, Any], outcome: Outcome
) -> None:
    found = decided(exception(f"{CVE}\n{keys}"), result(one(**facts)))

    assert outcomes(found) == [outcome]
    assert suppressed(found) == [outcome is Outcome.APPLIED]


def test_a_condition_is_held_against_each_finding() -> None:
    unfixed = Fix(state=FixState.NOT_FIXED)
    found = decided(
        exception(f"{CVE}\nuntil_fixed = true"), result(one(), one(package="q", fix=unfixed))
    )

    assert suppressed(found) == [False, True]
    assert "1 count again: there is a fix: 2.0" in (found.decisions or ())[0].reason


def test_several_reasons_to_end_are_counted() -> None:
    fixed = Fix(state=FixState.FIXED)
    found = decided(
        exception(f"{CVE}\nuntil_fixed = true"), result(one(), one(package="q", fix=fixed))
    )

    assert (found.decisions or ())[0].reason == "there is a fix: 2.0, and 1 other reasons"


# ------------------------------------------------------------------ several of them


def test_the_first_that_applies_suppresses_and_the_other_is_no_dead_one() -> None:
    text = exception(CVE) + exception('package = "thing"').replace("ops", "dev")
    found = decided(text, result(one()))

    assert [finding.suppressed for finding in found.findings or ()] == [
        Suppression(by="ops", reason="not reachable", until="2026-12-31")
    ]
    assert outcomes(found) == [Outcome.APPLIED] * 2
    assert "suppressed before by another" in (found.decisions or ())[1].reason


def test_an_expired_one_leaves_the_finding_to_the_next() -> None:
    text = exception(CVE, until="until = 2026-01-01") + exception(CVE)

    found = decided(text, result(one()))

    assert outcomes(found) == [Outcome.EXPIRED, Outcome.APPLIED]
    assert suppressed(found) == [True]


def test_a_justification_makes_it_a_statement_that_can_be_told() -> None:
    keys = f'{CVE}\nadded = 2026-06-01\njustification = "component_not_present"'

    (finding,) = decided(exception(keys), result(one())).findings or ()

    assert finding.suppressed is not None
    assert finding.suppressed.vex == Vex(
        status="not_affected",
        justification="component_not_present",
        impact="not reachable",
        stated="2026-06-01",
    )


def test_a_justification_without_its_day_has_none() -> None:
    keys = f'{CVE}\njustification = "component_not_present"\nimpact = "no such part"'

    (finding,) = decided(exception(keys), result(one())).findings or ()

    assert finding.suppressed is not None
    assert finding.suppressed.vex is not None
    assert (finding.suppressed.vex.stated, finding.suppressed.vex.impact) == (None, "no such part")


def test_an_inventory_stays_as_it_is() -> None:
    inventory = a_result(findings=None)

    assert decided(exception(CVE), inventory) is inventory


def test_a_decision_says_where_it_stands_and_what_it_is_about() -> None:
    text = "# why\n\n" + exception(f'{CVE}\npackage = "thing"\nimage = "*"')

    (decision,) = decided(text, result(one())).decisions or ()

    assert decision == Decision(
        kind="exception",
        source="e.toml:3",
        about="CVE-2024-1000; package thing; image *",
        outcome=Outcome.APPLIED,
        reason="suppresses 1",
        by="ops",
        until="2026-12-31",
        findings=("CVE-2024-1000 p",),
    )


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("[[exception]]\n" + CVE, 1, "has no reason, author, until"),
        (f"[[exception]]\n{CVE}\n{SAID}", 1, "has no until"),
        (f"[[exception]]\n{SAID}{FAR}", 1, "names no vulnerability"),
        (exception(f'{CVE}\nreasn = "x"'), 3, "unknown key 'reasn'"),
        (exception(f'{CVE}\nversion = "1 2"'), 3, "no range of versions"),
        (exception(f'{CVE}\njustification = "trust me"'), 3, "there is no 'trust me'"),
        (exception(f'{CVE}\nimpact = "none"'), 3, "there is none"),
        (
            exception('package = "x"\njustification = "component_not_present"'),
            3,
            "needs a vulnerability",
        ),
        (exception(f'{CVE}\nwhile_severity_below = "unknown"'), 3, "there is no 'unknown'"),
        (exception(f'{CVE}\nuntil_fixed = "yes"'), 3, "true or false"),
        (exception(f"{CVE}\nlayer = 1.5"), 3, "layer must be"),
        (exception("vulnerability = 7"), 2, "a text or a list of texts"),
        (exception("vulnerability = ['', 'x']"), 2, "a text or a list of texts"),
        (exception(CVE, until="until = 'soon'"), 5, "must be a date"),
        (exception(CVE, until="until = 7"), 5, "must be a date"),
        (exception(CVE, until="until = '0001-01-01T00:00:00+23:59'"), 5, "must be a date"),
        (exception(CVE, until="until = 12:00:00"), 5, "must be a date"),
        (exception(CVE).replace('"ops"', '"  "'), 4, "author must be a text"),
        ("[exception]\nx = 1", 1, "must be tables"),
        ("exceptions = []", 1, "unknown key 'exceptions'"),
        ("exception = [1]", 1, "must be tables"),
        ("exception = [{reason = 'x'}]", 1, "has no author, until"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(UsageError) as error:
        read_exceptions(text.encode(), "e.toml")

    assert str(error.value).startswith(f"e.toml:{line}: ")
    assert reason in str(error.value)


@pytest.mark.parametrize(
    ("keys", "until", "most", "refused"),
    [
        ("", "2026-09-13", 90, False),
        ("", "2026-09-14", 90, True),
        ("added = 2026-06-01", "2026-08-30", 90, False),
        ("added = 2026-06-01", "2026-08-31", 90, True),
        ("added = 2026-06-01", "2026-08-31T00:00:00Z", 90, True),
        ("", "2099-01-01", None, False),
    ],
)
def test_a_policy_bounds_how_long_an_exception_runs(
    keys: str, until: str, most: int | None, refused: bool
) -> None:
    found = read_exceptions(exception(f"{CVE}\n{keys}", until=f"until = {until}").encode(), "e")

    if not refused:
        check_lengths(found, most, NOW)
        return
    with pytest.raises(UsageError, match=r"^e:1: until .* days ahead; the policy allows 90"):
        check_lengths(found, most, NOW)
