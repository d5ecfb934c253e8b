"""What VEX documents say, whatever their form: a status of vulnerabilities in products."""

from dataclasses import dataclass
from datetime import datetime

from lading.findings.ranges import Range
from lading.model.decision import Decision, Outcome

STATUSES = ("not_affected", "fixed", "under_investigation", "affected")
"""From the least cautious to the most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """What a statement is about: an image, or a package, or parts of either."""

    ids: tuple[str, ...]  # package URLs and other names, any of which will do
    hashes: tuple[str, ...] = ()  # "sha256:<hex>"
    range: Range | None = None  # of versions, where no package URL has one
    parts: tuple["Product", ...] = ()  # the parts meant; empty: the whole
    doubt: str | None = None  # why it can never be recognised

    @property
    def label(self) -> str:
        """What to call it."""
        name = next(iter(self.ids), None) or next(iter(self.hashes), "a product without a name")
        return f"{', '.join(part.label for part in self.parts)} in {name}" if self.parts else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement on one vulnerability."""

    source: str  # "<file>#<number>"
    document: str  # its id
    version: tuple[int, ...]  # of the document
    names: tuple[str, ...]  # of the vulnerability, its own first
    status: str  # of STATUSES
    products: tuple[Product, ...]
    stated: datetime | None
    author: str
    justification: str | None = None  # OpenVEX's word
    impact: str | None = None

    @property
    def about(self) -> str:
        """What it says, in short."""
        named = ", ".join(one.label for one in self.products[:3])
        more = f" and {len(self.products) - 3} more" if len(self.products) > 3 else ""
        return f"{self.names[0]} {self.status}: {named}{more}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What was made of a document."""

    statements: tuple[Statement, ...]
    unusable: tuple[Decision, ...] = ()


def unusable(source: str, about: str, reason: str) -> Decision:
    """Return the note on a part that nothing can be made of."""
    return Decision(kind="vex", source=source, about=about, outcome=Outcome.UNUSABLE, reason=reason)
