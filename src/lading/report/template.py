"""A result to whatever a template of the user's own says.

Language: https://jinja.palletsprojects.com/en/stable/templates/. A template sees `result`, which is
the JSON of docs/json.md, and `packages`, its packages by id. It runs in a sandbox: no attributes
that lead out of the values, no files, no other templates, and bounds on what it computes and
writes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from lading.errors import UsageError
from lading.model.result import Result
from lading.report.csv import inert
from lading.report.json import render as to_json
from lading.report.markdown import code
from lading.report.text import plain, shorten
from lading.report.view import View

LONGEST = 64 << 20  # characters written
_STEPS = 20_000_000  # members read, functions called, numbers counted
_LARGEST = 1 << 20  # of a product or a power
_MARKUP = (".html", ".htm", ".xhtml", ".xml", ".svg")
_FAILURES = (
    TemplateError, ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip


def render(result: Result, view: View) -> str:
    """Return what the view's template says; UsageError, with the line, for one that fails."""
    template = view.template
    if template is None:
        raise UsageError("--format template needs a --template FILE that says what to write")
    tree = _plain(msgspec.json.decode(to_json(result)))
    names = {
        "result": tree,
        "packages": {package["id"]: package for package in tree["packages"]},
        "now": f"{view.now:%Y-%m-%dT%H:%M:%SZ}",
    }
    environment = _Sandbox(markup=is_markup(template.name))
    try:
        return "".join(_written(environment.from_string(template.text).generate(names)))
    except _FAILURES as error:
        line = _line(error)
        where = f"{template.name}:{line}" if line else template.name
        reason = shorten(plain(str(error)), 200) or type(error).__name__
        raise UsageError(f"{where}: the template fails: {reason}") from error


def is_markup(name: str) -> bool:
    """Tell whether a template of this name writes markup, in which values are escaped."""
    return name.lower().removesuffix(".j2").removesuffix(".jinja").endswith(_MARKUP)


class _Sandbox(ImmutableSandboxedEnvironment):
    """Where templates run: each step counts, and what grows is bounded."""

    intercepted_binops = frozenset(("*", "**", "<<"))

    def __init__(self, *, markup: bool) -> None:
        super().__init__(
            undefined=StrictUndefined, autoescape=markup, keep_trailing_newline=True,
            trim_blocks=True, lstrip_blocks=True,
        )  # fmt: skip
        self._steps = 0
        self.globals = {"range": self._range}
        self.filters |= {"code": code, "inert": inert}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Prefer members of the JSON to methods, so that `items` or `values` may be one."""
        self._count(1)
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        self._count(1)
        return super().getitem(obj, argument)

    def call(self, context: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
        self._count(1)
        return super().call(context, function, *args, **kwargs)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        self._count(1)
        sizes = [len(one) if isinstance(one, str | list | tuple) else one for one in (left, right)]
        if all(isinstance(size, int) for size in sizes) and _size(operator, *sizes) > _LARGEST:
            raise SecurityError(f"the result of {operator} would be too large")
        return super().call_binop(context, operator, left, right)

    def _range(self, *args: int) -> range:
        numbers = range(*args)
        self._count(len(numbers))
        return numbers

    def _count(self, steps: int) -> None:
        self._steps += steps
        if self._steps > _STEPS:
            raise SecurityError(f"it takes more than {_STEPS:,} steps")


def _size(operator: str, left: int, right: int) -> int:
    if operator == "*":
        return abs(left * right)
    if operator == "**":
        return abs(left).bit_length() * abs(right)
    return abs(left).bit_length() + abs(right)


def _written(parts: Iterator[str]) -> Iterator[str]:
    used, last = 0, ""
    for part in parts:
        used += len(part)
        if used > LONGEST:
            raise SecurityError(f"it writes more than {LONGEST:,} characters")
        last = part or last
        yield part
    if not last.endswith("\n"):
        yield "\n"


def _line(error: BaseException) -> int | None:
    """Return the line of the template: of a wrong one as the error says, else where it ran."""
    found: int | None = getattr(error, "lineno", None)
    at = error.__traceback__
    while at is not None and found is None:
        if at.tb_frame.f_code.co_filename == "<template>":
            found = at.tb_lineno
        at = at.tb_next
    return found


def _plain(tree: Any) -> Any:
    """Return the values with every text on one line, and nothing in it that a terminal acts on."""
    match tree:
        case str():
            return plain(tree)
        case dict():
            return {name: _plain(value) for name, value in tree.items()}
        case list():
            return [_plain(value) for value in tree]
        case _:
            return tree
