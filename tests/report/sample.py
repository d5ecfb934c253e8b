"""One result with something of everything, for the golden files."""

from datetime import UTC, datetime

from builders import a_finding, a_result
from lading.model.advisory import Epss, Kev, Vector
from lading.model.finding import (
    AdvisoryRef,
    Fix,
    FixState,
    Kind,
    Severity,
    Status,
    Suppression,
)
from lading.model.image import BaseImage, Image, Layer, System
from lading.model.package import Certainty, Evidence, Package, SourcePackage
from lading.model.problem import Problem, Stage
from lading.model.result import (
    Advisories,
    Breach,
    Coverage,
    FeedAge,
    Unexplained,
    Unmatched,
    Verdict,
)

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)

_SITE = "/usr/local/lib/python3.12/site-packages"

DJANGO = Package(
    id="pypi/django@3.2.1",
    type="pypi",
    name="Django",
    version="3.2.1",
    purl="pkg:pypi/django@3.2.1",
    paths=(
        f"{_SITE}/Django-3.2.1.dist-info/METADATA",
        f"{_SITE}/Django-3.2.1.dist-info/RECORD",
    ),
    layer=2,
    licenses=("BSD-3-Clause",),
)
OPENSSL = Package(
    id="deb/libssl3@3.0.11-1~deb12u2",
    type="deb",
    name="libssl3",
    version="3.0.11-1~deb12u2",
    purl="pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64",
    paths=("/var/lib/dpkg/status",),
    arch="amd64",
    source=SourcePackage(name="openssl", version=None),
    layer=0,
    depends_on=("deb/libc6@2.36-9",),
    vendor="Debian OpenSSL Team",
)
LIBC = Package(
    id="deb/libc6@2.36-9",
    type="deb",
    name="libc6",
    version="2.36-9",
    purl="pkg:deb/debian/libc6@2.36-9?arch=amd64",
    paths=("/var/lib/dpkg/status",),
    arch="amd64",
    layer=0,
)
LOG4J = Package(
    id="maven/log4j-core@2.14.1",
    type="maven",
    name="org.apache.logging.log4j:log4j-core",
    version="2.14.1",
    purl="pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
    paths=("/app/service.jar!/BOOT-INF/lib/log4j-core-2.14.1.jar",),
    evidence=Evidence.BUNDLED,
    certainty=Certainty.INFERRED,
    hashes=("sha256:" + "ab" * 32,),
    layer=2,
)
NAMELESS = Package(
    id="npm/colors", type="npm", name="colors", version=None, paths=("/app/colors/package.json",)
)

IMAGE = Image(
    reference="registry.example/shop/web:1.4",
    digest="sha256:" + "5a" * 32,
    config_digest="sha256:" + "6b" * 32,
    platform="linux/amd64",
    created="2026-01-02T03:04:05Z",
    os=System(
        id="debian",
        version_id="12",
        pretty_name="Debian GNU/Linux 12 (bookworm)",
        end_of_life="2028-06-30",
        supported=True,
    ),
    base=BaseImage(name="debian:12", digest=None, layers=1),
    layers=(
        Layer(index=0, digest=None, diff_id="sha256:" + "01" * 32, size=None, created_by=None),
        Layer(
            index=2,
            digest="sha256:" + "02" * 32,
            diff_id="sha256:" + "03" * 32,
            size=123_456,
            created_by="RUN pip install --no-cache-dir -r requirements.txt",
        ),
    ),
)

