"""CSAF documents (advisories and VEX) to what they say of each product.

Format: https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html, and what 2.1 renamed. The
product tree lists products and components, and relationships put one into the other, over several
steps (package in module in repository); vulnerabilities give each a status, and remedies, flags and
threats their reasons. `vendors` knows what a product is called elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Annotated, NamedTuple

import msgspec

from lading.errors import InvalidRecord

_DEEPEST = 16  # products inside one another
_Text = Annotated[str, msgspec.Meta(max_length=4096)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=2048)]


class _Helper(msgspec.Struct):
    cpe: _Text | None = None
    purl: _Text | None = None
    purls: list[_Text] | None = None


class _Product(msgspec.Struct):
    product_id: _Id
    name: _Text = ""
    product_identification_helper: _Helper | None = None


class _Branch(msgspec.Struct):
    category: _Text = ""
    name: _Text = ""
    product: _Product | None = None
    branches: "list[_Branch] | None" = None


class _Relationship(msgspec.Struct):
    product_reference: _Id
    relates_to_product_reference: _Id
    full_product_name: _Product


class _Group(msgspec.Struct):
    group_id: _Id
    product_ids: list[_Id] | None = None


class _Tree(msgspec.Struct):
    branches: list[_Branch] | None = None
    full_product_names: list[_Product] | None = None
    relationships: list[_Relationship] | None = None
    product_groups: list[_Group] | None = None


class Note(msgspec.Struct):
    """A remedy, a flag or a threat, and the products that it is about."""

    category: _Text = ""
    label: _Text = ""  # of a flag
    details: str = ""
    url: _Text | None = None
    product_ids: list[_Id] | None = None
    group_ids: list[_Id] | None = None


class _Cvss(msgspec.Struct):
    vectorString: _Text | None = None  # noqa: N815  the format's own name


class Score(msgspec.Struct):
    """The severity for some products."""

    cvss_v2: _Cvss | None = None
    cvss_v3: _Cvss | None = None
    cvss_v4: _Cvss | None = None
    content: "Score | None" = None  # in 2.1, where scores are called metrics


class Reference(msgspec.Struct):
    """Where to read more."""

    url: _Text | None = None


class _Cwe(msgspec.Struct):
    id: _Text | None = None


class Vulnerability(msgspec.Struct):
    """What the document says of one vulnerability."""

    cve: _Text | None = None
    product_status: dict[str, list[_Id]] | None = None
    remediations: list[Note] | None = None
    flags: list[Note] | None = None
    threats: list[Note] | None = None
    scores: list[Score] | None = None
    metrics: list[Score] | None = None
    cwe: _Cwe | None = None
    cwes: list[_Cwe] | None = None
    references: list[Reference] | None = None


class _Publisher(msgspec.Struct):
    name: _Text = ""
    namespace: _Text = ""


class _Tracking(msgspec.Struct):
    id: _Id
    status: _Text = ""
    initial_release_date: _Text | None = None
    current_release_date: _Text | None = None


class _Severity(msgspec.Struct):
    text: _Text = ""


class Header(msgspec.Struct):
    """Whose document it is, which, and of when."""

    tracking: _Tracking
    category: _Text = ""
    title: _Text = ""
    publisher: _Publisher | None = None
    aggregate_severity: _Severity | None = None
    references: list[Reference] | None = None


class _Document(msgspec.Struct):
    document: Header
    product_tree: _Tree | None = None
    vulnerabilities: list[Vulnerability] | None = None


_decode = msgspec.json.Decoder(_Document).decode


@dataclass(frozen=True, slots=True)
class Product:
    """One entry of the product tree."""

    id: str
    name: str = ""
    cpe: str | None = None
    purl: str | None = None
    vendor: str = ""  # the branches that it is under, by category
    family: str = ""  # of category product_name
    version: str = ""  # of category product_version
    span: str = ""  # of category product_version_range
    arch: str = ""


class Installed(NamedTuple):
    """A product as part of others: the package first, what it is installed in last."""

    chain: tuple[Product, ...]

    @property
    def component(self) -> Product:
        return self.chain[0]

    @property
    def platform(self) -> Product:
        return self.chain[-1]


class Csaf:
    """A document with its products resolved; InvalidRecord for what is none."""

    def __init__(self, data: bytes) -> None:
        try:
            document = _decode(data)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise InvalidRecord(f"no CSAF document: {error}") from error
        tree = document.product_tree or _Tree()
        self.header = document.document
        self.vulnerabilities = tuple(document.vulnerabilities or ())
        self._products = {one.id: one for one in _products(tree)}
        self._parts: dict[str, tuple[str, str]] = {}
        for one in tree.relationships or ():
            part = one.full_product_name
            places = (one.product_reference, one.relates_to_product_reference)
            self._parts[part.product_id] = places
        self._groups = {one.group_id: one.product_ids or [] for one in tree.product_groups or ()}
        self._found: dict[str, tuple[Product, ...]] = {}

    def installed(self, id: str) -> Installed:
        """Return the product; InvalidRecord for one that is nowhere, or is part of itself."""
        return Installed(self._chain(id, 0))

    def _chain(self, id: str, depth: int) -> tuple[Product, ...]:
        known = self._found.get(id)
        if known is not None:
            return known
        part = self._parts.get(id)
        if part is not None and part[0] != id:
            if depth == _DEEPEST:
                raise InvalidRecord(f"product {id[:80]!r} is part of itself, or of too many others")
            chain = (*self._chain(part[0], depth + 1), *self._chain(part[1], depth + 1))
            if len(chain) > _DEEPEST:
                raise InvalidRecord(f"product {id[:80]!r} is part of too many others")
        elif (product := self._products.get(id)) is not None:
            chain = (product,)
        else:
            raise InvalidRecord(f"product {id[:80]!r} is not in the product tree")
        self._found[id] = chain
        return chain

    def of(self, notes: Iterable[Note] | None) -> dict[str, list[Note]]:
        """Return for each product the notes about it, in their order; "" for those about all."""
        found: dict[str, list[Note]] = {}
        for note in notes or ():
            ids = [*(note.product_ids or ())]
            for group in note.group_ids or ():
                ids += self._groups.get(group, ())
            for id in ids or [""]:
                found.setdefault(id, []).append(note)
        return found


def _products(tree: _Tree) -> Iterator[Product]:
    for one in tree.full_product_names or ():
        yield _product(one, {})
    for branch in tree.branches or ():
        yield from _under(branch, {})


def _under(branch: _Branch, above: dict[str, str]) -> Iterator[Product]:
    here = {**above, branch.category: branch.name}
    if branch.product is not None:
        yield _product(branch.product, here)
    for one in branch.branches or ():
        yield from _under(one, here)


def _product(one: _Product, branches: dict[str, str]) -> Product:
    helper = one.product_identification_helper or _Helper()
    purls = [helper.purl] if helper.purl else helper.purls or []
    return Product(
        id=one.product_id,
        name=one.name,
        cpe=helper.cpe,
        purl=purls[0] if purls else None,
        vendor=branches.get("vendor", ""),
        family=branches.get("product_name", ""),
        version=branches.get("product_version", ""),
        span=branches.get("product_version_range", ""),
        arch=branches.get("architecture", ""),
    )
