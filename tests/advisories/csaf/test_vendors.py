"""What products are called where packages are looked up."""

import pytest

from lading.advisories.csaf.document import Installed, Product
from lading.advisories.csaf.named import Named
from lading.advisories.csaf.vendors import named

_RHEL = Product("r", cpe="cpe:/o:redhat:enterprise_linux:9::baseos")


def red_hats(id: str, purl: str | None = None, *, within: Product = _RHEL) -> Named | None:
    return named(Installed((Product(id, name=id, purl=purl), within)), versioned=True)


@pytest.mark.parametrize(
    ("id", "purl", "expected"),
    [
        pytest.param(
            "curl-0:7.76.1-26.el9_3.2.aarch64",
            "pkg:rpm/redhat/curl@7.76.1-26.el9_3.2?arch=aarch64",
            Named(
                ecosystem="",
                name="curl",
                version="0:7.76.1-26.el9_3.2",
                arch="aarch64",
                of="binary",
            ),
            id="build",
        ),
        pytest.param(
            "telnet-1:0.17-65.el7_6.src",
            None,
            Named(ecosystem="", name="telnet", version="1:0.17-65.el7_6", of="source"),
            id="source without package URL",
        ),
        pytest.param(
            "samba-0:3.0.10-2.el4_5.2",
            "pkg:rpm/redhat/samba@3.0.10-2.el4_5.2?epoch=0",
            Named(ecosystem="", name="samba", version="0:3.0.10-2.el4_5.2", of="source"),
            id="a fix of no architecture is of the source",
        ),
        pytest.param(
            "curl.src",
            "pkg:rpm/redhat/curl?arch=src",
            Named(ecosystem="", name="curl", of="source"),
            id="source without version",
        ),
        pytest.param("kernel", None, Named(ecosystem="", name="kernel"), id="name alone"),
        pytest.param(
            "ruby-0:3.1.4-142.module+el8.9.0+21471+7d1e4a35.i686::ruby:3.1",
            None,
            Named(
                ecosystem="",
                name="ruby",
                version="0:3.1.4-142.module+el8.9.0+21471+7d1e4a35",
                arch="i686",
                of="binary",
                module="ruby:3.1",
            ),
            id="module behind the id",
        ),
        pytest.param(
            "nodejs:18/nodejs",
            "pkg:rpm/redhat/nodejs?rpmmod=nodejs:18",
            Named(ecosystem="", name="nodejs", of="binary", module="nodejs:18"),
            id="module before the name",
        ),
        pytest.param(
            "python39-0:3.9-8040020240902080505.63cd9eba",
            "pkg:rpm/redhat/python39@3.9-8040020240902080505.63cd9eba?epoch=0",
            Named(
                ecosystem="",
                name="python39:3.9",
                version="8040020240902080505",
                of="module",
                module="python39:3.9",
            ),
            id="build of a module as if it were an rpm",
        ),
        pytest.param(
            "python36:3.6:8040020241213073301:9bf6f064",
            "pkg:rpmmod/redhat/python36@3.6:8040020241213073301:9bf6f064",
            Named(
                ecosystem="",
                name="python36:3.6",
                version="8040020241213073301",
                of="module",
                module="python36:3.6",
            ),
            id="module",
        ),
        pytest.param("x/y-rhel8", "pkg:oci/y-rhel8", None, id="container image"),
        pytest.param("a/b@sha256:00_amd64", None, None, id="container image without URL"),
        pytest.param("gson", "pkg:maven/com.google/gson@1", None, id="artifact of a language"),
    ],
)
def test_red_hats_rpms(id: str, purl: str | None, expected: Named | None) -> None:
    found = red_hats(id, purl)

    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert (found.name, found.version, found.arch) == (
            expected.name,
            expected.version,
            expected.arch,
        )
        assert (found.of, found.module, found.is_rpm) == (expected.of, expected.module, True)


