"""Findings and VEX statements to findings with the statements' word, and what became of each.

A statement is about a finding when it names its vulnerability, by id or alias, and its package: by
package URL or hash, or through the image that it lies in. Of several on one finding the newest
decides; of two from the same moment, the later version of one document; else the more cautious, so
that a doubt never hides anything.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from packageurl import PackageURL

from lading.findings.ranges import holds
from lading.findings.scope import is_purl_of, key_of
from lading.findings.vex.statement import STATUSES, Product, Statement
from lading.model.decision import Decision, Outcome, Vex
from lading.model.finding import Finding, Status, Suppression
from lading.model.image import Image
from lading.model.package import Package

_OLDEST = datetime.min.replace(tzinfo=UTC)
_IMAGES = ("pkg:oci/", "pkg:docker/")


def apply_statements(
    findings: Sequence[Finding],
    statements: Sequence[Statement],
    *,
    packages: Mapping[str, Package],
    image: Image,
) -> tuple[tuple[Finding, ...], tuple[Decision, ...]]:
    """Return the findings as the statements leave them, and what became of each statement."""
    index = _Index(findings, packages)
    about: defaultdict[int, list[int]] = defaultdict(list)
    meant: list[list[int]] = []
    for number, statement in enumerate(statements):
        found = sorted(_meant(statement, index, image))
        meant.append(found)
        for one in found:
            about[one].append(number)
    winners = {
        number: max(indexes, key=lambda i: _weight(statements[i], statements, indexes))
        for number, indexes in about.items()
    }
    decided = tuple(
        _decided(finding, statements[winners[n]]) if n in winners else finding
        for n, finding in enumerate(findings)
    )
    told = tuple(
        _told(number, statements, meant[number], about, winners, index)
        for number in range(len(statements))
    )
    return decided, told


def _weight(
    one: Statement, all: Sequence[Statement], rivals: Sequence[int]
) -> tuple[datetime, tuple[int, ...], int]:
    """Return what sorts the deciding statement last."""
    is_one_document = len({all[i].document for i in rivals}) == 1
    version = one.version if is_one_document else ()
    return one.stated or _OLDEST, version, STATUSES.index(one.status)


class _Index:
    """Findings by a name of theirs and by what tells their package; many statements ask."""

    def __init__(self, findings: Sequence[Finding], packages: Mapping[str, Package]) -> None:
        self.findings = findings
        self.packages = packages
        self.by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._by_mark: defaultdict[tuple[str, object], list[int]] = defaultdict(list)
        for number, finding in enumerate(findings):
            package = packages.get(finding.package)
            for name in {one.upper() for one in (finding.id, *finding.aliases)}:
                self.by_name[name].append(number)
                for mark in () if package is None else (key_of(package.purl), *package.hashes):
                    self._by_mark[name, mark].append(number)

    def named(self, statement: Statement) -> list[int]:
        """Return the findings of the statement's vulnerability."""
        names = {one.upper() for one in statement.names}
        return sorted({number for name in names for number in self.by_name.get(name, ())})

    def marked(self, statement: Statement, product: Product) -> set[int]:
        """Return those of them whose package may be the product."""
        marks = (*map(key_of, product.ids), *product.hashes)
        names = {one.upper() for one in statement.names}
        keys = ((name, mark) for name in names for mark in marks if mark is not None)
        return {number for key in keys for number in self._by_mark.get(key, ())}


def _meant(statement: Statement, index: _Index, image: Image) -> set[int]:
    """Return the findings that the statement is about."""
    found: set[int] = set()
    for product in statement.products:
        is_image = _is_image(product, image)
        if is_image and not product.parts:
            listed = index.named(statement)
            found |= {n for n in listed if index.findings[n].package in index.packages}
        for one in product.parts or (product,):
            for number in index.marked(statement, one) - found:
                package = index.packages[index.findings[number].package]
                if _is_package(one, package) and (
                    is_image or not product.parts or _is_held(package, product, index.packages)
                ):
                    found.add(number)
    return found


def _is_held(package: Package, product: Product, packages: Mapping[str, Package]) -> bool:
    return any(_is_package(product, one) for one in _holders(package, packages))


def _holders(package: Package, packages: Mapping[str, Package]) -> list[Package]:
    """Return the packages that it lies in, or was installed by, and theirs."""
    found: dict[str, Package] = {}
    waiting = [package.parent, package.owner]
    while waiting:
        id = waiting.pop()
        holder = packages.get(id) if id is not None else None
        if holder is not None and holder.id not in found:
            found[holder.id] = holder
            waiting += [holder.parent, holder.owner]
    return list(found.values())


