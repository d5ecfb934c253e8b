"""Other scanners' ignore files, as their documentation describes them, and what is left out."""

from typing import Any

import pytest

from lading.errors import UsageError
from lading.findings.foreign import carried_over
from lading.findings.foreign.draft import Carried


def carried(text: str, file: str) -> Carried:
    return carried_over(text.encode(), file)


def values(found: Carried) -> list[dict[str, Any]]:
    return [dict(draft.values) for draft in found.drafts]


def told(found: Carried) -> list[tuple[int, str]]:
    return [(remark.line, remark.text) for remark in found.remarks]


# ------------------------------------------------------------------ Trivy


def test_trivys_lines_give_ids_end_dates_and_the_comment_above() -> None:
    found = carried(
        "# Accept the risk\n# for now\nCVE-2018-14618\n\n# far away\n\n"
        "CVE-2019-14697 exp:2027-01-01 # later\nGHSA-aaaa-bbbb-cccc\nDSA-1-1\n",
        ".trivyignore",
    )

    assert values(found) == [
        {"vulnerability": "CVE-2018-14618", "reason": "Accept the risk for now"},
        {"vulnerability": "CVE-2019-14697", "until": "2027-01-01"},
        {"vulnerability": "GHSA-aaaa-bbbb-cccc"},
        {"vulnerability": "DSA-1-1"},
    ]
    assert [draft.line for draft in found.drafts] == [3, 7, 8, 9]
    assert told(found) == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("AVD-DS-0002", "no id of a vulnerability"),
        ("DS002", "no id of a vulnerability"),
        ("generic_unwanted_rule", "no id of a vulnerability"),
        ("CVE-2024-1 exp:soon", "cannot be understood"),
        ("CVE-2024-1 CVE-2024-2", "cannot be understood"),
    ],
)
def test_what_trivys_lines_say_of_other_things_is_left_out_with_its_line(
    line: str, reason: str
) -> None:
    found = carried(f"\n{line}\n", ".trivyignore")

    assert values(found) == []
    assert [number for number, _ in told(found)] == [2]
    assert reason in told(found)[0][1]


TRIVY = """\
vulnerabilities:
  - id: CVE-2022-40897
    paths:
      - "usr/local/lib/python3.9/site-packages/setuptools-58.1.0.dist-info/METADATA"
    statement: Accept the risk
  - id: CVE-2023-3817
    purls: ['pkg:deb/debian/libssl1.1', pkg:deb/debian/libssl3]
    expired_at: 2027-01-01
  - id: CVE-2023-1
    statement: >
      one text
      of two lines
  - id: CVE-2023-2
    severity: LOW
  - statement: no id
  - CVE-2023-3
misconfigurations:
  - id: AVD-DS-0001
    paths: ["docs/Dockerfile"]
secrets:
licenses:
- id: GPL-3.0
"""


def test_trivys_yaml_gives_paths_purls_and_statements() -> None:
    found = carried(TRIVY, ".trivyignore.yaml")

    assert values(found) == [
        {
            "vulnerability": "CVE-2022-40897",
            "path": (
                "/usr/local/lib/python3.9/site-packages/setuptools-58.1.0.dist-info/METADATA",
            ),
            "reason": "Accept the risk",
        },
        {
            "vulnerability": "CVE-2023-3817",
            "package": ("pkg:deb/debian/libssl1.1", "pkg:deb/debian/libssl3"),
            "until": "2027-01-01",
        },
        {"vulnerability": "CVE-2023-1", "reason": "one text of two lines"},
    ]
    assert told(found) == [
        (13, "'severity' has no counterpart; the rule is left out"),
        (15, "this rule has no id; left out"),
        (16, "this is no rule; left out"),
        (18, "a rule on misconfigurations; left out"),
        (22, "a rule on licenses; left out"),
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("other: 1", "'other' is nothing that is known"),
        ("vulnerabilities: all", "is no list"),
        ("- a\n- b", "no mapping"),
        ("vulnerabilities:\n  - &x\n    id: a", "is YAML that is not read here"),
        ("vulnerabilities: {id: a}", "is YAML that is not read here"),
        ("vulnerabilities: [{id: a}]", "is YAML that is not read here"),
        ("vulnerabilities: [a", "is YAML that is not read here"),
        ("vulnerabilities:\n  - id: CVE-1\n    id: CVE-2", "there twice"),
        ("vulnerabilities:\n  - id: CVE-1\n    what", "cannot be understood"),
        ("vulnerabilities:\n  - id: CVE-1\n      deep: x", "belongs to nothing"),
        ("a:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 40)), "nested too deep"),
        ("- - - - " * 40 + "a", "nested too deep"),
        ("vulnerabilities: x\n- y", "this belongs to nothing"),
        ("  a: b\nc: d", "this belongs to nothing"),
    ],
)
def test_yaml_that_is_not_understood_is_told(text: str, reason: str) -> None:
    assert any(reason in remark for _, remark in told(carried(text, "x.yaml")))


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n...\n"])
def test_an_empty_yaml_has_no_rules(text: str) -> None:
    assert carried(text, "x.yml") == Carried((), ())


# ------------------------------------------------------------------ Grype

