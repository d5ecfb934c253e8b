"""Trivy's `.trivyignore` and `.trivyignore.yaml` to drafts.

Format: https://trivy.dev/latest/docs/configuration/filtering/ (By Finding IDs). Of the former, an
id a line with an end date as `exp:YYYY-MM-DD`; a comment right above an id is taken for its reason.
"""

import re
from collections.abc import Iterator

from lading.findings.foreign.draft import Carried, Draft, Remark, Value
from lading.findings.foreign.yaml import Document, Listing, Mapping, Scalar, Tree

_VULNERABILITY = re.compile(r"(?!AVD-)[A-Za-z][A-Za-z]*(?:-[A-Za-z]+)*-[0-9A-Za-z][\w:.-]*")
_EXPIRY = re.compile(r"exp:([0-9]{4}-[0-9]{2}-[0-9]{2})")
_MISCONFIGURATION = re.compile(r"(?:AVD-|DS-?[0-9]|KSV-?[0-9]|AWS-?[0-9])")
_KNOWN = ("id", "paths", "purls", "expired_at", "statement")
_OTHERS = ("misconfigurations", "secrets", "licenses")


def read_lines(text: str) -> Carried:
    """Return the drafts of a `.trivyignore`."""
    drafts: list[Draft] = []
    remarks: list[Remark] = []
    comment: list[str] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("#") or not line:
            comment = [*comment, line.lstrip("# ")] if line else []
            continue
        id, *rest = line.partition(" #")[0].split()
        values: dict[str, Value] = {"vulnerability": id}
        reason = " ".join(one for one in comment if one)
        if reason:
            values["reason"] = reason
        comment = []
        if _MISCONFIGURATION.match(id) or not _VULNERABILITY.fullmatch(id):
            remarks.append(Remark(number, f"{id!r} is no id of a vulnerability; left out"))
            continue
        expiry = [found[1] for one in rest if (found := _EXPIRY.fullmatch(one))]
        if len(expiry) < len(rest):
            remarks.append(Remark(number, f"{' '.join(rest)!r} cannot be understood; left out"))
            continue
        if expiry:
            values["until"] = expiry[0]
        drafts.append(Draft(line=number, values=values))
    return Carried(tuple(drafts), tuple(remarks))


def read(document: Document) -> Carried:
    """Return the drafts of a `.trivyignore.yaml`."""
    drafts: list[Draft] = []
    remarks = [Remark(line, f"{why}; left out") for line, why in document.unread]
    for key, tree in document.root.values.items():
        line = document.root.lines[key]
        if key in _OTHERS:
            rules = tree.items if isinstance(tree, Listing) else []
            remarks += [Remark(one.line, f"a rule on {key}; left out") for one in rules]
        elif key != "vulnerabilities":
            remarks.append(Remark(line, f"{key!r} is nothing that is known; left out"))
        elif not isinstance(tree, Listing):
            remarks.append(Remark(line, "vulnerabilities is no list; left out"))
        else:
            for one in tree.items:
                made = _draft(one)
                (drafts if isinstance(made, Draft) else remarks).append(made)  # type: ignore[arg-type]  # each to its own
    return Carried(tuple(drafts), tuple(sorted(remarks)))


def _draft(tree: Tree) -> Draft | Remark:
    if not isinstance(tree, Mapping):
        return Remark(tree.line, "this is no rule; left out")
    foreign = [key for key in tree.values if key not in _KNOWN]
    if foreign:
        return Remark(tree.line, f"{foreign[0]!r} has no counterpart; the rule is left out")
    id = scalar(tree, "id")
    if id is None:
        return Remark(tree.line, "this rule has no id; left out")
    values: dict[str, Value] = {"vulnerability": id}
    paths = tuple(scalars(tree, "paths"))
    if paths:
        values["path"] = tuple(f"/{path.lstrip('/')}" for path in paths)
    purls = tuple(scalars(tree, "purls"))
    if purls:
        values["package"] = purls
    if (until := scalar(tree, "expired_at")) is not None:
        values["until"] = until
    if (statement := scalar(tree, "statement")) is not None:
        values["reason"] = statement
    return Draft(line=tree.line, values=values)


def scalar(tree: Mapping, key: str) -> str | None:
    """Return the scalar at a key, if it says anything."""
    found = tree.values.get(key)
    return found.text if isinstance(found, Scalar) and found.text else None


def scalars(tree: Mapping, key: str) -> Iterator[str]:
    """Yield the scalars of the list at a key."""
    found = tree.values.get(key)
    for one in found.items if isinstance(found, Listing) else ():
        if isinstance(one, Scalar):
            yield one.text
