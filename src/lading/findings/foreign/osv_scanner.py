"""osv-scanner's `osv-scanner.toml` to drafts.

Format: https://google.github.io/osv-scanner/configuration/
"""

from glob import escape

from lading.findings.foreign.draft import Carried, Draft, Remark, Value
from lading.findings.tables import Table, as_moment

_TYPES = {
    "alpine": "apk", "bitnami": "bitnami", "conancenter": "conan", "cran": "cran",
    "crates.io": "cargo", "debian": "deb", "go": "golang", "hackage": "hackage", "hex": "hex",
    "maven": "maven", "npm": "npm", "nuget": "nuget", "packagist": "composer", "pub": "pub",
    "pypi": "pypi", "rubygems": "gem", "swifturl": "swift", "ubuntu": "deb",
}  # fmt: skip
_PACKAGE_KEYS = ("name", "version", "ecosystem", "ignore", "vulnerability", "license",
                 "effectiveUntil", "reason")  # fmt: skip


def read(top: Table) -> Carried:
    """Return the drafts and remarks; UsageError for tables that are none."""
    drafts: list[Draft] = []
    remarks = [
        Remark(top.lines.get(key, 1), f"{key!r} has no counterpart; left out")
        for key in top.values
        if key not in ("IgnoredVulns", "PackageOverrides")
    ]
    for table in top.tables("IgnoredVulns"):
        foreign = [key for key in table.values if key not in ("id", "ignoreUntil", "reason")]
        if foreign:
            remarks.append(_left(table, foreign[0], f"{foreign[0]!r} has no counterpart"))
        elif not isinstance(table.values.get("id"), str) or not table.values["id"]:
            remarks.append(_left(table, "id", "it has no id"))
        else:
            values: dict[str, Value] = {"vulnerability": str(table.values["id"])}
            drafts.append(Draft(line=table.line, values=values | _common(table, "ignoreUntil")))
    for table in top.tables("PackageOverrides"):
        remarks += _of_license(table)
        obstacle = _obstacle(table)
        if obstacle is not None:
            remarks.append(_left(table, None, obstacle))
        else:
            common = _common(table, "effectiveUntil")
            drafts.append(Draft(line=table.line, values=_package(table) | common))
    return Carried(tuple(drafts), tuple(sorted(remarks)))


def _left(table: Table, key: str | None, reason: str) -> Remark:
    line = table.lines.get(key, table.line) if key is not None else table.line
    return Remark(line, f"{reason}; the rule is left out")


def _of_license(table: Table) -> list[Remark]:
    if "license" not in table.values:
        return []
    line = table.lines.get("license", table.line)
    return [Remark(line, "license is a matter for a policy; left out")]


def _obstacle(table: Table) -> str | None:
    foreign = [key for key in table.values if key not in _PACKAGE_KEYS]
    if foreign:
        return f"{foreign[0]!r} has no counterpart"
    inner = table.values.get("vulnerability")
    is_ignored = isinstance(inner, dict) and inner.get("ignore") is True
    if not is_ignored and table.values.get("ignore") is not True:
        return "it ignores no vulnerability"
    ecosystem = table.values.get("ecosystem")
    if ecosystem is not None and _type(ecosystem) is None:
        return f"the ecosystem {ecosystem!r} has no counterpart"
    if not _package(table):
        return "it names no package, and would be for everything"
    return None


def _type(ecosystem: object) -> str | None:
    return _TYPES.get(str(ecosystem).partition(":")[0].lower())


def _package(table: Table) -> dict[str, Value]:
    found: dict[str, Value] = {}
    name, version = table.values.get("name"), table.values.get("version")
    if isinstance(name, str) and name:
        found["package"] = escape(name)
    if isinstance(version, str) and version:
        found["version"] = f"={version}"
    if (type := _type(table.values.get("ecosystem"))) is not None:
        found["type"] = type
    return found


def _common(table: Table, key: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    reason = table.values.get("reason")
    if isinstance(reason, str) and reason.strip():
        found["reason"] = reason.strip()
    try:
        until = as_moment(table.values.get(key))
    except (ValueError, OverflowError):
        until = None
    if until is not None:
        found["until"] = until.isoformat()[:10]
    return found
