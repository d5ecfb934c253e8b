"""A result to CycloneDX 1.6 with analyses of vulnerabilities: what was decided of its findings.

Specification: https://cyclonedx.org/docs/1.6/json/#vulnerabilities
Justifications that CycloneDX has no word for stand in the analysis's detail.
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

_JUSTIFICATIONS = {
    "vulnerable_code_not_present": "code_not_present",
    "vulnerable_code_not_in_execute_path": "code_not_reachable",
    "inline_mitigations_already_exist": "protected_by_mitigating_control",
}
_SUBJECT = "subject"


def render(result: Result, view: View) -> str:
    """Return the document; its date is the view's clock."""
    result = canonical(result)
    told = told_of(result)
    packages = {one.purl: one for one in result.packages}
    purls = sorted({purl for one in told for purl in one.purls})
    document: dict[str, Any] = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": stamp(view.now),
            "authors": [{"name": authors_of(told)}],
            "component": _subject(result),
            "tools": {
                "components": [{"type": "application", "name": "lading", "version": __version__}]
            },
        },
        "components": [
            {
                "type": "library",
                "bom-ref": purl,
                "name": packages[purl].name,
                **({"version": packages[purl].version} if packages[purl].version else {}),
                "purl": purl,
            }
            for purl in purls
        ],
        "vulnerabilities": [_vulnerability(one) for one in told],
    }
    document["serialNumber"] = serial(document).urn
    return json_plain(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)) + "\n"


def _subject(result: Result) -> dict[str, Any]:
    purl = purl_of_image(result.image)
    if purl is None:
        return {"type": "application", "bom-ref": _SUBJECT, "name": result.target}
    return {
        "type": "container",
        "bom-ref": _SUBJECT,
        "name": result.image.reference or result.target,
        "purl": purl,
    }


def _vulnerability(one: Told) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": one.id,
        "analysis": _analysis(one),
        "affects": [{"ref": purl} for purl in one.purls],
        "properties": [{"name": "lading:decision", "value": one.notes}],
    }
    if one.aliases:
        found["references"] = [
            {"id": name, "source": {"name": name.partition("-")[0] or name}} for name in one.aliases
        ]
    return found


def _analysis(one: Told) -> dict[str, Any]:
    is_fixed = one.vex.status == "fixed"
    found: dict[str, Any] = {"state": "resolved" if is_fixed else "not_affected"}
    word = one.vex.justification
    detail = one.reason or one.decision.reason
    if word is not None and not is_fixed:
        known = _JUSTIFICATIONS.get(word)
        if known is None:
            detail = f"{word}: {detail}"
        else:
            found["justification"] = known
    found["detail"] = detail
    if (moment := stated(one.vex)) is not None:
        found["lastUpdated"] = moment
    return found
