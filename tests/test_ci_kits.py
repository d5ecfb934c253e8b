"""The recipes of `examples/ci`: the shell of each step is run on the example image."""

import json
import os
import re
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from textwrap import dedent

import pytest

ROOT = Path(__file__).parents[1]
KITS = ROOT / "examples" / "ci"
SHOP = ROOT / "examples" / "shop"


def block(name: str, head: str) -> str:
    """The shell below the line that `head` matches: what is indented further than it."""
    lines = (KITS / name).read_text().splitlines()
    at = next(number for number, line in enumerate(lines) if re.search(head, line))
    depth = len(lines[at]) - len(lines[at].lstrip())
    body = []
    for line in lines[at + 1 :]:
        if line.strip() and len(line) - len(line.lstrip()) <= depth:
            break
        body.append(line)
    return dedent("\n".join(body)) + "\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """A folder to work in, with `lading` on the path."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "lading"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m lading "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def run(script: str, workspace: Path, **variables: str) -> int:
    """Run it as runners do, which stop at the first failure."""
    environ = {
        "PATH": f"{workspace / 'bin'}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "HOME": str(workspace),
        "IMAGE": f"oci:{SHOP}",
        **variables,
    }
    done = subprocess.run(
        ["sh", "-e", "-c", script],
        cwd=workspace,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode


def test_github_fails_and_leaves_sarif_and_a_summary(workspace: Path) -> None:
    scan = block("github-actions.yml", r"- name: scan").partition("run: |\n")[2]
    tell = block("github-actions.yml", r"- name: tell").partition("run: |\n")[2]

    assert run(dedent(scan), workspace) == 1
    assert json.loads((workspace / "lading.sarif").read_text())["version"] == "2.1.0"
    assert run(dedent(tell), workspace, GITHUB_STEP_SUMMARY=str(workspace / "summary")) == 0
    assert "CVE-2021-44228" in (workspace / "summary").read_text()


def test_gitlab_fails_and_leaves_both_reports(workspace: Path) -> None:
    script = block("gitlab-ci.yml", r"^    - \|$")

    assert run(script, workspace) == 1
    report = json.loads((workspace / "gl-container-scanning-report.json").read_text())
    assert report["vulnerabilities"]
    assert ET.parse(workspace / "lading.xml").getroot().tag == "testsuites"


def test_jenkins_fails_and_leaves_tests_and_a_page(workspace: Path) -> None:
    script = block("Jenkinsfile", r"sh '''").partition("'''")[0]

    assert run(script, workspace) == 1
    assert (workspace / "lading.xml").is_file()
    assert (workspace / "lading.html").is_file()


def test_tekton_fails_and_leaves_the_result(workspace: Path) -> None:
    script = block("tekton-task.yaml", r"script: \|")

    assert run(script, workspace, RESULTS=str(workspace)) == 1
    assert json.loads((workspace / "lading.json").read_text())["verdict"]["pass"] is False


@pytest.mark.parametrize(("version", "code"), [("6.5.1", 1), ("6.5.3", 0)])
def test_pre_commit_looks_at_lock_files(version: str, code: int, workspace: Path) -> None:
    package = {"version": version, "resolved": "https://example.org/qs.tgz"}
    lock = {"lockfileVersion": 3, "packages": {"": {}, "node_modules/qs": package}}
    (workspace / "package-lock.json").write_text(json.dumps(lock))
    found = re.search(r"entry: (.+)", (KITS / "pre-commit-config.yaml").read_text())

    assert found is not None
    assert run(found[1], workspace) == code


@pytest.mark.parametrize("kit", sorted(KITS.iterdir()), ids=lambda kit: str(kit.name))
def test_every_recipe_is_told_of(kit: Path) -> None:
    assert f"(../examples/ci/{kit.name})" in (ROOT / "docs" / "ci.md").read_text()
