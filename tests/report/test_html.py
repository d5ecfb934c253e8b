import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from builders import a_result
from lading.model.finding import Severity
from lading.model.result import Result
from lading.report.html import render
from lading.report.view import View
from report.golden import assert_golden
from report.hostile import HOSTILE, a_large_result
from report.sample import INVENTORY, NOW, SCAN

VIEW = View(now=NOW)
UNSEEN = "\x1b\x07\u202e\u200b\u2028"


class Elements(HTMLParser):
    """Counts elements, and keeps what the attributes of each say."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def data_of(text: str) -> Any:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return json.loads(found[1])


def test_the_whole_page() -> None:
    assert_golden("page.html", render(SCAN, VIEW))


def test_it_loads_nothing() -> None:
    for tag, attributes in Elements(render(SCAN, VIEW)).found:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base"}
        assert "src" not in attributes
        assert not any(name.startswith("on") for name in attributes)


def test_hostile_names_add_no_element_and_no_unseen_character() -> None:
    text = render(HOSTILE, VIEW)

    elements = [tag for tag, _ in Elements(text).found]
    plain = [tag for tag, _ in Elements(render(a_result(), VIEW)).found]
    assert elements.count("script") == plain.count("script") == 2
    assert "img" not in elements
    assert text.count("<!--") == 0
    assert not any(char in text for char in UNSEEN)


def test_hostile_names_arrive_as_the_text_they_are() -> None:
    names = {one[0] for one in data_of(render(HOSTILE, VIEW))["packages"]}

    assert "</script><script>alert(1)</script><!--<script>" in names


def test_only_links_to_the_web_can_be_followed() -> None:
    for finding in data_of(render(HOSTILE, VIEW))["findings"]:
        for url in [finding[11], *finding[12]]:
            assert url is None or url.startswith("https://")


def test_two_thousand_findings_take_less_than_a_megabyte_and_a_half() -> None:
    assert len(render(a_large_result(2_000, 2_000), VIEW).encode()) < 1_500_000


def test_an_inventory_has_packages_and_no_findings() -> None:
    text = render(INVENTORY, VIEW)

    assert data_of(text)["findings"] is None
    assert "nobody looked for vulnerabilities" in text


def test_the_filters_begin_with_the_view() -> None:
    data = data_of(render(SCAN, View(now=NOW, severity=Severity.HIGH, fixable=True)))

    assert data["view"] == {"severity": "high", "fixable": True, "sort": "severity"}
    assert len(data["findings"]) == len(SCAN.findings or ())


def test_what_was_not_covered_is_there_without_the_script() -> None:
    assert "Coverage: 1,234 files, 210 executables, 1 unexplained" in render(SCAN, VIEW)


_MEASURE = """<script>addEventListener("load", () => setTimeout(() => {
  const timing = performance.getEntriesByType("navigation")[0];
  document.title = "ready " + Math.round(timing.domContentLoadedEventEnd);
}, 0));</script>"""


def opened(result: Result, folder: Path, *, measured: bool = False) -> str:
    """The document as Chromium has it when the page is loaded and its timers have run."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing")
    text = render(result, VIEW)
    if measured:  # the page's own policy would not let another script run
        text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', _MEASURE, text)
    page = folder / "page.html"
    page.write_text(text, encoding="utf-8")
    found = subprocess.run(
        [
            chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
            f"--user-data-dir={folder / 'profile'}", "--dump-dom", page.as_uri(),
        ],
        capture_output=True, text=True, timeout=50, check=True,
    )  # fmt: skip
    return found.stdout


@pytest.mark.slow
def test_a_browser_lists_every_finding_and_runs_nothing_else(tmp_path: Path) -> None:
    document = opened(HOSTILE, tmp_path)

    active = [one for one in HOSTILE.findings or () if one.suppressed is None]
    assert document.count('<tr class="row">') == len(active)
    assert f"{len(active)} of {len(HOSTILE.findings or ())}" in document
    assert "<img" not in document


def ready(result: Result, folder: Path) -> int:
    """Milliseconds until the document is ready, every finding being listed in the end."""
    folder.mkdir()
    document = opened(result, folder, measured=True)
    assert document.count('<tr class="row">') == len(result.findings or ())
    found = re.search(r"<title>ready (\d+)</title>", document)
    assert found
    return int(found[1])


@pytest.mark.slow
def test_a_browser_is_ready_within_a_second(tmp_path: Path) -> None:
    result = a_large_result(2_000, 400)

    # A busy machine slows any one of them; a page that is too slow is so every time.
    assert any(ready(result, tmp_path / str(again)) < 1_000 for again in range(4))
