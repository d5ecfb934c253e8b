"""A result to OpenVEX 0.2.0: what was decided of its findings, and by whom.

Specification: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md
Its schema wants one statement at least; where nothing was decided there is none all the same, since
a statement that nobody made would be worse.
"""

import json
from typing import Any

from lading import __version__
from lading.model.result import Result
from lading.report.order import canonical
from lading.report.text import json_plain
from lading.report.told import Told, authors_of, purl_of_image, stamp, stated, told_of
from lading.report.view import View
from lading.sbom.serial import serial


def render(result: Result, view: View) -> str:
    """Return the document; its date is the view's clock."""
    result = canonical(result)
    told = told_of(result)
    image = purl_of_image(result.image)
    document: dict[str, Any] = {
        "@context": "https://openvex.dev/ns/v0.2.0",
        "author": authors_of(told),
        "timestamp": stamp(view.now),
        "version": 1,
        "tooling": f"lading/{__version__}",
        "statements": [_statement(one, image) for one in told],
    }
    document["@id"] = serial(document).urn
    return json_plain(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)) + "\n"


def _statement(one: Told, image: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "vulnerability": {"name": one.id, **({"aliases": [*one.aliases]} if one.aliases else {})},
        "products": _products(one, image),
        "status": one.vex.status,
        "status_notes": one.notes,
    }
    if one.vex.status == "not_affected":
        if one.vex.justification is not None:
            found["justification"] = one.vex.justification
        if one.reason is not None:
            found["impact_statement"] = one.reason
        if one.vex.justification is None and one.reason is None:
            found["impact_statement"] = one.decision.reason
    if (moment := stated(one.vex)) is not None:
        found["timestamp"] = moment
    return found


def _products(one: Told, image: str | None) -> list[dict[str, Any]]:
    """Return the packages, within the image where it can be named."""
    parts = [{"@id": purl} for purl in one.purls]
    return [{"@id": image, "subcomponents": parts}] if image is not None else parts
