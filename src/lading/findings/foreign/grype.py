"""The `ignore` rules of Grype's settings to drafts.

Format: https://github.com/anchore/grype#specifying-matches-to-ignore
Quirk: aliases count only where `include-aliases` says so; here they always do, which is remarked.
"""

import re
from glob import escape

from lading.findings.foreign.draft import Carried, Draft, Remark, Value
from lading.findings.foreign.trivy import scalar
from lading.findings.foreign.yaml import Document, Listing, Mapping, Tree

_KNOWN = ("vulnerability", "include-aliases", "reason", "fix-state", "package")
_OF_PACKAGE = ("name", "version", "type", "location")
_TYPES = {
    "apk": "apk", "alpm": "alpm", "conan": "conan", "dart-pub": "pub", "deb": "deb",
    "dotnet": "nuget", "gem": "gem", "go-module": "golang", "hackage": "hackage", "hex": "hex",
    "java-archive": "maven", "npm": "npm", "php-composer": "composer", "portage": "ebuild",
    "python": "pypi", "rpm": "rpm", "rust-crate": "cargo", "swift": "swift",
}  # fmt: skip
_UNFIXED = ("not-fixed", "wont-fix", "unknown")
_PLAIN = re.compile(r"[\w@/.:+~-]*")


def read(document: Document) -> Carried:
    """Return the drafts of the rules, and remarks on rules that cannot be carried over."""
    drafts: list[Draft] = []
    remarks = [Remark(line, f"{why}; left out") for line, why in document.unread]
    rules = document.root.values["ignore"]
    if not isinstance(rules, Listing):
        return Carried((), (*remarks, Remark(rules.line, "ignore is no list; left out")))
    for tree in rules.items:
        reason = _obstacle(tree)
        if reason is not None or not isinstance(tree, Mapping):
            remarks.append(Remark(tree.line, f"{reason}; the rule is left out"))
            continue
        drafts.append(Draft(line=tree.line, values=_values(tree)))
        if "vulnerability" in tree.values and scalar(tree, "include-aliases") != "true":
            remarks.append(Remark(tree.line, "carried over; here its aliases count too"))
    return Carried(tuple(drafts), tuple(sorted(remarks)))


def _obstacle(tree: Tree) -> str | None:
    """Return why a rule cannot be carried over; None where it can."""
    if not isinstance(tree, Mapping):
        return "this is no rule"
    foreign = [key for key in tree.values if key not in _KNOWN]
    if foreign:
        return f"{foreign[0]!r} has no counterpart"
    state = scalar(tree, "fix-state")
    package = tree.values.get("package")
    if state is not None and "vulnerability" not in tree.values and package is None:
        return f'all with fix-state {state} is a matter for a policy: action = "allow", fix = ...'
    if state is not None and state not in _UNFIXED:
        return f"fix-state {state!r} has no counterpart"
    if package is None:
        return None if scalar(tree, "vulnerability") else "it names nothing to ignore"
    return _obstacle_of_package(package)


def _obstacle_of_package(package: Tree) -> str | None:
    if not isinstance(package, Mapping):
        return "its package is no mapping"
    foreign = [key for key in package.values if key not in _OF_PACKAGE]
    if foreign:
        return f"'package.{foreign[0]}' has no counterpart"
    name, type = scalar(package, "name"), scalar(package, "type")
    if name is not None and not _PLAIN.fullmatch(name):
        return f"the package's name {name!r} is a regular expression"
    if type is not None and type not in _TYPES:
        return f"the package's type {type!r} has no counterpart"
    return None


def _values(tree: Mapping) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key in ("vulnerability", "reason"):
        if (text := scalar(tree, key)) is not None:
            found[key] = text
    if scalar(tree, "fix-state") is not None:
        found["until_fixed"] = True
    package = tree.values.get("package")
    if isinstance(package, Mapping):
        name, version = scalar(package, "name"), scalar(package, "version")
        type, location = scalar(package, "type"), scalar(package, "location")
        if name is not None:
            found["package"] = escape(name)
        if version is not None:
            found["version"] = f"={version}"
        if type is not None:
            found["type"] = _TYPES[type]
        if location is not None:
            found["path"] = location.replace("**", "*")
    return found
