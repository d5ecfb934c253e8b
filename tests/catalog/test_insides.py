"""Packages inside a package file, held against the package that the file is."""

from lading.catalog.insides import inside
from lading.model.package import Evidence, Package

FILE = Package(
    type="pypi", name="thing", version="1", paths=("/thing.whl",), evidence=Evidence.CONTENT
)


def a_find(name: str, path: str, evidence: Evidence = Evidence.INSTALLED) -> Package:
    return Package(type="pypi", name=name, version="1", paths=(path,), evidence=evidence)


def evidence_of(found: Package, *others: Package) -> list[Evidence]:
    kept = inside((found, *others))
    return [one.evidence for one in kept if one.paths == found.paths]


def test_what_a_package_file_holds_is_bundled_at_any_depth() -> None:
    assert evidence_of(a_find("a", "/thing.whl!/a"), FILE) == [Evidence.BUNDLED]
    assert evidence_of(a_find("a", "/thing.whl!/x.jar!/a"), FILE) == [Evidence.BUNDLED]


def test_what_says_again_what_the_file_is_is_left_out() -> None:
    assert evidence_of(a_find("thing", "/thing.whl!/METADATA"), FILE) == []


def test_a_lock_file_in_a_package_file_declares_nothing() -> None:
    assert evidence_of(a_find("a", "/thing.whl!/lock", Evidence.DECLARED), FILE) == []


def test_what_is_known_by_its_content_stays_so() -> None:
    found = a_find("a", "/thing.whl!/a.so", Evidence.CONTENT)

    assert evidence_of(found, FILE) == [Evidence.CONTENT]


def test_a_folder_that_is_called_like_an_archive_is_none() -> None:
    assert evidence_of(a_find("a", "/thing.whl!/a")) == [Evidence.INSTALLED]
    assert evidence_of(a_find("a", "/thing.whl/a"), FILE) == [Evidence.INSTALLED]
