"""A second, slow way to say which packages records are about: loops over the raw documents.

It shares nothing with what it judges: no parser, no database, no keys. Versions are compared two at
a time, character by character, as the manuals of dpkg, rpm and apk describe it.
"""

import gzip
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

Compare = Callable[[str, str], int]
Statement = tuple[str, str, str | None, str | None]
"""Record, package name, introduced (None: from the beginning) and fixed (None: never) version."""


@cache
def compare_deb(one: str, other: str) -> int:
    """Negative, zero or positive, by Debian policy 5.6.12."""
    epoch, upstream, revision = _deb_parts(one)
    epoch2, upstream2, revision2 = _deb_parts(other)
    if epoch != epoch2:
        return epoch - epoch2
    return _deb_compare(upstream, upstream2) or _deb_compare(revision, revision2)


def _deb_parts(text: str) -> tuple[int, str, str]:
    epoch = 0
    if ":" in text:
        before, text = text.split(":", 1)
        epoch = int(before)
    upstream, _, revision = text.rpartition("-") if "-" in text else (text, "", "")
    return epoch, upstream, revision


def _deb_compare(a: str, b: str) -> int:
    i = j = 0
    while i < len(a) or j < len(b):
        while (i < len(a) and not a[i].isdigit()) or (j < len(b) and not b[j].isdigit()):
            left = _deb_order(a[i]) if i < len(a) else 0
            right = _deb_order(b[j]) if j < len(b) else 0
            if left != right:
                return left - right
            i, j = i + 1, j + 1
        start, begin = i, j
        while i < len(a) and a[i].isdigit():
            i += 1
        while j < len(b) and b[j].isdigit():
            j += 1
        difference = int(a[start:i] or 0) - int(b[begin:j] or 0)
        if difference:
            return difference
    return 0


def _deb_order(character: str) -> int:
    if character.isdigit():
        return 0
    if character == "~":
        return -1
    return ord(character) if character.isalpha() else ord(character) + 256


@cache
def compare_rpm(one: str, other: str) -> int:
    """Negative, zero or positive, by rpm-version(7)."""
    epoch, version, release = _rpm_parts(one)
    epoch2, version2, release2 = _rpm_parts(other)
    if epoch != epoch2:
        return epoch - epoch2
    return _rpm_compare(version, version2) or _rpm_compare(release, release2)


def _rpm_parts(text: str) -> tuple[int, str, str]:
    epoch = 0
    if ":" in text:
        before, text = text.split(":", 1)
        epoch = int(before)
    version, _, release = text.rpartition("-") if "-" in text else (text, "", "")
    return epoch, version, release


def _rpm_compare(a: str, b: str) -> int:
    while a or b:
        a, b = re.sub(r"^[^a-zA-Z0-9~^]+", "", a), re.sub(r"^[^a-zA-Z0-9~^]+", "", b)
        kinds = _rpm_kind(a), _rpm_kind(b)
        if kinds[0] != kinds[1]:
            return kinds[0] - kinds[1]
        if kinds[0] == _RPM_END:
            return 0
        left, right = re.match(_RPM_RUNS[kinds[0]], a), re.match(_RPM_RUNS[kinds[0]], b)
        assert left is not None
        assert right is not None
        difference = _rpm_run(left[0], right[0])
        if difference:
            return difference
        a, b = a[left.end() :], b[right.end() :]
    return 0


_RPM_TILDE, _RPM_END, _RPM_CARET, _RPM_LETTERS, _RPM_DIGITS = range(5)  # lowest first
_RPM_RUNS = {
    _RPM_TILDE: "~", _RPM_CARET: r"\^", _RPM_LETTERS: "[a-zA-Z]+", _RPM_DIGITS: "[0-9]+"
}  # fmt: skip


def _rpm_kind(text: str) -> int:
    if not text:
        return _RPM_END
    for kind, run in _RPM_RUNS.items():
        if re.match(run, text):
            return kind
    raise AssertionError(text)


def _rpm_run(one: str, other: str) -> int:
    if one.isdigit():
        return int(one) - int(other)
    return (one > other) - (one < other)


@cache
def compare_apk(one: str, other: str) -> int:
    """Negative, zero or positive, by what apk-package(5) and `apk version -t` say."""
    left, right = _apk_tokens(one), _apk_tokens(other)
    for a, b in zip(left, right, strict=False):
        if a[0] != b[0]:
            return a[0] - b[0]
        if a[0] == _NUMBER and a is not left[0] and (a[1][:1] == "0" or b[1][:1] == "0"):
            if a[1] != b[1]:
                return -1 if a[1] < b[1] else 1
        elif a[1] != b[1]:
            if a[1].isdigit() and b[1].isdigit():
                if int(a[1]) != int(b[1]):
                    return int(a[1]) - int(b[1])
            else:
                return -1 if a[1] < b[1] else 1
    return 0


