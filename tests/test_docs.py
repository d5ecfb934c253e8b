"""What the documents say is there, and what is there they say."""

import dataclasses
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import pytest
from packaging.requirements import Requirement

from lading.advisories.sources import SOURCES
from lading.catalog import ARCHIVE_CATALOGERS, CATALOGERS
from lading.catalog.cataloger import Cataloger
from lading.cli.main import COMMANDS, main
from lading.config import Settings
from lading.image.target import REFERENCES
from lading.image.target import SCHEMES as FORMS
from lading.report import FORMATS
from lading.sources import ENGINES
from lading.versions import SCHEMES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
READERS = (*CATALOGERS, *ARCHIVE_CATALOGERS)
SETTINGS = [one.name for one in dataclasses.fields(Settings) if one.name != "source"]
PAGES = sorted((*ROOT.glob("*.md"), *DOCS.rglob("*.md")))


def rows(page: str) -> set[str]:
    """The names in the first cells of the page's tables, and of its lists of names."""
    text = (DOCS / page).read_text()
    cells = re.findall(r"(?m)^\| (.+?) \|", text) + re.findall(r"(?m)^- (`[^`]+`): ", text)
    return {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return {Requirement(text).name for group in groups for text in group}


def test_every_dependency_is_argued_for_and_no_other() -> None:
    assert rows("dependencies.md") == declared()


@pytest.mark.parametrize(
    ("page", "members"),
    [
        pytest.param("readers.md", [one.name for one in READERS], id="readers"),
        pytest.param("adding/version-scheme.md", SCHEMES, id="version schemes"),
        pytest.param("adding/report-format.md", FORMATS, id="report formats"),
        pytest.param("reference.md", [one.name for one in SOURCES], id="feeds"),
        pytest.param("reference.md", SETTINGS, id="settings"),
        pytest.param("adding/engine.md", [one.name for one in ENGINES], id="engines"),
    ],
)
def test_every_member_of_a_list_has_its_line(page: str, members: list[str]) -> None:
    names = rows(page)
    families = [re.sub(r"<[^>]+>", "[^/]+", name) for name in names if "<" in name]

    missing = set(members) - names
    assert {one for one in missing if not any(re.fullmatch(f, one) for f in families)} == set()


JUDGED = re.compile(r"(?m)^\| `([\w-]+)` \|.*\|([^|]*)\|([^|]*)\|$")


@pytest.mark.parametrize("cataloger", CATALOGERS, ids=lambda one: one.name)
def test_every_reader_is_held_to_a_tool_that_its_tests_name_or_said_to_be_unverified(
    cataloger: Cataloger,
) -> None:
    found = {row[1]: (row[2], row[3]) for row in JUDGED.finditer((DOCS / "readers.md").read_text())}
    description, held = found[cataloger.name]
    module = cataloger.read.__module__
    texts = (path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    tests = "".join(text for text in texts if f"{module} import" in text).lower()

    for part in re.split(r"[,;]", held):
        if "unverified" in part:
            assert "](https://" in description
        elif tool := re.search(r"[a-z][\w.]*", re.sub(r"^ an? \w+ of ", "", part).lower()):
            assert re.search(rf"\b{tool[0]}s?\b", tests), f"no test of {module} names {tool[0]}"


def test_every_room_is_on_the_map() -> None:
    inside = [path for path in (ROOT / "src" / "lading").iterdir() if path.name[:2] != "__"]
    rooms = {f"{path.name}/" if path.is_dir() else path.name for path in inside} - {"py.typed"}

    assert rooms - rows("architecture.md") == set()


def test_every_command_and_target_is_described() -> None:
    text = (DOCS / "cli.md").read_text()

    described = set(re.findall(r"\| `lading ([a-z]+)[ `]", text))
    assert [name for name, _ in COMMANDS if name not in described] == []
    assert [name for name in (*FORMS, *REFERENCES) if not re.search(rf"[|,] `{name}:", text)] == []


OPTION = re.compile(r"(?<![\w-])--[a-z][a-z-]+")


def test_every_option_of_the_pages_is_one_that_some_command_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    known = {"--version"}
    actions = (["advisories", action] for action in ("update", "import", "export", "show"))
    for command in (*([name] for name, _ in COMMANDS), *actions):
        with pytest.raises(SystemExit, match="0"):
            main([*command, "--help"])
        known |= set(OPTION.findall(capsys.readouterr().out))

    named = set(OPTION.findall((DOCS / "cli.md").read_text()))
    named |= set(OPTION.findall((DOCS / "reference.md").read_text()))
    assert named - known == set()


def anchors(page: Path) -> set[str]:
    titles = re.findall(r"(?m)^#+ (.+)$", page.read_text())
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = re.sub(r"(?s)```.*?```", "", page.read_text())
    broken = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if "://" in link:
            continue
        place, _, anchor = unquote(link).partition("#")
        target = (page.parent / place).resolve() if place else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)

    assert broken == []


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text()
    pages = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md")]

    assert [page for page in pages if page != "index.md" and f"]({page})" not in index] == []


def test_the_excerpt_in_the_readme_is_what_the_program_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    block = (ROOT / "README.md").read_text().partition("```text\n")[2].partition("```")[0]
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(ROOT)

    assert main(["scan", "examples/shop"]) == 0

    said = iter(capsys.readouterr().out.splitlines())
    shown = [line for line in block.splitlines() if line != "…"]
    assert [line for line in shown if line not in said] == []


def test_what_changed_is_told_in_files_named_for_their_kind() -> None:
    names = [path.name for path in (ROOT / "changelog.d").iterdir()]

    assert names != []
    assert [
        one for one in names if not re.fullmatch(r"[a-z0-9-]+\.(added|changed|fixed)\.md", one)
    ] == []
