"""OpenVEX documents to statements.

Specification: https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md (0.2.0; 0.0.1 named its
products and vulnerabilities by texts alone, which are read too).
"""

from collections.abc import Iterator, Mapping

from lading.findings.exceptions import JUSTIFICATIONS
from lading.findings.vex.statement import STATUSES, Product, Read, Statement, unusable
from lading.findings.vex.tree import dicts, hashes, member, moment, text, texts, version
from lading.model.decision import Decision


def is_one(tree: Mapping[str, object]) -> bool:
    """Say whether the document is OpenVEX, by its context."""
    return (text(tree, "@context") or "").startswith("https://openvex.dev/ns")


def read(tree: Mapping[str, object], file: str) -> Read:
    """Return the statements; what the document says for all of them holds where they are silent."""
    statements: list[Statement] = []
    failed: list[Decision] = []
    for number, one in enumerate(dicts(tree, "statements"), 1):
        source = f"{file}#{number}"
        names = tuple(_names(one))
        reason = _wrong(one, names)
        about = f"{', '.join(names[:1]) or 'no vulnerability'} {text(one, 'status') or ''}".strip()
        if reason is not None:
            failed.append(unusable(source, about, reason))
            continue
        stated = text(one, "timestamp") or text(tree, "last_updated") or text(tree, "timestamp")
        statements.append(
            Statement(
                source=source,
                document=text(tree, "@id") or file,
                version=version(member(tree, "version")),
                names=names,
                status=text(one, "status") or "",
                products=tuple(_products(one)),
                stated=moment(stated),
                author=text(one, "supplier") or text(tree, "author") or file,
                justification=text(one, "justification"),
                impact=text(one, "impact_statement"),
            )
        )
    return Read(statements=tuple(statements), unusable=tuple(failed))


def _wrong(one: Mapping[str, object], names: tuple[str, ...]) -> str | None:
    status, justification = text(one, "status"), text(one, "justification")
    if not names:
        return "it names no vulnerability"
    if status not in STATUSES:
        return f"its status is none of {', '.join(STATUSES)}"
    if justification is not None and justification not in JUSTIFICATIONS:
        return f"its justification is none of {', '.join(JUSTIFICATIONS)}"
    if status == "not_affected" and not justification and not text(one, "impact_statement"):
        return "it says not_affected without a justification or an impact statement"
    if not list(_products(one)):
        return "it names no product, so nobody knows what it is about"
    return None


def _names(one: Mapping[str, object]) -> Iterator[str]:
    if (name := text(one, "vulnerability")) is not None:
        yield name
    if (name := text(one, "vulnerability", "name")) is not None:
        yield name
    yield from texts(one, "vulnerability", "aliases")
    id = text(one, "vulnerability", "@id")
    if id is not None:
        yield id.rstrip("/").rpartition("/")[2]


def _products(one: Mapping[str, object]) -> Iterator[Product]:
    whole = tuple(Product(ids=(part,)) for part in texts(one, "subcomponents"))
    for id in texts(one, "products"):
        yield Product(ids=(id,), parts=whole)
    for product in dicts(one, "products"):
        parts = tuple(_product(part) for part in dicts(product, "subcomponents"))
        yield _product(product, parts or whole)


def _product(tree: Mapping[str, object], parts: tuple[Product, ...] = ()) -> Product:
    named = (text(tree, "@id"), text(tree, "identifiers", "purl"))
    found = member(tree, "hashes")
    return Product(
        ids=tuple(dict.fromkeys(one for one in named if one)),
        hashes=hashes(found) if isinstance(found, dict) else (),
        parts=parts,
    )
