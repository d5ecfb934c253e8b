"""CycloneDX documents with an analysis of vulnerabilities to statements.

Specification: https://cyclonedx.org/docs/1.6/json/#vulnerabilities (JSON)
A component is meant within the document's subject, where that says which it is: by package URL, by
hash or as a container. Else the component is meant wherever it is.
Quirk: justifications are other than OpenVEX's; where one has no counterpart, it stays as words.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lading.findings.ranges import Range, parse_range, parse_vers, unquoted
from lading.findings.vex.statement import Product, Read, Statement, unusable
from lading.findings.vex.tree import dicts, hash_of, member, moment, text, version
from lading.model.decision import Decision

_STATES = {
    "not_affected": "not_affected",
    "false_positive": "not_affected",
    "resolved": "fixed",
    "resolved_with_pedigree": "fixed",
    "exploitable": "affected",
    "in_triage": "under_investigation",
}
_JUSTIFICATIONS = {
    "code_not_present": "vulnerable_code_not_present",
    "code_not_reachable": "vulnerable_code_not_in_execute_path",
    "protected_by_mitigating_control": "inline_mitigations_already_exist",
}
_OTHER_WAY = {"not_affected": "affected", "fixed": "affected"}  # versions not meant by a status


def is_one(tree: Mapping[str, object]) -> bool:
    """Say whether the document is CycloneDX."""
    return text(tree, "bomFormat") == "CycloneDX"


def read(tree: Mapping[str, object], file: str) -> Read:
    """Return a statement for each vulnerability that has been analysed."""
    components = _components(tree)
    statements: list[Statement] = []
    failed: list[Decision] = []
    for number, one in enumerate(dicts(tree, "vulnerabilities"), 1):
        source, id = f"{file}#{number}", text(one, "id")
        state = text(one, "analysis", "state")
        status = _STATES.get(state or "")
        products = tuple(_products(one, components, status or ""))
        reason = None
        if id is None:
            reason = "it names no vulnerability"
        elif status is None:
            reason = "it has no analysis" if state is None else f"its state {state!r} is not known"
        elif not products:
            reason = "it names nothing that it affects, so nobody knows what it is about"
        if id is None or status is None or reason is not None:
            failed.append(unusable(source, id or "no vulnerability", reason or ""))
            continue
        justification, impact = _reason(one, state)
        analysed = text(one, "analysis", "lastUpdated") or text(one, "analysis", "firstIssued")
        dated = text(one, "updated") or text(one, "published")
        statements.append(
            Statement(
                source=source,
                document=text(tree, "serialNumber") or file,
                version=version(member(tree, "version")),
                names=(id, *_aliases(one)),
                status=status,
                products=products,
                stated=moment(analysed or dated or text(tree, "metadata", "timestamp")),
                author=_author(tree) or file,
                justification=justification if status == "not_affected" else None,
                impact=impact,
            )
        )
    return Read(statements=tuple(statements), unusable=tuple(failed))


def _aliases(one: Mapping[str, object]) -> Iterator[str]:
    for reference in dicts(one, "references"):
        if (id := text(reference, "id")) is not None:
            yield id


def _author(tree: Mapping[str, object]) -> str | None:
    authors = (text(one, "name") for one in dicts(tree, "metadata", "authors"))
    maker = text(tree, "metadata", "supplier", "name")
    return next((one for one in authors if one), None) or maker


def _reason(one: Mapping[str, object], state: str | None) -> tuple[str | None, str | None]:
    word, detail = text(one, "analysis", "justification"), text(one, "analysis", "detail")
    known = _JUSTIFICATIONS.get(word or "")
    words = [] if known else [word or ("false positive" if state == "false_positive" else None)]
    told = ": ".join(part for part in (*words, detail) if part)
    return known, told or None


def _components(tree: Mapping[str, object]) -> dict[str, Product]:
    """Return the components by their reference, with the document's subject."""
    found: dict[str, Product] = {}
    subject = member(tree, "metadata", "component")
    whole = _product(subject) if isinstance(subject, dict) else None
    if whole is not None and (reference := text(subject, "bom-ref")) is not None:
        found[reference] = whole
    waiting = [*dicts(subject, "components"), *dicts(tree, "components")]
    while waiting:
        one = waiting.pop()
        waiting += dicts(one, "components")
        if (reference := text(one, "bom-ref")) is not None:
            part = _product(one)
            is_told = whole is not None and whole.doubt is None
            found[reference] = replace(whole, parts=(part,)) if whole and is_told else part
    return found


def _product(component: Mapping[str, object]) -> Product:
    purl, name = text(component, "purl"), text(component, "name")
    known = tuple(
        digest
        for one in dicts(component, "hashes")
        if (digest := hash_of(text(one, "alg"), text(one, "content"))) is not None
    )
    named = text(component, "version")
    is_image = text(component, "type") == "container"
    label = f"{name}:{named}" if named else name or ""
    if purl is None and not known and not is_image:
        return Product(ids=(label,), doubt=f"{label!r} has neither a package URL nor a hash")
    return Product(
        ids=tuple(one for one in (purl, label if is_image else None) if one), hashes=known
    )


def _products(
    one: Mapping[str, object], components: Mapping[str, Product], status: str
) -> Iterator[Product]:
    for affected in dicts(one, "affects"):
        reference = text(affected, "ref") or ""
        product = components.get(reference) or _referred(reference, components)
        versions = dicts(affected, "versions")
        if not versions:
            yield product
            continue
        other = _OTHER_WAY.get(status, "unaffected")
        meant = [part for part in versions if text(part, "status") != other]
        try:
            for part in meant:
                yield _narrowed(product, _range(part))
        except ValueError as error:
            yield replace(product, doubt=str(error))


def _narrowed(product: Product, range: Range) -> Product:
    """Return the product in a range of versions: of its part, where one is meant."""
    if product.parts:
        return replace(product, parts=tuple(replace(one, range=range) for one in product.parts))
    return replace(product, range=range)


def _referred(reference: str, components: Mapping[str, Product]) -> Product:
    """Return what a reference means: a BOM-Link's fragment, or a package URL as it is."""
    within = (
        unquoted(reference.partition("#")[2]) if reference.startswith("urn:cdx:") else reference
    )
    if within in components:
        return components[within]
    if within.startswith("pkg:"):
        return Product(ids=(within,))
    return Product(ids=(reference,), doubt=f"{reference!r} is nothing in this document")


def _range(part: Mapping[str, object]) -> Range:
    range, single = text(part, "range"), text(part, "version")
    if range is not None:
        return parse_vers(range)
    return parse_range(f"={single or ''}")
