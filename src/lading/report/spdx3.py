"""A result to SPDX 3.0.1 in JSON-LD: `lading.sbom.spdx3`.

Specification: https://spdx.github.io/spdx-spec/v3.0.1/
"""

from lading.model.result import Result
from lading.report.order import canonical
from lading.report.text import json_plain
from lading.report.view import View
from lading.sbom.spdx3 import write


def render(result: Result, view: View) -> str:
    """Return the document; its date is the view's clock, the rest of the view changes nothing."""
    return json_plain(write(canonical(result), view.now))