@pytest.mark.parametrize(
    ("cpe", "ecosystem", "tier"),
    [
        ("cpe:/o:redhat:enterprise_linux:9", "Red Hat:enterprise_linux:9", None),
        ("cpe:/a:redhat:rhel_eus:9.2::appstream", "Red Hat:rhel_eus:9.2::appstream", "eus"),
        ("cpe:/a:redhat:rhel_e4s:8.4::appstream", "Red Hat:rhel_e4s:8.4::appstream", "e4s"),
        ("cpe:/a:redhat:openshift:4.16::el9", "Red Hat:openshift:4.16::el9", None),
        ("cpe:/a:redhat:rhel_dotnet:6.0::el7", "Red Hat:rhel_dotnet:6.0::el7", None),
        (
            "cpe:2.3:o:redhat:enterprise_linux:9:*:baseos:*:*:*:*:*",
            "Red Hat:enterprise_linux:9::baseos",
            None,
        ),
        ("cpe:2.3:a:redhat:satellite:6:*:*:*:*:*:*:*", "Red Hat:satellite:6", None),
    ],
)
def test_red_hats_ecosystems_are_their_cpes(cpe: str, ecosystem: str, tier: str | None) -> None:
    found = red_hats("curl", within=Product("r", cpe=cpe))

    assert found is not None
    assert (found.ecosystem, found.tier) == (ecosystem, tier)


def test_red_hats_rpms_are_of_the_module_that_they_are_part_of() -> None:
    module = Product("m", purl="pkg:rpmmod/redhat/python36@3.6:8040020241213073301:9bf6f064")
    rpm = Product("nose-0:1.3.7-30.noarch", name="nose")

    found = named(Installed((rpm, module, _RHEL)), versioned=True)

    assert found is not None
    assert (found.name, found.module) == ("nose", "python36:3.6")


@pytest.mark.parametrize(
    ("platform", "name", "versioned", "expected"),
    [
        (
            "openSUSE Tumbleweed",
            "ctdb-4.19.2+git.322-1.1",
            True,
            ("openSUSE:Tumbleweed", "ctdb", "4.19.2+git.322-1.1", None, "binary"),
        ),
        (
            "SUSE Linux Enterprise Server 15 SP6",
            "samba-devel-4.15-150400.3.x86_64",
            True,
            (
                "SUSE:Linux Enterprise Server 15 SP6",
                "samba-devel",
                "4.15-150400.3",
                "x86_64",
                "binary",
            ),
        ),
        (
            "SUSE Linux Enterprise Module for Basesystem 15 SP4",
            "libfoo0-32bit",
            False,
            (
                "SUSE:Linux Enterprise Module for Basesystem 15 SP4",
                "libfoo0-32bit",
                None,
                None,
                None,
            ),
        ),
        ("SUSE Manager 4", "without-version", True, None),
        ("SUSE Manager 4", "suse/sles/15:latest", False, None),
    ],
)
def test_suses_products_are_their_ecosystems(
    platform: str, name: str, versioned: bool, expected: tuple[str | None, ...] | None
) -> None:
    chain = (Product(name, name=name), Product(platform, name=platform))

    found = named(Installed(chain), versioned=versioned)

    parts = found and (found.ecosystem, found.name, found.version, found.arch, found.of)
    assert parts == expected


@pytest.mark.parametrize(
    ("purl", "ecosystem", "name", "version"),
    [
        ("pkg:pypi/acme-tool@1.2", "PyPI", "acme-tool", "1.2"),
        ("pkg:npm/%40acme/ui@1.2", "npm", "@acme/ui", "1.2"),
        ("pkg:maven/com.acme/tool@1.2", "Maven", "com.acme:tool", "1.2"),
        ("pkg:golang/acme.example/a/b@v1.2", "Go", "acme.example/a/b", "v1.2"),
        ("pkg:deb/debian/acme@1.2-1?distro=debian-12", "Debian:12", "acme", "1.2-1"),
        ("pkg:apk/alpine/acme@1.2-r0?distro=alpine-3.19.1", "Alpine:v3.19", "acme", "1.2-r0"),
        ("pkg:rpm/acme/acme@1-2?epoch=3&distro=almalinux-9.4", "AlmaLinux:9", "acme", "3:1-2"),
        ("pkg:apk/wolfi/acme@1-r0", "Wolfi", "acme", "1-r0"),
    ],
)
def test_others_are_named_by_their_package_url(
    purl: str, ecosystem: str, name: str, version: str
) -> None:
    found = named(Installed((Product("p", purl=purl),)), versioned=True)

    assert found is not None
    assert (found.ecosystem, found.name, found.version) == (ecosystem, name, version)


@pytest.mark.parametrize(
    "purl",
    [None, "", "pkg:", "pkg:pypi", "acme", "pkg:oci/acme@1", "pkg:rpm/acme@1", "pkg:deb/debian/a"],
)  # fmt: skip
def test_what_has_no_place_among_packages_has_no_name(purl: str | None) -> None:
    assert named(Installed((Product("p", purl=purl),)), versioned=True) is None
