"""A result to what can be told of it as VEX: decisions that say why something is not affected.

Only what somebody said: exceptions with a justification, and statements of VEX documents that were
given. An exception that accepts a risk says nothing of the kind and is left out, and so is what
could be told of one package only by speaking of another too, which has the same package URL.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lading.findings.scope import is_purl_of, key_of
from lading.model.decision import Vex
from lading.model.finding import Finding, Suppression
from lading.model.image import Image
from lading.model.package import Package
from lading.model.result import Result

NOBODY = "nobody"

_Key = tuple[str, str | None, str]
_Namesakes = defaultdict[_Key | None, list[tuple[Package, Suppression | None]]]
"""By what their package URLs have alike: packages with a finding, and what was decided of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was decided of one vulnerability in packages that are told apart by package URL."""

    id: str
    aliases: tuple[str, ...]
    purls: tuple[str, ...]  # sorted
    decision: Suppression
    vex: Vex

    @property
    def notes(self) -> str:
        """Who decided it, from what, and until when."""
        source = f", in {self.vex.source}" if self.vex.source else ""
        until = f"; until {self.decision.until}" if self.decision.until else ""
        return f"decided by {self.decision.by}{source}{until}"

    @property
    def reason(self) -> str | None:
        """The impact in words, where there are any."""
        return self.vex.impact


def told_of(result: Result) -> tuple[Told, ...]:
    """Return what can be told, by vulnerability and decision."""
    packages = {one.id: one for one in result.packages}
    by_id: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in result.findings or ():
        by_id[finding.id].append(finding)
    found: list[Told] = []
    for id, findings in sorted(by_id.items()):
        parts: defaultdict[tuple[Suppression, Vex], set[str]] = defaultdict(set)
        namesakes: _Namesakes = defaultdict(list)
        for finding in findings:
            one = packages.get(finding.package)
            if one is not None:
                namesakes[key_of(one.purl)].append((one, finding.suppressed))
        for finding in findings:
            decision = finding.suppressed
            vex = decision.vex if decision is not None else None
            package = packages.get(finding.package)
            if decision is None or vex is None or package is None:
                continue
            if package.purl and _is_apart(package, namesakes, decision):
                parts[decision, vex].add(package.purl)
        aliases = tuple(sorted({name for one in findings for name in one.aliases} - {id}))
        for (decision, vex), purls in sorted(parts.items(), key=lambda pair: sorted(pair[1])):
            found.append(
                Told(id=id, aliases=aliases, purls=tuple(sorted(purls)), decision=decision, vex=vex)
            )
    return tuple(found)


def _is_apart(package: Package, namesakes: _Namesakes, decision: Suppression) -> bool:
    """Say whether its package URL means no package of which something else was decided."""
    return not any(
        other != decision and is_purl_of(package.purl, one)
        for one, other in namesakes[key_of(package.purl)]
    )


def authors_of(told: Iterable[Told]) -> str:
    """Return who decided, for a document's author."""
    return ", ".join(sorted({one.decision.by for one in told})) or NOBODY


def purl_of_image(image: Image) -> str | None:
    """Return the package URL of an image, by its digest; None for what has none.

    Type: https://github.com/package-url/purl-spec/blob/main/types-doc/oci-definition.md
    """
    from packageurl import PackageURL

    digest = image.digest or image.config_digest
    if digest is None:
        return None
    repository = (image.reference or "").partition("@")[0]
    head, colon, tag = repository.rpartition(":")
    if colon and "/" not in tag:
        repository = head
    name = repository.rpartition("/")[2].lower() or "image"
    place = {"repository_url": repository.lower()} if "/" in repository else {}
    return PackageURL(type="oci", name=name, version=digest, qualifiers=place).to_string()


def stamp(moment: datetime) -> str:
    """Return a time as RFC 3339 UTC, to the second."""
    return moment.replace(microsecond=0).isoformat().replace("+00:00", "Z")


def stated(vex: Vex) -> str | None:
    """Return when it was said, as a time; a day counts from its beginning."""
    if vex.stated is None:
        return None
    return vex.stated if "T" in vex.stated else f"{vex.stated}T00:00:00Z"
