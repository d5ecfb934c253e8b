"""Decisions that ended or did nothing are said; those that did their work are counted."""

from dataclasses import replace
from typing import Any

import pytest

from builders import a_result
from lading.model.decision import Decision, Outcome
from lading.model.result import Breach, Verdict
from lading.report import render
from lading.report.decided import lines_on
from lading.report.view import View
from report.sample import NOW


def decision(outcome: Outcome, **facts: Any) -> Decision:
    usual: dict[str, Any] = {
        "kind": "exception", "source": "e.toml:1", "about": "CVE-2024-1", "reason": "because",
    }  # fmt: skip
    return Decision(outcome=outcome, **(usual | facts))


def texts(*decisions: Decision) -> list[str]:
    return [line.text for line in lines_on(decisions)]


@pytest.mark.parametrize("outcome", Outcome)
def test_each_outcome_is_counted_and_named_when_it_needs_attention(outcome: Outcome) -> None:
    quiet = outcome in (Outcome.APPLIED, Outcome.SUPERSEDED)

    assert texts(decision(outcome)) == [
        f"Decisions: 1 {outcome}.",
        *([] if quiet else [f"- {outcome.capitalize()}: CVE-2024-1 (e.toml:1): because"]),
    ]


def test_what_ends_soon_is_announced_the_soonest_first() -> None:
    later = decision(Outcome.APPLIED, about="later", days_left=3, until="2026-01-13")
    today = decision(Outcome.APPLIED, about="today", days_left=0, until="2026-01-10")

    assert texts(later, today)[1:] == [
        "- Ends soon: today (e.toml:1): because; until 2026-01-10",
        "- Ends soon: later (e.toml:1): because; until 2026-01-13",
    ]


def test_many_are_cut_and_counted() -> None:
    assert texts(*[decision(Outcome.EXPIRED)] * 8)[-1] == "- Expired: and 3 more"


@pytest.mark.parametrize("decisions", [None, ()])
def test_without_decisions_nothing_is_said(decisions: tuple[()] | None) -> None:
    assert list(lines_on(decisions)) == []


def test_hostile_text_stays_on_its_line() -> None:
    (_, line) = texts(decision(Outcome.EXPIRED, about="a\x1b[31m\nb" * 1000))

    assert not {"\x1b", "\n"} & set(line)
    assert len(line) < 400


def test_the_table_says_decisions_and_warnings() -> None:
    warning = Breach(finding=None, coverage=None, rule="no copyleft", package="npm/x@1")
    found = replace(
        a_result(),
        decisions=(decision(Outcome.EXPIRED),),
        verdict=Verdict(passed=True, breaches=(), warnings=(warning,)),
    )

    text = render(found, View(now=NOW), "table")

    assert "Expired: CVE-2024-1" in text
    assert "Warned of: no copyleft (npm/x@1)" in text
    assert "Verdict: pass" in text
