"""What real records of every feed say of packages: one case for each thing that feeds can say."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lading.advisories.database import Database
from lading.advisories.importing import import_paths
from lading.advisories.writer import Writer
from lading.matching import match
from lading.model.match import Answer, Match
from lading.model.package import Package, Release, SourcePackage
from shared_data import needs_shared, shared

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(240), needs_shared]

YES, NO, DOUBT = Answer.AFFECTED, Answer.NOT_AFFECTED, Answer.UNKNOWN
_FEEDS = (
    "samples/alpine-osv", "samples/alpine-secdb-newer", "samples/amazon-updateinfo",
    "samples/azure-oval-3.0-with-unfixed", "samples/debian-tracker", "samples/oracle-oval",
    "samples/redhat-osv", "samples/redhat-vex", "samples/rocky-osv", "samples/suse-csaf-vex",
    "samples/ubuntu-osv", "samples/ubuntu-vex", "osv/AlmaLinux:8", "osv/Go", "osv/crates.io",
    "osv/npm", "osv/PyPI", "osv/Maven", "osv/Packagist", "osv/RubyGems", "osv/NuGet",
    "wolfi-secdb",
)  # fmt: skip


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("advisories") / "a.db"
    with Writer(path) as writer:
        import_paths([shared("advisories", *name.split("/")) for name in _FEEDS], writer)
    return path


_CODENAMES = {"sid": "sid", "forky": "forky"}
_LIKE: Mapping[str, Mapping[str, Any]] = {
    "pop": {"id_like": ("ubuntu", "debian")},
    "raspbian": {"id_like": ("debian",), "codename": "bookworm"},
}


def a_release(text: str) -> Release:
    """Of "debian 12"; "debian sid" has a codename and no number."""
    id, _, number = text.partition(" ")
    facts: dict[str, Any] = dict(_LIKE.get(id, {}))
    if number in _CODENAMES:
        return Release(id=id, codename=number, path="/etc/os-release")
    return Release(id=id, version_id=number or None, path="/etc/os-release", **facts)


def said(database: Path, package: Package, release: str, record: str) -> list[Match]:
    with Database.open(database) as opened:
        found = match(
            [package],
            a_release(release) if release else None,
            opened.candidates_for,
            opened.ecosystems(),
            everything=True,
        )
    return [one for one in found.matches if one.candidate.advisory == record]


def decided(matches: list[Match]) -> Match:
    """The one that counts: affected before unknown before not affected."""
    assert matches, "the record is not held against the package at all"
    return min(matches, key=lambda one: (YES, DOUBT, NO).index(one.answer))


def a_package(text: str, **facts: Any) -> Package:
    """Of "deb bash 5.2-1"."""
    type, name, version = text.split(" ", 2)
    return Package(type=type, name=name, version=version, paths=("/db",), id=text, **facts)


def of(name: str, version: str | None = None) -> dict[str, Any]:
    return {"source": SourcePackage(name=name, version=version)}


@pytest.mark.parametrize(
    ("release", "package", "facts", "record", "answer", "rule"),
    [
        # Debian: source packages, states.
        pytest.param(
            "debian 12", "deb libsope1 5.8.0-1", of("sope"), "DEBIAN-CVE-2025-53603", YES,
            "5.8.0-1 is below 5.8.0-1+deb12u1 (deb), by its source package sope",
            id="a binary by its source",
        ),
        pytest.param(
            "debian 12", "deb libsope1 5.8.0-1+deb12u1", of("sope"), "DEBIAN-CVE-2025-53603", NO,
            "5.8.0-1+deb12u1 is not below 5.8.0-1+deb12u1 (deb)", id="fixed in this release",
        ),
        pytest.param(
            "debian 12", "deb libsope1 5.8.0-1+b1", of("sope", "5.8.0-1"),
            "DEBIAN-CVE-2025-53603", YES, "5.8.0-1 is below",
            id="a rebuild has its source's version",
        ),
        pytest.param(
            "debian 12", "deb sope 5.8.0-1", {}, "DSA-5970-1", YES, "is below 5.8.0-1+deb12u1",
            id="an advisory of Debian",
        ),
        pytest.param(
            "debian 13", "deb sope 5.12.1-1", {}, "DEBIAN-CVE-2025-53603", YES, "is below 5.12.1-2",
            id="another release has another fix",
        ),
        pytest.param(
            "debian sid", "deb sope 5.12.1-2", {}, "DEBIAN-CVE-2025-53603", NO, "is not below",
            id="unstable by its codename",
        ),
        pytest.param(
            "debian 10", "deb chromium 90.0.4430.212-1~deb10u1", {}, "DEBIAN-CVE-2022-0456", YES,
            "the package is no longer supported in this release", id="end of life",
        ),
        pytest.param(
            "debian 9", "deb prototypejs 1.7.1-3", {}, "DEBIAN-CVE-2007-2383", NO,
            "the record says that it is not affected", id="never affected",
        ),
        pytest.param(
            "debian 10", "deb txt2man 1.5.5-4", {}, "DEBIAN-CVE-2013-1444", YES,
            "is below 1.5.5-4.1", id="a revision is below the next",
        ),
        pytest.param(
            "raspbian 12", "deb sope 5.8.0-1", {}, "DEBIAN-CVE-2025-53603", YES,
            "read as Debian:12, since raspbian says that it is like debian", id="a derivative",
        ),
        pytest.param(
            "devuan daedalus", "deb sope 5.8.0-1", {}, "DEBIAN-CVE-2025-53603", YES,
            "read as Debian:12, since devuan daedalus is built on it",
            id="a derivative with names of its own",
        ),
        pytest.param(
            "debian 12", "deb wget 1.21.3-1+deb12u1", {}, "CVE-2024-10524", YES,
            "1.21.3-1+deb12u1 is listed as affected", id="not fixed yet, and listed",
        ),
        pytest.param(
            "debian 12", "deb wget 1.21.3-9", {}, "CVE-2024-10524", YES,
            "affected like every version", id="not fixed yet",
        ),
        # Ubuntu: tiers.
        pytest.param(
            "ubuntu 20.04", "deb libwayland-client0 1.18.0-1", of("wayland"),
            "UBUNTU-CVE-2021-3782", YES, "listed as affected", id="ubuntu by the source",
        ),
        pytest.param(
            "ubuntu 20.04", "deb libwayland-client0 1.18.0-1ubuntu0.1", of("wayland"),
            "UBUNTU-CVE-2021-3782", NO, "is not below 1.18.0-1ubuntu0.1", id="fixed for everybody",
        ),
        pytest.param(
            "ubuntu 22.04", "deb wayland 1.20.0-1", {}, "USN-5614-1", YES, "listed as affected",
            id="a notice of Ubuntu",
        ),
        pytest.param(
            "pop 22.04", "deb wayland 1.20.0-1", {}, "USN-5614-1", YES,
            "read as Ubuntu:22.04, since pop says that it is like ubuntu", id="Pop!_OS",
        ),
        pytest.param(
            "linuxmint 21.3", "deb wayland 1.20.0-1", {}, "USN-5614-1", YES,
            "read as Ubuntu:22.04, since linuxmint 21.3 is built on it", id="Linux Mint",
        ),
        pytest.param(
            "ubuntu 16.04", "deb wayland 1.12.0-1~ubuntu16.04.3", {}, "UBUNTU-CVE-2021-3782", YES,
            "not fixed here: 1.12.0-1~ubuntu16.04.3+esm1 is for those who have esm-infra",
            id="a fix that only esm has is none here",
        ),
        pytest.param(
            "ubuntu 16.04", "deb wayland 1.12.0-1~ubuntu16.04.3+esm1", {}, "UBUNTU-CVE-2021-3782",
            NO, "is not below 1.12.0-1~ubuntu16.04.3+esm1", id="esm, installed",
        ),
        pytest.param(
            "ubuntu 18.04", "deb netty 1:4.1.7-4", {}, "UBUNTU-CVE-2022-24823", YES,
            "not fixed here: 1:4.1.7-4ubuntu0.1+esm3 is for those who have esm-apps",
            id="the universe's tier",
        ),
        pytest.param(
            "ubuntu 18.04", "deb netty 1:4.1.7-4ubuntu0.1+esm2", {}, "UBUNTU-CVE-2022-24823", YES,
            "1:4.1.7-4ubuntu0.1+esm2 is listed as affected", id="esm, an older one",
        ),
        pytest.param(
            "ubuntu 16.04", "deb curl 7.47.0-1ubuntu2.19", {}, "UBUNTU-CVE-2023-38545", NO,
            "not affected, as esm-infra has it",
            id="what is out of support is known by the tier that goes on looking",
        ),
        pytest.param(
            "ubuntu 14.04", "deb tpp 1.3.1-2", {}, "UBUNTU-CVE-2013-2208", NO,
            "the record was withdrawn", id="withdrawn",
        ),
        # Alpine, Wolfi.
        pytest.param(
            "alpine 3.16.2", "apk apache2-utils 2.4.34-r0", of("apache2"), "ALPINE-CVE-2018-11763",
            YES, "is below 2.4.35-r0 (apk), by its source package apache2", id="the origin",
        ),
        pytest.param(
            "alpine 3.16.2", "apk apache2 2.4.35-r0", {}, "ALPINE-CVE-2018-11763", NO,
            "is not below", id="alpine, fixed",
        ),
        pytest.param(
            "alpine edge", "apk aom 3.1.1_rc1-r0", {}, "ALPINE-CVE-2021-30473", YES,
            "is below 3.1.1-r0", id="edge, and a release candidate",
        ),
        pytest.param(
            "alpine 3.2.0", "apk bash 4.3.33-r1", {}, "ALPINE-CVE-2016-9401", YES, "4.3.33-r2",
            id="a revision of an apk",
        ),
        pytest.param(
            "alpine 3.21.2", "apk openvpn 2.6.6-r0", {}, "ALPINE-CVE-2023-46850", YES,
            "2.6.6-r0 is listed as affected", id="listed, and within a range",
        ),
        pytest.param(
            "wolfi", "apk apache2-utils 2.4.62-r0", of("apache2"), "WOLFI-CVE-1999-0236", YES,
            "by its source package apache2", id="wolfi by the origin",
        ),
        pytest.param(
            "wolfi", "apk apache2 2.4.63-r1", {}, "WOLFI-CVE-1999-0236", NO, "is not below",
            id="wolfi, fixed",
        ),
        # rpm: names, epochs, modules, architectures, tiers.
        pytest.param(
            "amzn 2023", "rpm rsyslog 8.2204.0-3.amzn2023.0.1", {"arch": "x86_64"},
            "ALAS2023-2023-001", YES, "is below 0:8.2204.0-3.amzn2023.0.2", id="no epoch is zero",
        ),
        pytest.param(
            "amzn 2023", "rpm rsyslog 8.2204.0-3.amzn2023.0.1", {"arch": "riscv64"},
            "ALAS2023-2023-001", NO,
            "the record is about aarch64, i686, x86_64, and this is riscv64",
            id="another architecture",
        ),
        pytest.param(
            "amzn 2023", "rpm rsyslog-thing 8.2204.0-3.amzn2023.0.1", {"arch": "noarch"} | of(
                "rsyslog", "8.2204.0-3.amzn2023.0.1"
            ), "ALAS2023-2023-001", NO,
            "the record is about the installed package rsyslog, and this is rsyslog-thing",
            id="a sibling of an installed package",
        ),
        pytest.param(
            "amzn 2018.03", "rpm httpd-devel 2.2.21-1.17.amzn1", {"arch": "i686"}, "ALAS-2011-1",
            YES, "is below 0:2.2.21-1.18.amzn1", id="amazon, the first",
        ),
        pytest.param(
            "amzn 2", "rpm kernel 4.9.75-1.amzn2", {"arch": "x86_64"}, "ALAS2-2018-939", YES,
            "is below 0:4.9.76-38.79.amzn2", id="amazon 2",
        ),
        pytest.param(
            "amzn 2", "rpm kernel 4.14.355-1.amzn2", {"arch": "x86_64"},
            "ALAS2KERNEL-5.15-2022-001", NO,
            "the record is about builds of kernel-5.15, and this is none",
            id="an extra is beside what everybody has",
        ),
        pytest.param(
            "amzn 2", "rpm kernel 5.15.40-1.amzn2",
            {"arch": "x86_64", "repository": "amzn2extra-kernel-5.15"},
            "ALAS2KERNEL-5.15-2022-001", YES, "is below 0:5.15.43-20.123.amzn2",
            id="an extra, by its repository",
        ),
        pytest.param(
            "amzn 2", "rpm bpftool 5.15.40-1.amzn2", {"arch": "x86_64"},
            "ALAS2KERNEL-5.15-2022-001", YES, "is below", id="what only an extra has",
        ),
        pytest.param(
            "ol 8.7", "rpm hivex 1.3.18-20.module+el8.6.0+1+1", {"arch": "noarch"} | {
                "module": "virt:kvm_utils:8060:1"
            }, "ELSA-2023-12342", YES, "is below", id="a module's stream",
        ),
        pytest.param(
            "ol 8.7", "rpm hivex 1.3.18-20.module+el8.6.0+1+1", {"arch": "noarch"} | {
                "module": "virt:ol:8060:1"
            }, "ELSA-2023-12342", NO,
            "the record is about virt:kvm_utils, and this is of virt:ol", id="another stream",
        ),
        pytest.param(
            "ol 8.7", "rpm hivex 1.3.18-20.el8", {"arch": "noarch"}, "ELSA-2023-12342", NO,
            "the record is about the module virt:kvm_utils, and this is of none", id="no module",
        ),
        pytest.param(
            "ol 8.7", "rpm hivex 1.3.18-20.module+el8.6.0+1+1", {"arch": "noarch"},
            "ELSA-2023-12342", YES, "is below", id="a module's build that does not say its stream",
        ),
        pytest.param(
            "ol 5", "rpm bind-libs 9.3.3-7.el5", {"arch": "x86_64"}, "ELSA-2007-0057", YES,
            "9.3.3-7.el5 is below 30:9.3.3-8.el5", id="an epoch that was added with the fix",
        ),
        pytest.param(
            "ol 5", "rpm bind-libs 30:9.3.3-8.el5", {"arch": "x86_64"}, "ELSA-2007-0057", NO,
            "is not below", id="with the epoch",
        ),
        pytest.param(
            "rocky 8.7", "rpm kernel 4.18.0-425.3.1.el8", {}, "RXSA-2023:0101", YES, "is below",
            id="rocky",
        ),
        pytest.param(
            "rocky 9.1", "rpm bcel-javadoc 6.4.1-8.el9", of("bcel", "6.4.1-8.el9"),
            "RLSA-2023:0005", YES, "by its source package bcel; documentation, which holds no code",
            id="documentation is graded, and shown",
        ),
        pytest.param(
            "almalinux 8.4", "rpm nodejs 1:10.24.0-1.el8", {}, "ALSA-2021:0735", NO,
            "the record is about builds of a module", id="not a module's build",
        ),
        pytest.param(
            "almalinux 8.4", "rpm nodejs 1:10.19.0-1.module_el8.3.0+1+1",
            {"module": "nodejs:10:8030:1"}, "ALSA-2021:0735", YES, "is below 1:10.24.0-1.module",
            id="a module's build",
        ),
        pytest.param(
            "azurelinux 3.0", "rpm ceph-common 18.2.0-1.azl3", of("ceph", "18.2.0-1.azl3"),
            "AZL-39076", YES, "by its source package ceph", id="azure by the source",
        ),
        pytest.param(
            "mariner 2.0", "rpm bind 9.16.33-1.cm2", {}, "AZL-13203", YES,
            "not above 0:9.16.33-1.cm2, the last affected", id="the last affected is affected",
        ),
        pytest.param(
            "mariner 2.0", "rpm bind 9.16.34-1.cm2", {}, "AZL-13203", NO,
            "above 0:9.16.33-1.cm2, the last affected", id="above the last affected",
        ),
        pytest.param(
            "mariner 2.0", "rpm glibc 2.35-1.cm2", {}, "AZL-13348", NO,
            "the record says that it is not affected", id="never patchable: not applicable",
        ),
        pytest.param(
            "mariner 2.0", "rpm golang 1.18.8-1.cm2", {}, "AZL-44771", NO,
            "is below 0:1.19.0.cm2", id="before it was introduced",
        ),
        pytest.param(
            "rhel 8.6", "rpm git-lfs 2.13.3-3.el8", {"arch": "x86_64"}, "RHSA-2024:4546", YES,
            "not fixed here: 0:2.13.3-3.el8_6.1 is for those who have", id="an extended update",
        ),
        pytest.param(
            "rhel 8.6", "rpm git-lfs 2.13.3-3.el8_6.1", {"arch": "x86_64"}, "RHSA-2024:4546", NO,
            "is not below", id="an extended update, installed",
        ),
        pytest.param(
            "rhel 9.4", "rpm python3-libs 3.9.18-1.el9", {"arch": "x86_64"} | of(
                "python3.9", "3.9.18-1.el9"
            ), "REDHAT-CVE-2024-6923", YES, "by its source package python3.9",
            id="rhel, a fix without an architecture is of the source",
        ),
        pytest.param(
            "rhel 9.4", "rpm python3-libs 3.9.18-3.el9_4.5", {"arch": "x86_64"} | of(
                "python3.9", "3.9.18-3.el9_4.5"
            ), "REDHAT-CVE-2024-6923", NO, "", id="rhel, that fix",
        ),
        pytest.param(
            "rhel 8.10", "rpm libtiff 4.0.9-31.el8", {"arch": "x86_64"} | of(
                "libtiff", "4.0.9-31.el8"
            ), "REDHAT-CVE-2023-6228", YES, "", id="rhel, before the fix",
        ),
        pytest.param(
            "rhel 8.10", "rpm libtiff 4.0.9-32.el8_10", {"arch": "x86_64"} | of(
                "libtiff", "4.0.9-32.el8_10"
            ), "REDHAT-CVE-2023-6228", NO, "", id="rhel, the fix goes before the word on all",
        ),
        pytest.param(
            "rhel 8.10", "rpm compat-libtiff3 3.9.4-13.el8", {"arch": "x86_64"},
            "REDHAT-CVE-2023-6228", YES, "it will not be fixed (Will not fix)", id="rhel, refused",
        ),
        pytest.param(
            "rhel 7.9", "rpm snakeyaml 1.11-7.el7", {}, "REDHAT-CVE-2022-38752", YES,
            "no longer supported in this release (Out of support scope)", id="rhel, out of scope",
        ),
        pytest.param(
            "rhel 9.2", "rpm libcurl 7.76.1-23.el9_2.3", {"arch": "x86_64"} | of("curl"),
            "REDHAT-CVE-2023-38545", YES, "is below 0:7.76.1-23.el9_2.4", id="rhel, a binary",
        ),
        pytest.param(
            "rhel 9.2", "rpm libcurl 7.76.1-23.el9_2.4", {"arch": "x86_64"} | of("curl"),
            "REDHAT-CVE-2023-38545", NO, "", id="rhel, fixed",
        ),
        pytest.param(
            "rhel 8.8", "rpm libcurl 7.61.1-30.el8", {"arch": "x86_64"} | of("curl"),
            "REDHAT-CVE-2023-38545", NO, "", id="rhel, without the vulnerable code",
        ),
        pytest.param(
            "centos 7", "rpm firefox 115.4.0-1.el7", {"arch": "x86_64", "vendor": "CentOS"},
            "REDHAT-CVE-2023-6212", YES, "since centos 7 is built on it", id="CentOS",
        ),
        pytest.param(
            "rhel 9.6", "rpm podman 5:5.4.0-1.el9", {"arch": "x86_64"}, "REDHAT-CVE-2017-20146",
            NO, "the record says that it is not affected", id="rhel, by the source itself",
        ),
        # Languages.
        pytest.param(
            "", "npm bats-file 0.3.1", {}, "MAL-2022-1471", YES, "affected like every version",
            id="an attack in every version",
        ),
        pytest.param(
            "", "npm fsevents 1.2.11", {}, "MAL-2023-462", NO, "is not below 1.2.11",
            id="an attack that ended",
        ),
        pytest.param(
            "", "npm ansi-regex 6.2.1", {}, "MAL-2025-46966", YES, "6.2.1 is listed as affected",
            id="an attack in one version",
        ),
        pytest.param(
            "", "npm ansi-regex 6.2.2", {}, "MAL-2025-46966", NO,
            "6.2.2 is not among the versions listed", id="an attack, another version",
        ),
        pytest.param(
            "", "golang golang.org/x/net v0.0.0-20190101000000-000000000000", {}, "GO-2020-0014",
            YES, "is below 0.0.0-20190125091013-d26f9f9a57f3", id="a pseudo-version",
        ),
        pytest.param(
            "", "golang golang.org/x/net v0.16.0", {}, "GHSA-qppj-fm5r-hxr3", YES, "below 0.17.0",
            id="go, by GitHub",
        ),
        pytest.param(
            "", "golang github.com/dslipak/pdf v0.0.2", {}, "GO-2026-6115", NO,
            "the record was withdrawn", id="go, withdrawn",
        ),
        pytest.param(
            "", "cargo smallvec 0.5.0", {}, "RUSTSEC-2018-0003", YES,
            "at or above 0.5.0 and below 0.5.1", id="the third of four ranges in one",
        ),
        pytest.param(
            "", "cargo smallvec 0.5.1", {}, "RUSTSEC-2018-0003", NO,
            "not below 0.5.1 and below 0.6.0", id="between two ranges",
        ),
        pytest.param(
            "", "cargo smallvec 0.6.12", {}, "RUSTSEC-2018-0018", YES, "advice, no vulnerability",
            id="advice",
        ),
        pytest.param(
            "", "cargo tokio 1.19.5", {}, "RUSTSEC-2023-0001", YES,
            "at or above 1.19.0 and below 1.20.3", id="a fix on an older branch does not count",
        ),
        pytest.param(
            "", "pypi Jinja2 2.7.2", {}, "PYSEC-2014-82", YES, "2.7.2 is listed as affected",
            id="a range of commits beside one of versions",
        ),
        pytest.param(
            "", "pypi PyYAML 5.1.0", {}, "PYSEC-2020-176", YES, "at or above 5.1 and below 5.2b1",
            id="another spelling of a version",
        ),
        pytest.param(
            "", "pypi PyYAML 5.2b1", {}, "PYSEC-2020-176", NO, "is not below 5.2b1",
            id="a pre-release fixes",
        ),
        pytest.param(
            "", "pypi py 1.11.0", {}, "PYSEC-2022-42969", YES, "listed as affected",
            id="python's last affected",
        ),
        pytest.param(
            "", "pypi aiohttp 3.8.1", {}, "PYSEC-2022-43059", NO, "the record was withdrawn",
            id="python, withdrawn",
        ),
        pytest.param(
            "", "npm 626 1.1.1", {}, "NSWG-ECO-378", YES, "not above 1.1.1, the last affected",
            id="npm's last affected",
        ),
        pytest.param(
            "", "composer Twig/Twig 2.5.0", {}, "FOP-twig-twig-CVE-2019-9942", YES,
            "at or above 2.0.0 and below 2.7.0", id="the second of several ranges",
        ),
        pytest.param(
            "", "composer twig/twig v1.38.0", {}, "FOP-twig-twig-CVE-2019-9942", NO,
            "is not below 1.38.0", id="between several ranges",
        ),
        pytest.param(
            "", "maven org.apache.logging.log4j:log4j-core 2.14.1", {}, "GHSA-7rjr-3q55-vv33", YES,
            "at or above 2.13.0 and below 2.16.0", id="maven",
        ),
        pytest.param(
            "", "maven org.apache.logging.log4j:log4j-core 3.0.0-beta3", {}, "GHSA-3pxv-7cmr-fjr4",
            YES, "listed as affected", id="maven's last affected",
        ),
        pytest.param(
            "", "maven org.apache.logging.log4j:log4j-core ${v}", {}, "GHSA-7rjr-3q55-vv33", DOUBT,
            "is no maven version", id="a version that was never filled in is no pass",
        ),
        pytest.param(
            "", "nuget Microsoft.NETCore.App.Runtime.linux-arm 9.0.5", {}, "GHSA-266m-wp2v-x7mq",
            YES, "below 9.0.6", id="nuget, in any case of letters",
        ),
    ],
)  # fmt: skip
def test_a_record_is_answered_as_its_feed_means_it(
    release: str,
    package: str,
    facts: dict[str, Any],
    record: str,
    answer: Answer,
    rule: str,
    database: Path,
) -> None:
    found = decided(said(database, a_package(package, **facts), release, record))

    assert (found.answer, rule in found.rule) == (answer, True), found.rule


def test_go_s_symbols_are_kept_with_the_match(database: Path) -> None:
    package = a_package("golang golang.org/x/net v0.0.0-20190101000000-000000000000")

    found = decided(said(database, package, "", "GO-2020-0014"))

    assert "golang.org/x/net/html.Parse" in found.candidate.affected.symbols


def test_rust_s_functions_are_kept_with_the_match(database: Path) -> None:
    found = decided(said(database, a_package("cargo smallvec 0.6.9"), "", "RUSTSEC-2019-0009"))

    assert found.candidate.affected.symbols == ("smallvec::SmallVec::grow",)


def test_a_fix_that_is_for_others_is_no_fix(database: Path) -> None:
    package = a_package("deb wayland 1.12.0-1~ubuntu16.04.3")

    found = decided(said(database, package, "ubuntu 16.04", "UBUNTU-CVE-2021-3782"))

    assert found.fixed == ()


# Package, record, versions that it is about, versions that it is not about.
_BOUNDARIES = (
    ("cargo smallvec", "RUSTSEC-2021-0003", "0.6.3 0.6.13 1.0.0 1.6.0", "0.6.2 0.6.14 1.6.1"),
    ("cargo smallvec", "RUSTSEC-2019-0009", "0.6.5 0.6.9", "0.6.4 0.6.10"),
    ("cargo smallvec", "RUSTSEC-2019-0012", "0.6.3", "0.6.2 0.6.10 1.0.0"),
    ("cargo tokio", "RUSTSEC-2021-0072", "0.3.0 1.5.0 1.6.2 1.7.1 1.8.0", "0.2.25 1.5.1 1.8.1"),
    ("cargo tokio", "RUSTSEC-2021-0124", "0.1.14 1.8.3 1.9.0 1.13.0", "0.1.13 1.8.4 1.13.1"),
    ("pypi jinja2", "PYSEC-2014-8", "2.7.1 2.0rc1", "2.7.2 3.0"),
    ("pypi jinja2", "PYSEC-2019-217", "2.10 2.9.6", "2.10.1"),
    ("pypi jinja2", "PYSEC-2019-220", "2.8", "2.8.1 2.9"),
    ("pypi pyyaml", "PYSEC-2018-49", "3.13", "5.1 5.1.0 5.4"),
    ("composer twig/twig", "FOP-twig-twig-2013-04-08", "1.0.0 1.12.2", "0.9.9 1.12.3"),
    ("composer twig/twig", "FOP-twig-twig-CVE-2015-7809", "1.19.0", "1.20.0 2.0.0"),
    ("composer twig/twig", "FOP-twig-twig-CVE-2022-23614", "2.14.10 3.3.7", "1.44.0 2.14.11 3.3.8"),
    (
        "maven org.apache.logging.log4j:log4j-core",
        "GHSA-7rjr-3q55-vv33",
        "2.12.1 2.13.0 2.15.0",
        "2.12.2 2.12.4 2.16.0",
    ),
    ("nuget Microsoft.NETCore.App.Runtime.linux-arm", "GHSA-266m-wp2v-x7mq", "9.0.0", "9.0.6"),
)


@pytest.mark.parametrize(
    ("package", "record", "answer"),
    [
        pytest.param(f"{package} {version}", record, answer, id=f"{package} {version} {record}")
        for package, record, inside, outside in _BOUNDARIES
        for versions, answer in ((inside, YES), (outside, NO))
        for version in versions.split()
    ],
)
def test_a_record_begins_and_ends_exactly_where_it_says(
    package: str, record: str, answer: Answer, database: Path
) -> None:
    assert decided(said(database, a_package(package), "", record)).answer is answer
