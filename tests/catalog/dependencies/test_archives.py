"""Java archives: what holds what."""

import pytest

from builders import asking, edges_among
from lading.model.package import Evidence, Package


def jar(name: str, *at: str, **facts: object) -> Package:
    return asking(name, type="maven", at=at, **facts)


def merged(name: str, *at: str) -> Package:
    return jar(name, *at, evidence=Evidence.BUNDLED)


def test_an_archive_depends_on_those_directly_in_it() -> None:
    found = edges_among(
        jar("g:app", "/app.war"),
        jar("g:lib", "/app.war!/WEB-INF/lib/lib-1.jar"),
        jar("g:inner", "/app.war!/WEB-INF/lib/lib-1.jar!/inner.jar"),
        jar("g:other", "/other.jar"),
    )

    assert found == {"g:app": ["g:lib"], "g:lib": ["g:inner"]}


def test_an_archive_without_a_name_is_passed_over() -> None:
    found = edges_among(jar("g:app", "/app.war"), jar("g:inner", "/app.war!/no.jar!/inner.jar"))

    assert found == {"g:app": ["g:inner"]}


def test_an_archive_depends_on_what_was_merged_into_it() -> None:
    found = edges_among(
        jar("g:app", "/app.war"),
        jar("g:shaded", "/app.war!/shaded-1.jar"),
        merged("g:part", "/app.war!/shaded-1.jar"),
    )

    assert found == {"g:app": ["g:shaded"], "g:shaded": ["g:part"]}


def test_of_an_archive_without_a_name_the_outer_one_depends_on_the_parts() -> None:
    found = edges_among(jar("g:app", "/app.war"), merged("g:part", "/app.war!/x.jar"))

    assert found == {"g:app": ["g:part"]}


def test_the_artifact_of_the_files_name_is_the_archive() -> None:
    found = edges_among(jar("g:lib", "/lib-1.jar", "/x.jar"), jar("g:part", "/lib-1.jar", "/y.jar"))

    assert found == {"g:lib": ["g:part"]}


def test_a_package_in_two_archives_is_held_by_both() -> None:
    found = edges_among(
        jar("g:a", "/a.jar"), jar("g:b", "/b.jar"), jar("g:c", "/a.jar!/c.jar", "/b.jar!/c.jar")
    )

    assert found == {"g:a": ["g:c"], "g:b": ["g:c"]}


def test_what_a_pom_declares_is_held_by_nothing() -> None:
    declared = jar("g:x", "/app/pom.xml", evidence=Evidence.DECLARED)

    assert edges_among(declared, jar("g:y", "/app/pom.xml", evidence=Evidence.DECLARED)) == {}


@pytest.mark.parametrize("path", ["/a.jar" + "!/b.jar" * 2000, "!/", "!/!/", "/a.jar!/"])
def test_paths_of_any_form_are_passed(path: str) -> None:
    assert edges_among(jar("g:a", path)) == {}
