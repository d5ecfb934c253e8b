import pytest

from builders import a_finding
from lading.model.finding import Fix, FixState
from lading.report.remedy import remedy


@pytest.mark.parametrize(
    ("fixes", "answer"),
    [
        pytest.param([("3.2.5",), ("3.2.25",), ("3.2.9",)], "3.2.25", id="the highest of all"),
        pytest.param([("1.9",), ("1.10",)], "1.10", id="highest as the ecosystem sorts"),
        pytest.param([("3.2.25", "4.2.11"), ("3.2.5",)], "3.2.25", id="smallest branch"),
        pytest.param([("3.2.5", "4.2.1"), ("3.2.25", "4.2.11")], "4.2.11", id="unsure: the last"),
        pytest.param([("1.0",), ("1.0.0",)], "1.0.0", id="one version written in two ways"),
        pytest.param([("1.0",), ("?!",)], None, id="a version that cannot be read"),
        pytest.param([], None, id="nothing fixable"),
    ],
)
def test_one_version_ends_all_fixable_findings(
    fixes: list[tuple[str, ...]], answer: str | None
) -> None:
    findings = [a_finding(f"CVE-{at}", fixed=fixed) for at, fixed in enumerate(fixes)]

    found = remedy([*findings, a_finding("CVE-unfixed", fixed=())], "pypi")

    assert found == (None if answer is None else (answer, len(fixes)))


def test_an_unknown_kind_of_package_has_no_remedy() -> None:
    assert remedy([a_finding(fixed=("2.0",))], "swid") is None


def test_a_version_that_is_no_fix_is_no_remedy() -> None:
    finding = a_finding(fix=Fix(state=FixState.WONT_FIX, versions=("2.0",)))

    assert remedy([finding], "pypi") is None
