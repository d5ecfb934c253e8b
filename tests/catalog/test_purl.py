"""Packages to package URLs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packageurl import PackageURL

from lading.catalog.purl import purl_of
from lading.model.package import Package, Release

DEBIAN = Release(id="debian", version_id="12", path="/etc/os-release")


def a_package(type: str, name: str, version: str | None = "1", arch: str | None = None) -> Package:
    return Package(type=type, name=name, version=version, arch=arch, paths=("/x",))


@pytest.mark.parametrize(
    ("package", "purl"),
    [
        (a_package("deb", "dpkg", "1.21:2", "amd64"),
         "pkg:deb/debian/dpkg@1.21:2?arch=amd64&distro=debian-12"),
        (a_package("rpm", "bash", "1:5.2-1", "x86_64"),
         "pkg:rpm/debian/bash@5.2-1?arch=x86_64&distro=debian-12&epoch=1"),
        (a_package("deb", "base", None), "pkg:deb/debian/base?distro=debian-12"),
        (a_package("pypi", "Foo_Bar"), "pkg:pypi/foo-bar@1"),
        (a_package("npm", "@scope/name"), "pkg:npm/%40scope/name@1"),
        (a_package("npm", "name"), "pkg:npm/name@1"),
        (a_package("maven", "org.group:artifact"), "pkg:maven/org.group/artifact@1"),
        (a_package("maven", "artifact"), "pkg:maven/artifact@1"),
        (a_package("golang", "github.com/a/b", "v1.2"), "pkg:golang/github.com/a/b@v1.2"),
        (a_package("golang", "stdlib", "1.20"), "pkg:golang/stdlib@1.20"),
        (a_package("composer", "vendor/name"), "pkg:composer/vendor/name@1"),
        (a_package("gem", "rails"), "pkg:gem/rails@1"),
        (a_package("cargo", "serde", "1.0+x"), "pkg:cargo/serde@1.0%2Bx"),
    ],
)  # fmt: skip
def test_each_type_has_its_form(package: Package, purl: str) -> None:
    assert purl_of(package, DEBIAN) == purl


@pytest.mark.parametrize(
    ("release", "start"),
    [
        (Release(id="rhel", version_id="9.3", path="/"), "pkg:rpm/redhat/x@1?distro=rhel-9.3"),
        (Release(id="opensuse-leap", version_id="15", path="/"),
         "pkg:rpm/opensuse/x@1?distro=opensuse-leap-15"),
        (Release(id="arch", path="/"), "pkg:rpm/arch/x@1?distro=arch"),
        (Release(id="", path="/"), "pkg:rpm/x@1"),
        (None, "pkg:rpm/x@1"),
    ],
)  # fmt: skip
def test_the_distribution_is_the_namespace_and_a_qualifier(
    release: Release | None, start: str
) -> None:
    assert purl_of(a_package("rpm", "x"), release) == start


TYPES = st.sampled_from(["deb", "rpm", "apk", "pypi", "npm", "maven", "golang", "cargo", "generic"])
TEXT = st.text(st.characters(codec=None), max_size=12)  # with lone surrogates


@given(TYPES, TEXT, st.none() | TEXT, st.none() | TEXT, TEXT, st.none() | TEXT)
def test_any_name_gives_a_purl_that_can_be_stored(
    type: str, name: str, version: str | None, arch: str | None, id: str, version_id: str | None
) -> None:
    release = Release(id=id, version_id=version_id, path="/etc/os-release")

    purl = purl_of(a_package(type, name, version, arch), release)

    assert purl.startswith(f"pkg:{type}/")
    assert purl.isascii()


@pytest.mark.parametrize("name", ["", "/", "//", " ", "\n", "@/", ":", "\ud800"])
@pytest.mark.parametrize("type", ["deb", "npm", "maven", "pypi", "golang"])
def test_names_that_are_none_do_no_harm(type: str, name: str) -> None:
    assert purl_of(a_package(type, name), None).startswith(f"pkg:{type}/")


@given(TYPES, st.from_regex(r"[a-z][a-z0-9._-]{0,10}", fullmatch=True), st.text(min_size=1))
def test_usual_names_come_back_from_their_purl(type: str, name: str, version: str) -> None:
    if type == "rpm":
        version = version.replace(":", "")
    purl = PackageURL.from_string(purl_of(a_package(type, name, version), None))

    assert purl.name == (name.replace("_", "-") if type == "pypi" else name)
    assert (purl.version or "") == version.strip()


PARTS = st.text("aB0.-_~+:@% é", min_size=1, max_size=6)


@given(
    type=st.sampled_from(["deb", "rpm", "apk"]),
    name=PARTS,
    version=st.none() | PARTS.filter(lambda text: ":" not in text),
    arch=st.none() | PARTS,
)
def test_what_is_written_without_the_library_is_what_it_would_write(
    type: str, name: str, version: str | None, arch: str | None
) -> None:
    """The short way is taken for the commonest names; it must not be seen."""
    qualifiers = {"distro": "debian-12", **({"arch": arch} if arch else {})}
    try:
        expected = PackageURL(type, "debian", name, version, qualifiers).to_string()
    except (ValueError, TypeError):  # a name of blanks
        return

    assert purl_of(a_package(type, name, version, arch), DEBIAN) == expected
