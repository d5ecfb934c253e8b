"""A result to CycloneDX 1.6 in JSON: `lading.sbom.cyclonedx`.

Specification: https://cyclonedx.org/docs/1.6/json/
"""

from lading.model.result import Result
from lading.report.order import canonical
from lading.report.text import json_plain
from lading.report.view import View
from lading.sbom.cyclonedx import write


def render(result: Result, view: View) -> str:
    """Return the document; its date is the view's clock, the rest of the view changes nothing."""
    return json_plain(write(canonical(result), view.now))
