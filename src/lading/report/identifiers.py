"""Names of vulnerabilities to what other tools know them by: a kind, a page, a lasting fingerprint.

A fingerprint is of the vulnerability and the package, not of its version, layer or image: after a
rebuild, the same finding has the same one, and what somebody decided of it lasts.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from lading.model.finding import Finding
from lading.model.package import Package

_PAGES = (
    (re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}"), "cve", "https://nvd.nist.gov/vuln/detail/"),
    (re.compile(r"GHSA(-[0-9a-z]{4}){3}"), "ghsa", "https://github.com/advisories/"),
    (re.compile(r"[A-Z][A-Z]{1,15}-[A-Za-z0-9][A-Za-z0-9:.-]{2,60}"), "osv", "https://osv.dev/vulnerability/"),
)  # fmt: skip
_WEAKNESS = re.compile(r"CWE-([0-9]{1,6})")
_WEB = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~%!$'()*+,;=:@/?#&-]*)?")
_LONGEST = 2000  # characters of a link
_VERBATIM = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/!+@=,")


def kind_of(id: str) -> str:
    """Return `cve`, `ghsa`, `osv`, or `advisory` for an identifier of no known form."""
    return next((kind for form, kind, _ in _PAGES if form.fullmatch(id)), "advisory")


def page_of(id: str) -> str | None:
    """Return the web page about a vulnerability; None for an identifier of no known form."""
    return next((page + id for form, _, page in _PAGES if form.fullmatch(id)), None)


def weakness_of(id: str) -> str | None:
    """Return the number of a CWE, None for what is none."""
    found = _WEAKNESS.fullmatch(id)
    return found.group(1) if found else None


def links(texts: Iterable[str]) -> tuple[str, ...]:
    """Return those texts that are links to web pages, and nothing else that could be followed."""
    return tuple(text for text in texts if len(text) <= _LONGEST and _WEB.fullmatch(text))


def relative_uri(path: str) -> str:
    """Return the path as a relative reference: https://www.rfc-editor.org/rfc/rfc3986#section-4.2."""
    parts = [part for part in path.split("/") if part not in ("", ".", "..")]
    data = "/".join(parts).encode(errors="surrogateescape")
    return "".join(chr(byte) if byte in _VERBATIM else f"%{byte:02X}" for byte in data) or "unknown"


def fingerprints(findings: Iterable[Finding], packages: Mapping[str, Package]) -> tuple[str, ...]:
    """Return one for each finding, in order, 64 hexadecimal digits; no two are the same."""
    seen: Counter[tuple[str, ...]] = Counter()
    found = []
    for finding in findings:
        about = _lasting(finding, packages.get(finding.package))
        seen[about] += 1
        again = (str(seen[about]),) if seen[about] > 1 else ()
        text = "\0".join((*about, *again))
        found.append(hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest())
    return tuple(found)


def _lasting(finding: Finding, package: Package | None) -> tuple[str, ...]:
    if package is None:
        return finding.id, finding.package
    path = package.paths[0] if package.paths else ""
    if package.version:  # /site-packages/Django-3.2.1.dist-info
        path = path.replace(package.version, "*")
    return finding.id, package.type, package.name, package.arch or "", path
