"""A finished result in, text out: one module per format, imported when it is asked for.

To add one: write `report/<name>.py` with `render(result, view) -> str`, add it to FORMATS.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Protocol

from lading.model.result import Result
from lading.report.view import View


class Render(Protocol):
    """What a format's module offers: the whole text, ending in a newline, safe to show."""

    def __call__(self, result: Result, view: View) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A way to write a result down."""

    name: str  # as `--format` takes it
    module: str  # in this room

    @property
    def render(self) -> Render:
        render: Render = import_module(f"{__name__}.{self.module}").render
        return render


_ALL = (
    Format(name="table", module="table"),
    Format(name="json", module="json"),
    Format(name="cyclonedx", module="cyclonedx"),
    Format(name="spdx", module="spdx"),
    Format(name="spdx3", module="spdx3"),
    Format(name="sarif", module="sarif"),
    Format(name="gitlab", module="gitlab"),
    Format(name="junit", module="junit"),
    Format(name="markdown", module="markdown"),
    Format(name="csv", module="csv"),
    Format(name="html", module="html"),
    Format(name="template", module="template"),
    Format(name="purl", module="purl"),
    Format(name="openvex", module="openvex"),
    Format(name="csaf-vex", module="csaf_vex"),
    Format(name="cyclonedx-vex", module="cyclonedx_vex"),
)

FORMATS: Mapping[str, Format] = MappingProxyType({format.name: format for format in _ALL})
"""The first is the default."""


def render(result: Result, view: View, format: str = "table") -> str:
    """Return the result as the format named writes it; the name is a key of FORMATS."""
    return FORMATS[format].render(result, view)
