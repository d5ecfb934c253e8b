"""Files beside a package's record, and packages inside of others."""

from typing import Any

from lading.catalog.beside import joined, marked_as_brought
from lading.model.package import Certainty, Evidence, Package

FOLDER = "/site/some_thing-1.0.egg-info"


def record(name: str = "some-thing", *, path: str = f"{FOLDER}/PKG-INFO", **facts: Any) -> Package:
    return Package(type="pypi", name=name, paths=(path,), **({"version": "1.0"} | facts))


def beside(name: str = "some_thing", *, path: str = f"{FOLDER}/requires.txt") -> Package:
    return record(name, path=path, version=None, certainty=Certainty.INFERRED, requires=("other",))


def test_what_a_file_beside_the_record_says_is_the_packages() -> None:
    assert joined([beside(), record()]) == [record(requires=("other",))]


def test_where_it_came_from_is_the_packages_too() -> None:
    place = record(version=None, certainty=Certainty.INFERRED, repository="git+file:///a@1")

    assert joined([place, record()]) == [record(repository="git+file:///a@1")]


def test_another_folder_or_another_name_is_another_package() -> None:
    others = [beside(path="/site/x.egg-info/requires.txt"), beside("else")]

    assert joined([*others, record()]) == [*others, record()]


def test_without_a_record_the_file_is_all_there_is() -> None:
    assert joined([beside()]) == [beside()]


def test_a_map_alone_declares_nothing() -> None:
    place = record(
        version=None, certainty=Certainty.INFERRED, evidence=Evidence.DECLARED, requires=("/b",)
    )

    assert joined([place]) == []
    assert joined([place, record()]) == [record(requires=("/b",))]


def test_a_distribution_that_another_ones_record_lists_is_bundled() -> None:
    outer = record("outer", id="outer", path="/site/outer.dist-info/METADATA")
    inner = record("inner", id="inner", path="/site/outer/tests/inner.egg!/EGG-INFO/PKG-INFO")
    both = record("both", id="both", path="/site/outer/both.egg-info")

    def owner_of(path: str) -> str | None:
        return "outer" if path.startswith("/site/outer") else None

    marked = marked_as_brought((outer, inner, both), owner_of)

    assert [(one.id, one.evidence, one.parent) for one in marked] == [
        ("outer", Evidence.INSTALLED, None),
        ("inner", Evidence.BUNDLED, "outer"),
        ("both", Evidence.BUNDLED, "outer"),
    ]