GRYPE = """\
ignore:
  - vulnerability: CVE-2008-4318
    include-aliases: true
    reason: "False positive: bash isn't used"
    package:
      name: libcurl
      version: 1.5.1
      type: npm
      location: "/usr/local/lib/node_modules/**"
  - vulnerability: CVE-2014-54321
  - package:
      type: gem
  - vulnerability: CVE-2024-1
    fix-state: not-fixed
    include-aliases: true
"""


def test_grypes_rules_give_vulnerabilities_and_packages() -> None:
    found = carried(GRYPE, ".grype.yaml")

    assert values(found) == [
        {
            "vulnerability": "CVE-2008-4318",
            "reason": "False positive: bash isn't used",
            "package": "libcurl",
            "version": "=1.5.1",
            "type": "npm",
            "path": "/usr/local/lib/node_modules/*",
        },
        {"vulnerability": "CVE-2014-54321"},
        {"type": "gem"},
        {"vulnerability": "CVE-2024-1", "until_fixed": True},
    ]
    assert told(found) == [(10, "carried over; here its aliases count too")]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ("fix-state: wont-fix", "a matter for a policy"),
        ("vulnerability: CVE-1\n    fix-state: fixed", "fix-state 'fixed' has no counterpart"),
        ("vulnerability: CVE-1\n    namespace: debian", "'namespace' has no counterpart"),
        ("vex-status: fixed", "'vex-status' has no counterpart"),
        ("match-type: exact-direct-match", "'match-type' has no counterpart"),
        ("reason: because", "it names nothing to ignore"),
        ("vulnerability: CVE-1\n    package: x", "its package is no mapping"),
        ("package:\n      name: kernel.*", "is a regular expression"),
        ("package:\n      type: kb", "type 'kb' has no counterpart"),
        ("package:\n      upstream-name: x", "'package.upstream-name' has no counterpart"),
    ],
)
def test_a_rule_that_would_widen_without_its_condition_is_left_out(rule: str, reason: str) -> None:
    found = carried(f"ignore:\n  - {rule}\n", "grype.yaml")

    assert values(found) == []
    assert reason in told(found)[0][1]
    assert told(found)[0][0] == 2


def test_a_rule_may_begin_on_the_line_below_its_dash() -> None:
    found = carried("ignore:\n  -\n    vulnerability: CVE-1\n  -\n", "g.yaml")

    assert values(found) == [{"vulnerability": "CVE-1"}]


@pytest.mark.parametrize("text", ["ignore: all", "ignore:\n  - text"])
def test_what_is_no_rule_is_told(text: str) -> None:
    assert len(told(carried(text, "g.yaml"))) == 1


# ------------------------------------------------------------------ osv-scanner

OSV = """\
GoVersionOverride = "1.20"
[[IgnoredVulns]]
id = "GO-2022-0968"
ignoreUntil = 2027-11-09
reason = "No ssh servers"
[[IgnoredVulns]]
id = "GO-2022-1059"
ignoreUntil = "later"
[[PackageOverrides]]
name = "lib"
version = "1.0.0"
ecosystem = "Go"
ignore = true
effectiveUntil = 2027-11-09T00:00:00Z
reason = "abc"
[[PackageOverrides]]
ecosystem = "npm"
vulnerability.ignore = true
[[PackageOverrides]]
name = "lib"
license.override = ["MIT"]
"""


def test_osv_scanners_tables_give_vulnerabilities_and_packages() -> None:
    found = carried(OSV, "osv-scanner.toml")

    assert values(found) == [
        {"vulnerability": "GO-2022-0968", "until": "2027-11-09", "reason": "No ssh servers"},
        {"vulnerability": "GO-2022-1059"},
        {
            "package": "lib",
            "version": "=1.0.0",
            "type": "golang",
            "until": "2027-11-09",
            "reason": "abc",
        },
        {"type": "npm"},
    ]
    assert told(found) == [
        (1, "'GoVersionOverride' has no counterpart; left out"),
        (19, "it ignores no vulnerability; the rule is left out"),
        (21, "license is a matter for a policy; left out"),
    ]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        ('[[IgnoredVulns]]\nid = ""', "it has no id"),
        ('[[IgnoredVulns]]\nid = "A-1"\nwhy = 1', "'why' has no counterpart"),
        ("[[PackageOverrides]]\nignore = true", "it names no package"),
        ('[[PackageOverrides]]\nname = "a"\ngroup = "dev"\nignore = true', "'group' has no"),
        ('[[PackageOverrides]]\necosystem = "Moon"\nignore = true', "'Moon' has no counterpart"),
    ],
)
def test_what_osv_scanners_tables_say_otherwise_is_left_out(table: str, reason: str) -> None:
    found = carried(table, "osv-scanner.toml")

    assert values(found) == []
    assert reason in told(found)[0][1]


@pytest.mark.parametrize(
    ("data", "file"),
    [
        (b"\xff\xfe\x00", ".trivyignore"),
        (b"#" * ((1 << 20) + 1), ".trivyignore"),
        (b"[[IgnoredVulns", "osv-scanner.toml"),
        (b"IgnoredVulns = 3", "osv-scanner.toml"),
    ],
)
def test_hostile_files_are_refused(data: bytes, file: str) -> None:
    with pytest.raises(UsageError, match=file):
        carried_over(data, file)
