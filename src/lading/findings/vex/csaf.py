"""CSAF documents to statements: the status of each product in each vulnerability.

Specification: https://docs.oasis-open.org/csaf/csaf/v2.0/csaf-v2.0.html (profile 4.5, VEX)
Quirk: a product that is another's component exists through a relationship only, and often has no
package URL of its own; then the component's counts, within the other.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from lading.findings.exceptions import JUSTIFICATIONS
from lading.findings.ranges import parse_range, parse_vers
from lading.findings.vex.statement import Product, Read, Statement, unusable
from lading.findings.vex.tree import dicts, hash_of, member, moment, text, texts, version
from lading.model.decision import Decision

_STATUS = {
    "known_not_affected": "not_affected",
    "fixed": "fixed",
    "first_fixed": "fixed",
    "known_affected": "affected",
    "first_affected": "affected",
    "last_affected": "affected",
    "under_investigation": "under_investigation",
}


def is_one(tree: Mapping[str, object]) -> bool:
    """Say whether the document is CSAF 2, by the version that it must name."""
    return (text(tree, "document", "csaf_version") or "").startswith("2.")


def read(tree: Mapping[str, object], file: str) -> Read:
    """Return a statement for each vulnerability, status and reason given for it."""
    products = _products(tree)
    groups = {
        text(one, "group_id") or "": texts(one, "product_ids")
        for one in dicts(tree, "product_tree", "product_groups")
    }
    statements: list[Statement] = []
    failed: list[Decision] = []
    for number, one in enumerate(dicts(tree, "vulnerabilities"), 1):
        names = tuple(_names(one))
        source = f"{file}#{number}"
        if not names:
            failed.append(unusable(source, "no vulnerability", "it names no vulnerability"))
            continue
        given = _reasons(one, groups)
        for id, status in _told(one):
            reason = given.get(id, (None, None))
            product = products.get(id)
            if product is None:
                why = f"the product tree has no product {id!r}"
                failed.append(unusable(source, f"{names[0]} {status}: {id}", why))
            elif status == "not_affected" and reason == (None, None):
                why = "it says not affected without a flag or an impact statement"
                failed.append(unusable(source, f"{names[0]} {status}: {product.label}", why))
            else:
                statements.append(
                    Statement(
                        source=source,
                        document=text(tree, "document", "tracking", "id") or file,
                        version=version(member(tree, "document", "tracking", "version")),
                        names=names,
                        status=status,
                        products=(product,),
                        stated=moment(text(tree, "document", "tracking", "current_release_date")),
                        author=text(tree, "document", "publisher", "name") or file,
                        justification=reason[0] if status == "not_affected" else None,
                        impact=reason[1] if status == "not_affected" else None,
                    )
                )
    return Read(statements=tuple(statements), unusable=tuple(failed))


def _names(one: Mapping[str, object]) -> Iterator[str]:
    if (cve := text(one, "cve")) is not None:
        yield cve
    for id in dicts(one, "ids"):
        if (name := text(id, "text")) is not None:
            yield name


def _told(one: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield each product's id and status, each pair once."""
    pairs = (
        (id, status)
        for group, status in _STATUS.items()
        for id in texts(one, "product_status", group)
    )
    yield from dict.fromkeys(pairs)


def _reasons(
    one: Mapping[str, object], groups: Mapping[str, list[str]]
) -> dict[str, tuple[str | None, str | None]]:
    """Return by product the justification and the impact statement that it was given first."""
    flags: dict[str, str] = {}
    for flag in dicts(one, "flags"):
        label = text(flag, "label")
        if label in JUSTIFICATIONS and label is not None:
            for id in _meant(flag, groups):
                flags.setdefault(id, label)
    threats: dict[str, str] = {}
    for threat in dicts(one, "threats"):
        details = text(threat, "details")
        if text(threat, "category") == "impact" and details is not None:
            for id in _meant(threat, groups):
                threats.setdefault(id, details)
    return {id: (flags.get(id), threats.get(id)) for id in (*flags, *threats)}


def _meant(item: Mapping[str, object], groups: Mapping[str, list[str]]) -> Iterator[str]:
    yield from texts(item, "product_ids")
    for group in texts(item, "group_ids"):
        yield from groups.get(group, ())


def _products(tree: Mapping[str, object]) -> dict[str, Product]:
    """Return the products by id, those that relationships make included."""
    found: dict[str, Product] = {}
    for full in dicts(tree, "product_tree", "full_product_names"):
        found[text(full, "product_id") or ""] = _product(full)
    waiting = dicts(tree, "product_tree", "branches")
    while waiting:
        branch = waiting.pop()
        waiting += dicts(branch, "branches")
        full_name = member(branch, "product")
        if isinstance(full_name, dict):
            found[text(full_name, "product_id") or ""] = _ranged(_product(full_name), branch)
    for one in dicts(tree, "product_tree", "relationships"):
        part = found.get(text(one, "product_reference") or "")
        whole = found.get(text(one, "relates_to_product_reference") or "")
        full_name = member(one, "full_product_name")
        id = text(full_name, "product_id")
        if part is not None and whole is not None and id is not None:
            found[id] = replace(whole, parts=(part,))
    return found


def _product(full: object) -> Product:
    helper = member(full, "product_identification_helper")
    purl = text(helper, "purl")
    digests = (
        hash_of(text(one, "algorithm"), text(one, "value"))
        for all in dicts(helper, "hashes")
        for one in dicts(all, "file_hashes")
    )
    known = tuple(one for one in digests if one)
    name = text(full, "name") or "a product without a name"
    if purl is None and not known:
        return Product(ids=(name,), doubt=f"{name!r} has neither a package URL nor a hash")
    return Product(ids=(purl,) if purl else (), hashes=known)


def _ranged(product: Product, branch: Mapping[str, object]) -> Product:
    """Return the product with the versions that its branch is for, where its purl has none."""
    category, name = text(branch, "category"), text(branch, "name") or ""
    if not category or not category.startswith("product_version") or _has_version(product):
        return product
    try:
        is_range = category == "product_version_range"
        return replace(product, range=parse_vers(name) if is_range else parse_range(f"={name}"))
    except ValueError as error:
        return replace(product, doubt=str(error))


def _has_version(product: Product) -> bool:
    return any("@" in one.partition("?")[0].rpartition("/")[2] for one in product.ids)
