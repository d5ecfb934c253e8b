"""A result to CSAF 2.0, profile VEX: what was decided of its findings, and by whom.

Specification: https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html (4.5)
The profile wants one vulnerability at least; where nothing was decided, the document is of the
profile `csaf_base`, which does not.
"""

import json
import re
from typing import Any

from lading import __version__
from lading.model.result import Result
from lading.report.order import canonical
from lading.report.text import json_plain
from lading.report.told import Told, authors_of, purl_of_image, stamp, stated, told_of
from lading.report.view import View
from lading.sbom.serial import serial

_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,}")
_IMAGE = "image"


def render(result: Result, view: View) -> str:
    """Return the document; its date is the view's clock."""
    result = canonical(result)
    told, image = told_of(result), purl_of_image(result.image)
    purls = sorted({purl for one in told for purl in one.purls})
    ids = {purl: f"package-{number}" for number, purl in enumerate(purls, 1)}
    document: dict[str, Any] = {"document": _head(result, told, view)}
    if told:
        document["product_tree"] = _tree(ids, image)
        document["vulnerabilities"] = _vulnerabilities(told, ids, image)
    document["document"]["tracking"]["id"] = f"lading-{serial(document)}"
    return json_plain(json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False)) + "\n"


def _head(result: Result, told: tuple[Told, ...], view: View) -> dict[str, Any]:
    now = stamp(view.now)
    return {
        "category": "csaf_vex" if told else "csaf_base",
        "csaf_version": "2.0",
        "title": f"What was decided of {result.target}",
        "publisher": {
            "category": "user",
            "name": authors_of(told),
            "namespace": "urn:lading:decisions",
        },
        "tracking": {
            "current_release_date": now,
            "initial_release_date": now,
            "generator": {"date": now, "engine": {"name": "Lading", "version": __version__}},
            "revision_history": [{"date": now, "number": "1", "summary": "First version"}],
            "status": "final",
            "version": "1",
        },
    }


def _tree(ids: dict[str, str], image: str | None) -> dict[str, Any]:
    named = [_product(purl, id) for purl, id in ids.items()]
    if image is None:
        return {"full_product_names": named}
    return {
        "full_product_names": [_product(image, _IMAGE), *named],
        "relationships": [
            {
                "category": "default_component_of",
                "full_product_name": {
                    "name": f"{purl} in {image}",
                    "product_id": _id(id, image),
                },
                "product_reference": id,
                "relates_to_product_reference": _IMAGE,
            }
            for purl, id in ids.items()
        ],
    }


def _product(purl: str, id: str) -> dict[str, Any]:
    return {
        "name": purl,
        "product_id": id,
        "product_identification_helper": {"purl": purl},
    }


def _id(id: str, image: str | None) -> str:
    return id if image is None else f"{_IMAGE}:{id}"


def _vulnerabilities(
    told: tuple[Told, ...], ids: dict[str, str], image: str | None
) -> list[dict[str, Any]]:
    """Return one object for each vulnerability: its decisions side by side."""
    found: dict[str, dict[str, Any]] = {}
    for one in told:
        item = found.setdefault(one.id, _named(one))
        products = [_id(ids[purl], image) for purl in one.purls]
        status = "fixed" if one.vex.status == "fixed" else "known_not_affected"
        item.setdefault("product_status", {}).setdefault(status, []).extend(products)
        item["notes"].append({"category": "other", "text": one.notes, "title": "Decision"})
        if one.vex.status == "not_affected":
            _explain(item, one, products)
    return list(found.values())


def _named(one: Told) -> dict[str, Any]:
    aliases = [name for name in one.aliases if name != one.id]
    ids = [{"system_name": name.partition("-")[0] or name, "text": name} for name in aliases]
    if _CVE.fullmatch(one.id):
        return {"cve": one.id, "notes": [], **({"ids": ids} if ids else {})}
    own = {"system_name": one.id.partition("-")[0] or one.id, "text": one.id}
    return {"ids": [own, *ids], "notes": []}


def _explain(item: dict[str, Any], one: Told, products: list[str]) -> None:
    moment = stated(one.vex)
    date = {"date": moment} if moment is not None else {}
    if one.vex.justification is not None:
        flag = {"label": one.vex.justification, "product_ids": products, **date}
        item.setdefault("flags", []).append(flag)
    if one.reason is not None or one.vex.justification is None:
        details = one.reason or one.decision.reason
        threat = {"category": "impact", "details": details, "product_ids": products, **date}
        item.setdefault("threats", []).append(threat)