def _is_package(product: Product, package: Package) -> bool:
    if product.doubt is not None:
        return False
    is_named = any(is_purl_of(one, package) for one in product.ids if one.startswith("pkg:"))
    if not is_named and not set(product.hashes) & set(package.hashes):
        return False
    return product.range is None or holds(product.range, package.type, package.version) is True


def _is_image(product: Product, image: Image) -> bool:
    if product.doubt is not None or product.range is not None:
        return False
    digests = {one for one in (image.digest, image.config_digest) if one}
    if digests & set(product.hashes):
        return True
    named = {one for one in (image.reference, *digests) if one}
    return any(
        _is_purl_of_image(one, image, digests) if one.startswith(_IMAGES) else one in named
        for one in product.ids
    )


def _is_purl_of_image(text: str, image: Image, digests: set[str]) -> bool:
    """Say whether `pkg:oci/NAME@DIGEST` is the image: by its digest, or by its whole name.

    Types: https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
    """
    try:
        url = PackageURL.from_string(text)
    except ValueError:
        return False
    qualifiers = dict(url.qualifiers)
    if url.version and url.version.startswith("sha256:"):
        return url.version in digests
    if image.reference is None:
        return False
    repository, tag = _repository(image.reference)
    wanted_tag = url.version or qualifiers.get("tag")
    place = qualifiers.get("repository_url")
    name = "/".join(part for part in (url.namespace, url.name) if part)
    is_name = place in (repository, None) and repository.lower().endswith(f"/{name.lower()}")
    is_name |= repository.lower() == name.lower()
    return is_name and wanted_tag in (tag, None)


def _repository(reference: str) -> tuple[str, str | None]:
    name = reference.partition("@")[0]
    head, colon, tag = name.rpartition(":")
    return (head, tag) if colon and "/" not in tag else (name, None)


def _decided(finding: Finding, statement: Statement) -> Finding:
    if statement.status == "under_investigation":
        rule = f"{finding.rule}; under investigation, says {statement.author}"
        return replace(finding, status=Status.UNDER_INVESTIGATION, rule=rule)
    if statement.status == "affected":
        rule = f"{finding.rule}; affected, says {statement.author}"
        return replace(finding, status=Status.AFFECTED, rule=rule)
    words = (statement.justification, statement.impact)
    reason = ": ".join(dict.fromkeys(one for one in words if one))
    stated = _written(statement.stated)
    return replace(
        finding,
        suppressed=Suppression(
            by=statement.author,
            reason=f"{statement.status}{': ' if reason else ''}{reason}",
            until=None,
            vex=Vex(
                status=statement.status,
                justification=statement.justification,
                impact=statement.impact,
                stated=stated,
                source=statement.document,
            ),
        ),
    )


def _told(
    number: int,
    statements: Sequence[Statement],
    mine: Sequence[int],
    about: Mapping[int, Sequence[int]],
    winners: Mapping[int, int],
    index: _Index,
) -> Decision:
    """Return what became of a statement that is about `mine`."""
    one, findings = statements[number], index.findings
    won = [finding for finding in mine if winners[finding] == number]
    if won:
        outcome, reason = Outcome.APPLIED, f"decides {len(won)}"
        beaten = (statements[other] for finding in won for other in about[finding])
        others = sorted({other.source for other in beaten if other.status != one.status})
        if others:
            reason += f"; {', '.join(others[:3])} said otherwise"
    elif mine:
        outcome, reason = Outcome.SUPERSEDED, _why(statements[winners[mine[0]]], one)
    else:
        outcome = Outcome.UNMATCHED
        reason = _unmatched(one, [findings[n] for n in index.named(one)])
    return Decision(
        kind="vex",
        source=one.source,
        about=one.about,
        outcome=outcome,
        reason=reason,
        by=one.author,
        findings=tuple(f"{findings[n].id} {findings[n].package}" for n in mine),
    )


def _why(winner: Statement, loser: Statement) -> str:
    """Return why one statement decided and not the other."""
    told = f"{winner.source} says {winner.status}"
    if winner.stated != loser.stated:
        return f"{told}, and is newer: {_written(winner.stated)}"
    if winner.document == loser.document and winner.version != loser.version:
        return f"{told} in a later version of the document"
    if winner.status != loser.status:
        return f"{told} at the same moment, which is more cautious"
    return f"{told} too"


def _unmatched(one: Statement, findings: Sequence[Finding]) -> str:
    if not findings:
        return f"there is no finding of {' or '.join(one.names[:2])}"
    doubts = [p.doubt for whole in one.products for p in (whole, *whole.parts) if p.doubt]
    if doubts:
        return f"its product cannot be recognised: {doubts[0]}"
    packages = ", ".join(finding.package for finding in findings[:3])
    whole = any(one.parts for one in one.products)
    what = "another product, or another part of it" if whole else "another product or version"
    return f"it is about {what}; the finding is of {packages}"


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else None