_PRE, _END, _REVISION, _SUFFIX_NUMBER, _POST, _LETTER, _NUMBER = range(7)
_RANKS = {name: str(rank) for rank, name in enumerate(("alpha", "beta", "pre", "rc"))}
_LATER = {name: str(rank) for rank, name in enumerate(("cvs", "svn", "git", "hg", "p"))}


def _apk_tokens(text: str) -> list[tuple[int, str]]:
    rest, _, revision = text.partition("-r")
    numbers, *suffixes = rest.split("_")
    tokens: list[tuple[int, str]] = []
    for part in numbers.split("."):
        digits = part.rstrip("abcdefghijklmnopqrstuvwxyz")
        tokens.append((_NUMBER, digits))
        if digits != part:
            tokens.append((_LETTER, part[len(digits) :]))
    for suffix in suffixes:
        name = suffix.rstrip("0123456789")
        tokens.append((_PRE, _RANKS[name]) if name in _RANKS else (_POST, _LATER[name]))
        if suffix != name:
            tokens.append((_SUFFIX_NUMBER, suffix[len(name) :]))
    if revision:
        tokens.append((_REVISION, revision))
    tokens.append((_END, ""))
    return tokens


def osv_statements(archive: Path, ecosystem: str) -> Iterator[Statement]:
    """Yield what the raw records of a distribution say; their ranges have two events at most."""
    for record in raw_records(archive):
        if record.get("withdrawn"):
            continue
        for affected in record.get("affected", []):
            if affected["package"]["ecosystem"] != ecosystem:
                continue
            for one in affected["ranges"]:
                introduced = fixed = None
                for event in one["events"]:
                    introduced = event.get("introduced", introduced)
                    fixed = event.get("fixed", fixed)
                start = None if introduced == "0" else introduced
                yield record["id"], affected["package"]["name"], start, fixed


def raw_records(archive: Path) -> Iterator[dict[str, Any]]:
    """Yield the records of an archive of the osv.dev bucket, as they are."""
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            yield json.loads(opened.read(name))


def secdb_statements(file: Path) -> Iterator[Statement]:
    """Yield what a security database of Alpine says; "0" is a version that none is below."""
    for entry in json.loads(file.read_bytes())["packages"]:
        package = entry["pkg"]
        for fixed, texts in package["secfixes"].items():
            for text in texts:
                cves = [f"CVE-{one}" for one in re.findall(r"CVE[-_ ](\d{4}-\d{4,})", text)]
                for id in cves or re.findall(r"(?:XSA|GHSA|ZBX|TALOS|GNUTLS-SA)-[\w-]+", text):
                    if fixed != "0":
                        yield f"ALPINE-{id}", package["name"], None, fixed


def oval_statements(file: Path) -> Iterator[Statement]:
    """Yield what an OVAL document of Azure Linux says: one test a definition."""
    root = ET.fromstring(gzip.decompress(file.read_bytes()))
    by_id = {one.get("id"): one for one in root.iter() if one.get("id")}
    for definition in root.findall(".//{*}definition"):
        number = (definition.get("id") or "").rpartition(":")[2]
        if (definition.findtext(".//{*}patchable") or "").lower() == "not applicable":
            continue
        introduced = fixed = None
        name = ""
        for criterion in definition.findall(".//{*}criterion"):
            test = by_id[criterion.get("test_ref")]
            refs = [child.attrib for child in test]
            name = next(
                by_id[one["object_ref"]].findtext("{*}name") or "" for one in refs
                if "object_ref" in one
            )  # fmt: skip
            for one in refs:
                if "state_ref" not in one:
                    continue
                for evr in by_id[one["state_ref"]].findall(".//{*}evr"):
                    match evr.get("operation"):
                        case "less than":
                            fixed = evr.text
                        case "less than or equal":
                            fixed = f"{evr.text}\0"  # the version itself is affected too
                        case _:
                            introduced = evr.text
        yield f"AZL-{number}", name, introduced, fixed


_READABLE = {
    "deb": r"\S+",
    "rpm": r"\S+",
    "apk": r"\d+(\.\d+)*[a-z]?(_(alpha|beta|pre|rc|cvs|svn|git|hg|p)\d*)*(-r\d+)?",
}


def is_readable(kind: str, version: str | None) -> bool:
    """Say whether the package manager itself takes the text for a version."""
    return version is None or re.fullmatch(_READABLE[kind], version.removesuffix("\0")) is not None


def findings(
    packages: Iterable[tuple[str, str, str]], statements: Iterable[Statement], compare: Compare
) -> set[tuple[str, str]]:
    """Return (package, record) for packages given as (id, name, version)."""
    by_name: dict[str, list[tuple[str, str]]] = {}
    for id, name, version in packages:
        by_name.setdefault(name, []).append((id, version))
    found: set[tuple[str, str]] = set()
    for record, name, introduced, fixed in statements:
        for id, version in by_name.get(name, []):
            if introduced is not None and compare(version, introduced) < 0:
                continue
            if fixed is not None and fixed.endswith("\0"):
                if compare(version, fixed[:-1]) > 0:
                    continue
            elif fixed is not None and compare(version, fixed) >= 0:
                continue
            found.add((id, record))
    return found
