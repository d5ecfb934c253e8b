"""A second, slow way to say which language packages raw OSV records are about.

The evaluation is the schema's own pseudo-code (https://ossf.github.io/osv-schema/#evaluation), over
every record for every package. Python's versions are compared by the library `packaging`, the
others two at a time by short loops over their parts; none of it is what it judges.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from packaging.version import InvalidVersion, Version

ECOSYSTEMS = {
    "cargo": "crates.io",
    "composer": "Packagist",
    "gem": "RubyGems",
    "golang": "Go",
    "maven": "Maven",
    "npm": "npm",
    "nuget": "NuGet",
    "pypi": "PyPI",
}


@cache
def compare(ecosystem: str, one: str, other: str) -> int:
    """Negative, zero or positive; ValueError for what is no version."""
    if ecosystem == "PyPI":
        try:
            left, right = Version(one), Version(other)
        except InvalidVersion as error:
            raise ValueError(str(error)) from error
        return (left > right) - (left < right)
    by_parts: dict[str, Callable[[str, str], int]] = {
        "RubyGems": _gem,
        "Maven": _maven,
        "Packagist": _composer,
    }
    return by_parts.get(ecosystem, _semver)(one, other)


def _semver(one: str, other: str) -> int:
    (numbers, before), (numbers2, before2) = _semver_parts(one), _semver_parts(other)
    if numbers != numbers2:
        return 1 if numbers > numbers2 else -1
    if not before or not before2:
        return bool(before2) - bool(before)  # a release is above its pre-releases
    for a, b in zip(before, before2, strict=False):
        if a == b:
            continue
        if a.isdigit() and b.isdigit():
            return int(a) - int(b)
        if a.isdigit() or b.isdigit():
            return -1 if a.isdigit() else 1
        return 1 if a > b else -1
    return len(before) - len(before2)


def _semver_parts(text: str) -> tuple[list[int], list[str]]:
    plain = re.sub(r"^(v|go)", "", text).partition("+")[0].strip()
    numbers, _, before = plain.partition("-")
    parts = [int(one) for one in numbers.split(".")]
    return parts + [0] * (4 - len(parts)), before.split(".") if before else []


def _gem(one: str, other: str) -> int:
    a, b = (re.findall(r"\d+|[a-z]+", text.replace("-", ".pre.")) for text in (one, other))
    for at in range(max(len(a), len(b))):
        left, right = (part[at] if at < len(part) else "0" for part in (a, b))
        if left.isdigit() != right.isdigit():
            return 1 if left.isdigit() else -1  # a word is a pre-release
        if left.isdigit() and int(left) != int(right):
            return int(left) - int(right)
        if not left.isdigit() and left != right:
            return 1 if left > right else -1
    return 0


_COMPOSER = {"dev": -4, "alpha": -3, "beta": -2, "rc": -1, "": 0, "p": 1, "patch": 1}


def _composer(one: str, other: str) -> int:
    a, b = (
        re.findall(r"\d+|[a-z]+", text.lower().removeprefix("v").replace("stable", ""))
        for text in (one, other)
    )
    for at in range(max(len(a), len(b))):
        left, right = (part[at] if at < len(part) else "" for part in (a, b))
        if (left or "0").isdigit() and (right or "0").isdigit():
            if int(left or 0) != int(right or 0):
                return int(left or 0) - int(right or 0)
            continue
        ranks = [_COMPOSER[word] if not word.isdigit() else 0 for word in (left, right)]
        if ranks[0] != ranks[1]:
            return ranks[0] - ranks[1]
    return 0


_MAVEN = ["alpha", "beta", "milestone", "rc", "snapshot", "", "sp"]
_MAVEN_SAME = {"a": "alpha", "b": "beta", "m": "milestone", "cr": "rc", "ga": "", "final": "",
               "release": ""}  # fmt: skip


def _maven(one: str, other: str) -> int:
    a, b = (re.findall(r"\d+|[a-z]+", text.lower()) for text in (one, other))
    for at in range(max(len(a), len(b))):
        left, right = (part[at] if at < len(part) else None for part in (a, b))
        order = _maven_rank(left), _maven_rank(right)
        if order[0] != order[1]:
            return 1 if order[0] > order[1] else -1
    return 0


def _maven_rank(part: str | None) -> tuple[int, int, str]:
    """A word's place among those of Maven, then unknown words, then numbers; 0 is nothing."""
    if part is None or (part.isdigit() and int(part) == 0):
        return _MAVEN.index(""), 0, ""
    if part.isdigit():
        return len(_MAVEN) + 1, int(part), ""
    word = _MAVEN_SAME.get(part, part)
    return (_MAVEN.index(word), 0, "") if word in _MAVEN else (len(_MAVEN), 0, word)


def affects(record: dict[str, Any], ecosystem: str, name: str, version: str) -> bool | None:
    """Say whether the record is about the version; None where it cannot be told."""
    if record.get("withdrawn"):
        return False
    answers = [
        _affected(one, ecosystem, version)
        for one in record.get("affected", [])
        if "package" in one
        and one["package"]["ecosystem"] == ecosystem
        and _folded(ecosystem, one["package"]["name"]) == _folded(ecosystem, name)
    ]
    return True if True in answers else None if None in answers else False


def _folded(ecosystem: str, name: str) -> str:
    if ecosystem == "PyPI":
        return re.sub(r"[-_.]+", "-", name).lower()
    return name.lower() if ecosystem in ("NuGet", "Packagist") else name


def _affected(affected: dict[str, Any], ecosystem: str, version: str) -> bool | None:
    if version in affected.get("versions", []):
        return True
    ranges = [one for one in affected.get("ranges", []) if one["type"] != "GIT"]
    if not ranges and not affected.get("versions"):
        return None
    try:
        return any(_inside(one["events"], ecosystem, version) for one in ranges)
    except ValueError:
        return None


def _inside(events: list[dict[str, str]], ecosystem: str, version: str) -> bool:
    """Take the last boundary at or below the version: the one that counts."""
    counts: tuple[str, str] | None = None
    for event in events:
        for kind, at in event.items():
            if kind not in ("introduced", "fixed", "last_affected"):
                continue
            order = 1 if at == "0" and kind == "introduced" else compare(ecosystem, version, at)
            if order < 0 or (order == 0 and kind == "last_affected"):
                continue
            if counts is None or _above(ecosystem, (kind, at), counts):
                counts = (kind, at)
    return counts is not None and counts[0] == "introduced"


def _above(ecosystem: str, one: tuple[str, str], other: tuple[str, str]) -> bool:
    if other == ("introduced", "0"):
        return True
    if one == ("introduced", "0"):
        return False
    return compare(ecosystem, one[1], other[1]) >= 0


def pairs(
    packages: Iterable[tuple[str, str, str, str]], records: Iterable[dict[str, Any]]
) -> set[tuple[str, str]]:
    """Return (package, record) for packages given as (id, ecosystem, name, version)."""
    by_name: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for id, ecosystem, name, version in packages:
        by_name.setdefault((ecosystem, _folded(ecosystem, name)), []).append((id, version))
    found: set[tuple[str, str]] = set()
    for record in records:
        named = {
            (one["package"]["ecosystem"], one["package"]["name"])
            for one in record.get("affected", [])
            if "package" in one
        }
        for ecosystem, name in named:
            for id, version in by_name.get((ecosystem, _folded(ecosystem, name)), []):
                if affects(record, ecosystem, name, version):
                    found.add((id, record["id"]))
    return found
