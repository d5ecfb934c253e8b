"""`lading exceptions`: what was decided not to be acted upon, listed, added, removed, imported."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from lading.cli.common import add_common_arguments
from lading.cli.decisions import exceptions_in, read_file
from lading.cli.output import write
from lading.errors import UsageError
from lading.findings.deciding import ANNOUNCED_DAYS
from lading.findings.editing import with_added, without, written_block
from lading.findings.exceptions import JUSTIFICATIONS, Exemption, written
from lading.findings.foreign import carried_over
from lading.findings.foreign.draft import Draft, Value
from lading.model.finding import Severity
from lading.report.text import plain

_FILE = Path("exceptions.toml")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    listed = actions.add_parser("list", help="all, and how long they run", allow_abbrev=False)
    listed.add_argument("files", nargs="*", type=Path, metavar="FILE", default=[_FILE])
    listed.add_argument("--format", choices=("table", "json"), default="table")
    added = actions.add_parser("add", help="put one into a file", allow_abbrev=False)
    _add_scope(added)
    gone = actions.add_parser("remove", help="take some out of a file", allow_abbrev=False)
    gone.add_argument("id", nargs="?", metavar="ID", help="the vulnerability that they name")
    gone.add_argument("--package", metavar="TEXT", help="only those of this package")
    gone.add_argument("--line", type=int, metavar="N", help="the one that begins at this line")
    gone.add_argument("--expired", action="store_true", help="all that are over")
    read = actions.add_parser(
        "import", help="from the ignore files of Trivy, Grype and osv-scanner", allow_abbrev=False
    )
    read.add_argument("foreign", type=Path, metavar="FILE", help="the other scanner's file")
    read.add_argument("--into", type=Path, metavar="FILE", help="instead of standard output")
    for action in (added, read):
        action.add_argument("--reason", help="why; for an import, where the file does not say")
        action.add_argument("--author", help="who decided")
        action.add_argument("--until", metavar="DATE", help="the last day, as 2026-12-31")
    for action in (added, gone):
        action.add_argument(
            "--file", type=Path, default=_FILE, metavar="FILE", help=f"default: {_FILE}"
        )
    for action in (listed, added, gone, read):
        add_common_arguments(action, again=True)


def _add_scope(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("vulnerability", nargs="*", metavar="ID", help="vulnerabilities or aliases")
    for name, text in (
        ("package", "NAME or TYPE:NAME, with * and ?, or a package URL"),
        ("type", "a package type, as npm"),
        ("path", "a glob of paths"),
        ("image", "a glob of the image's name"),
    ):
        parser.add_argument(f"--{name}", action="append", metavar="TEXT", help=text)
    parser.add_argument("--version", metavar="RANGE", help="as '>=1.0, <2.0'")
    parser.add_argument("--layer", metavar="LAYER", help="an index, base or own")
    parser.add_argument("--until-fixed", action="store_true", help="only while there is no fix")
    parser.add_argument(
        "--while-severity-below", choices=[str(one) for one in Severity][:-1], help="only so long"
    )
    parser.add_argument("--justification", choices=JUSTIFICATIONS, help="why it is not affected")
    parser.add_argument("--impact", metavar="TEXT", help="the same in words")


def run(options: argparse.Namespace) -> int:
    """Do what was asked; UsageError with file, line and reason for what is invalid."""
    match options.action:
        case "list":
            return _list(options)
        case "add":
            return _add(options)
        case "remove":
            return _remove(options)
        case _:
            return _import(options)


def _list(options: argparse.Namespace) -> int:
    found = [one for file in options.files for one in exceptions_in(file)]
    values = [_value(one, options) for one in found]
    if options.format == "json":
        write(json.dumps({"exceptions": values}, indent=2, sort_keys=True) + "\n", None)
        return 0
    lines = [
        f"{value['state']:14}  {value['until']:20}  {value['about']}  "
        f"({value['author']}: {value['reason']})  {value['source']}"
        for value in values
    ]
    write("".join(f"{plain(line)}\n" for line in lines or ["no exceptions"]), None)
    return 0


def _value(one: Exemption, options: argparse.Namespace) -> dict[str, object]:
    now = options.now()
    left = one.days_left(now)
    state = "in force"
    if one.is_over(now):
        state = "expired"
    elif left <= ANNOUNCED_DAYS:
        state = f"{left} days left"
    return {
        "about": one.about,
        "author": one.author,
        "days_left": max(left, 0) if state != "expired" else None,
        "justification": one.justification,
        "reason": one.reason,
        "source": one.source,
        "state": state,
        "until": written(one.until),
    }


def _add(options: argparse.Namespace) -> int:
    values: dict[str, Value] = {}
    for key in ("vulnerability", "package", "type", "path", "image"):
        given: Sequence[str] = getattr(options, key) or ()
        if given:
            values[key] = given[0] if len(given) == 1 else tuple(given)
    for key in (
        "version", "reason", "author", "until", "while_severity_below", "justification", "impact",
    ):  # fmt: skip
        if getattr(options, key) is not None:
            values[key] = getattr(options, key)
    if options.until_fixed:
        values["until_fixed"] = True
    values["added"] = options.now().date().isoformat()
    block = written_block(values)
    if options.layer is not None:
        layer = options.layer if options.layer.isdecimal() else json.dumps(options.layer)
        block += f"layer = {layer}\n"
    _save(options.file, with_added(_there(options.file), str(options.file), [block]))
    return 0


def _remove(options: argparse.Namespace) -> int:
    if not (options.id or options.package or options.line or options.expired):
        raise UsageError("say which to remove: an ID, --package, --line or --expired")
    gone = [one for one in exceptions_in(options.file) if _is_meant(one, options)]
    if not gone:
        raise UsageError(f"{options.file}: no exception is what you named; see `exceptions list`")
    if len(gone) > 1 and not options.expired:
        places = ", ".join(one.source for one in gone)
        raise UsageError(f"{len(gone)} exceptions are what you named: {places}; choose by --line")
    _save(options.file, without(read_file(options.file), str(options.file), gone))
    return 0


def _is_meant(one: Exemption, options: argparse.Namespace) -> bool:
    return (
        (options.id is None or options.id.upper() in map(str.upper, one.vulnerabilities))
        and (options.package is None or options.package in one.scope.packages)
        and (options.line is None or one.source.endswith(f":{options.line}"))
        and (not options.expired or one.is_over(options.now()))
    )


def _import(options: argparse.Namespace) -> int:
    """Write what can be carried over; say line by line what cannot, and why."""
    name = str(options.foreign)
    drafts, remarks = carried_over(read_file(options.foreign), name)
    told = list(remarks)
    blocks = []
    for draft in drafts:
        values = _completed(draft, options)
        missing = [key for key in ("reason", "author", "until") if key not in values]
        if missing:
            wanted = ", ".join(f"--{key}" for key in missing)
            print(f"{plain(name)}:{draft.line}: left out, for it lacks {wanted}", file=sys.stderr)
        else:
            blocks.append(written_block(values))
    for line, text in told:
        print(f"{plain(name)}:{line}: {plain(text)}", file=sys.stderr)
    place = options.into
    made = with_added(_there(place) if place else b"", str(place or name), blocks)
    if place is None:
        write(made.decode(), None)
    else:
        _save(place, made)
    return 0


def _completed(draft: Draft, options: argparse.Namespace) -> Mapping[str, Value]:
    """Return the draft with what the file does not say; the file's own word stands."""
    given = {
        key: getattr(options, key)
        for key in ("reason", "author", "until")
        if getattr(options, key) is not None
    }
    return {**given, **draft.values, "added": options.now().date().isoformat()}


def _there(path: Path) -> bytes:
    return read_file(path) if path.exists() else b""


def _save(path: Path, data: bytes) -> None:
    write(data.decode(), str(path))
