"""`lading base`: the images that others are built on, made known by their layers."""

import argparse
import sys
from dataclasses import replace

from lading.cli.common import add_common_arguments
from lading.cli.limits import add_limit_arguments, limits_from
from lading.cli.output import write
from lading.errors import UnreadableError, UsageError
from lading.image.base import KnownBase, chain_ids
from lading.image.known_bases import file_in, listed, read_known, with_base, without_base
from lading.image.target import parse


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their options."""
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="make an image known as a base", allow_abbrev=False)
    add.add_argument("target", metavar="TARGET", help="the image, as for `lading scan`")
    add.add_argument("--name", help="what reports call it (default: its reference)")
    add.add_argument("--platform", metavar="OS/ARCH[/VARIANT]", help="which image of an index")
    add_limit_arguments(add)
    lists = actions.add_parser("list", help="what is known", allow_abbrev=False)
    lists.add_argument(
        "--format", choices=("table", "json"), default="table", help="how to write it"
    )
    remove = actions.add_parser("remove", help="forget one", allow_abbrev=False)
    remove.add_argument("name", metavar="NAME", help="as `list` says it")
    for action in (add, lists, remove):
        add_common_arguments(action, again=True)


def run(options: argparse.Namespace) -> int:
    """Do it; UsageError for what has no layers or is not known, UnreadableError for damage."""
    path = file_in(options.settings.data_dir)
    known = read_known(path)
    match options.action:
        case "list":
            return _show(known, options.format)
        case "remove":
            after, said = without_base(known, options.name), f"forgot {options.name}"
        case _:
            base = _base(options)
            after = with_base(known, base)
            said = f"{base.name} is known by its {base.layers} layers"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(f"{path.parent}: {error.strerror}") from error
    write(listed(after), str(path))
    if not options.quiet:
        from lading.report.text import plain

        print(f"lading: {plain(said)}", file=sys.stderr)
    return 0


def _base(options: argparse.Namespace) -> KnownBase:
    from lading.cli.opening import open_image

    options.limits = limits_from(options)
    opened = open_image(parse(options.target), options)
    try:
        image = opened.image
        chain = chain_ids([layer.diff_id for layer in image.layers])
        if not chain:
            raise UsageError(f"{options.target} has no layers to be known by; name an image")
        name = options.name or image.reference or options.target
        return KnownBase(name=name, digest=image.digest, chain=chain[-1], layers=len(chain))
    finally:
        opened.close()


def _show(known: tuple[KnownBase, ...], format: str) -> int:
    if format == "json":
        write(listed(known), None)
        return 0
    from lading.report.text import plain

    shown = [replace(one, name=plain(one.name), digest=plain(one.digest or "-")) for one in known]
    lines = [f"{one.name}  {one.layers} layers  {one.digest}\n" for one in shown]
    write("".join(lines) or "no base images are known; `lading base add IMAGE` adds one\n", None)
    return 0