FINDINGS = (
    a_finding(
        "CVE-2023-5678",
        package=OPENSSL.id,
        severity=Severity.MEDIUM,
        score=5.3,
        fix=Fix(state=FixState.WONT_FIX),
        title="Slow key generation",
    ),
    a_finding(
        "CVE-2024-0001",
        package=OPENSSL.id,
        severity=Severity.UNKNOWN,
        score=None,
        fix=Fix(state=FixState.UNKNOWN),
        status=Status.UNKNOWN,
        rule="the advisory's version ?! is no deb version",
    ),
    a_finding(
        "CVE-2021-44228",
        package=LOG4J.id,
        severity=Severity.CRITICAL,
        score=10.0,
        fixed=("2.15.0",),
        aliases=("GHSA-jfh8-c2jp-5v3q",),
        vectors=(
            Vector(
                source="GHSA-jfh8-c2jp-5v3q",
                vector="CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
                score=10.0,
            ),
        ),
        advisories=(AdvisoryRef(id="GHSA-jfh8-c2jp-5v3q", source="osv/Maven", modified=None),),
        kev=Kev(added="2021-12-10", due="2021-12-24", ransomware=True),
        epss=Epss(score=0.97, percentile=0.999, as_of="2026-01-09"),
        cwes=("CWE-502",),
        references=("https://example.com/log4j",),
        published="2021-12-10T00:00:00Z",
        layer=2,
        title="Lookups in logged text load code from a server that the text names",
    ),
    a_finding(
        "MAL-2022-1",
        package=NAMELESS.id,
        severity=Severity.CRITICAL,
        score=None,
        fixed=(),
        kind=Kind.MALICIOUS,
        layer=None,
        installed=None,
    ),
    a_finding(
        "CVE-2021-35042",
        package=DJANGO.id,
        severity=Severity.CRITICAL,
        score=9.8,
        fixed=("3.2.5",),
        layer=2,
        title="Text that a visitor controls reaches the order of a query",
    ),
    a_finding(
        "CVE-2024-27351",
        package=DJANGO.id,
        severity=Severity.MEDIUM,
        score=5.3,
        fixed=("3.2.25", "4.2.11", "5.0.3"),
        layer=2,
    ),
    a_finding(
        "CVE-2022-0002",
        package=DJANGO.id,
        severity=Severity.LOW,
        score=3.1,
        fix=Fix(state=FixState.DEFERRED),
        status=Status.UNDER_INVESTIGATION,
        layer=2,
    ),
    a_finding(
        "CVE-2020-9999",
        package=LIBC.id,
        suppressed=Suppression(by="ops", reason="not built in", until="2026-06-01"),
    ),
)

SCAN = a_result(
    target="registry.example/shop/web:1.4",
    image=IMAGE,
    packages=(LIBC, OPENSSL, LOG4J, NAMELESS, DJANGO),
    findings=tuple(sorted(FINDINGS, key=lambda found: (found.package, found.id))),
    advisories=Advisories(
        built="2026-01-09T00:00:00Z",
        partial=True,
        feeds=(
            FeedAge(
                name="debian/bookworm",
                records=45_000,
                as_of="2025-11-01T00:00:00Z",
                age_hours=1692.0,
                stale=True,
            ),
            FeedAge(
                name="osv/PyPI",
                records=12_345,
                as_of="2026-01-10T06:00:00Z",
                age_hours=6.0,
                stale=False,
            ),
        ),
    ),
    problems=(
        Problem(
            stage=Stage.CATALOG,
            path="/app/broken.jar",
            reason="the central directory is truncated",
            effect="packages inside it are missing",
        ),
    ),
    coverage=Coverage(
        files=1234,
        executables=210,
        explained=209,
        unexplained=(Unexplained(path="/usr/local/bin/agent", layer=2, size=9_000, kind="elf"),),
        unmatched=(Unmatched(package=NAMELESS.id, reason="its version is not known"),),
        notes=("the feed debian/bookworm is older than 7 days",),
    ),
    verdict=Verdict(
        passed=False,
        breaches=(
            Breach(finding=f"CVE-2021-35042 {DJANGO.id}", coverage=None, rule="fail on critical"),
            Breach(finding=f"CVE-2021-44228 {LOG4J.id}", coverage=None, rule="fail on critical"),
            Breach(finding=None, coverage="debian/bookworm", rule="feeds at most 7 days old"),
        ),
    ),
    config="lading.toml",
)

INVENTORY = a_result(
    target="registry.example/shop/web:1.4",
    image=IMAGE,
    packages=SCAN.packages,
    findings=None,
    coverage=SCAN.coverage,
)
