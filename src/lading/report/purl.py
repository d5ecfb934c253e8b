"""A result to package URLs, one a line: https://github.com/package-url/purl-spec."""

from lading.model.result import Result
from lading.report.order import canonical
from lading.report.view import View
from lading.sbom.purls import write


def render(result: Result, view: View) -> str:  # noqa: ARG001 - views change no list for machines
    """Return the list; package URLs hold nothing that a terminal would act on."""
    return write(canonical(result))
