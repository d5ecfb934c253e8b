"""Azure Linux and CBL-Mariner vulnerability data (OVAL), one document a release.

Feed: https://github.com/microsoft/AzureLinuxVulnerabilityData. One advisory a definition, named
`AZL-<number>` as osv.dev names them, of one vulnerability of one package.
Quirks: the document does not say its release; the versions do (`.azl3`, `.cm2`). `patchable` is
`true`; `false`, where versions up to one are affected and nothing later is known; or `Not
Applicable`, where the package never was affected. A lower bound is given as `greater than`. A name
is that of a source package, or of any rpm.
"""

import re
from collections import Counter

from lading.advisories.format import Extent, Format, Parsed, utc
from lading.advisories.markup import root_of
from lading.advisories.oval import Definition, Document, Statement, parsed, range_of, read
from lading.errors import InvalidRecord
from lading.model.advisory import Advisory, Affected

_DIST = re.compile(r"\.(azl|cm)(\d{1,2})$")
_VULNERABILITY = re.compile(r"CVE-\d{4}-\d{4,19}")
_NUMBER = re.compile(r"oval:[\w.-]+:def:(\d{1,18})")
_DISTRIBUTIONS = {"azl": "azurelinux", "cm": "mariner"}
_STATES = {"true": None, "false": "not-fixed", "not applicable": "not-affected"}
_PRODUCT = re.compile(rb"Azure ?Linux OVAL|CBL-?Mariner OVAL")


def parse(data: bytes, feed: str | None = None, as_of: str | None = None) -> Parsed:
    """Return one advisory a definition; one that cannot be read is rejected alone.

    InvalidRecord for no OVAL document, or one whose release cannot be told.
    """
    document = read(data)
    distribution, release = _release(document)
    feed = feed or f"oval/{distribution}/{release}.0"
    ecosystem = f"Azure Linux:{release}"
    return parsed(
        document, lambda one: _advisory(one, document, feed, ecosystem), feed=feed, as_of=as_of
    )


def _release(document: Document) -> tuple[str, str]:
    """Return the distribution and the release that most versions are built for."""
    found = Counter(
        (tag[1], tag[2])
        for test in document.tests.values()
        for bound in test.bounds
        if (tag := _DIST.search(bound.version))
    )
    if not found:
        raise InvalidRecord("no version in it says which release of Azure Linux it is about")
    (((kind, release), _),) = found.most_common(1)
    return _DISTRIBUTIONS[kind], release


def _advisory(definition: Definition, document: Document, feed: str, ecosystem: str) -> Advisory:
    metadata = definition.metadata
    number = _NUMBER.fullmatch(definition.id)
    if number is None:
        raise InvalidRecord("its id has no number")
    references = [one.attributes for one in metadata.all("reference")]
    names = tuple(dict.fromkeys(one.get("ref_id", "").strip() for one in references))
    if not names or not all(_VULNERABILITY.fullmatch(name) for name in names):
        raise InvalidRecord(f"no vulnerability is named, but {', '.join(names)[:80]!r}")
    patchable = metadata.text_of("patchable")
    if patchable.lower() not in _STATES:
        raise InvalidRecord(f"`patchable` is {patchable[:80]!r}")
    date = utc(metadata.text_of("advisory_date"))
    return Advisory(
        id=f"AZL-{number[1]}",
        feed=feed,
        modified=date,
        published=date,
        upstream=names,
        rating=metadata.text_of("severity").lower() or None,
        references=tuple(url for one in references if (url := one.get("ref_url"))),
        affected=tuple(
            _affected(one, ecosystem, patchable) for one in document.statements(definition)
        ),
    )


def _affected(statement: Statement, ecosystem: str, patchable: str) -> Affected:
    state = _STATES[patchable.lower()]
    return Affected(
        ecosystem=ecosystem,
        name=statement.name,
        ranges=(range_of(statement.bounds),),
        state=state,
        statement=f"patchable: {patchable}" if state is not None else None,
    )


def _claims(head: bytes) -> bool:
    return _PRODUCT.search(head) is not None and root_of(head) == "oval_definitions"


AZURELINUX = Format(name="azurelinux", extent=Extent.FEED, claims=_claims, parse=parse)
