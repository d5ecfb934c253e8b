"""The inventory of a whole image, held to what the program of each package manager says of it."""

import pytest

from reference.conftest import MAKERS, Made

pytestmark = [pytest.mark.registry, pytest.mark.slow, pytest.mark.timeout(420)]

TYPES = list(MAKERS)


@pytest.mark.parametrize("type", TYPES)
def test_the_packages_are_those_of_the_reference_program(made: Made, type: str) -> None:
    said = made.part(type)

    found = [f"{one['name']} {one['version']}" for one in made.packages(type)]

    assert sorted(found) == said.packages
    assert len(found) > 5


@pytest.mark.parametrize("type", TYPES)
def test_they_depend_on_what_the_reference_program_says(made: Made, type: str) -> None:
    said = made.part(type)

    called = {one["id"]: f"{one['name']} {one['version']}" for one in made.packages(type)}
    found: dict[str, set[str]] = {}
    for one in made.packages(type):
        if asked := {called[id] for id in one["depends_on"] if id in called}:
            found.setdefault(called[one["id"]], set()).update(asked)

    assert {one: sorted(asked) for one, asked in sorted(found.items())} == said.edges


@pytest.mark.parametrize("type", TYPES)
def test_everything_else_of_the_kind_came_inside_another_package(made: Made, type: str) -> None:
    made.part(type)

    others = [
        one
        for one in made.result["packages"]
        if one["type"] == type and one["layer"] != made.layers[type]
    ]

    assert {one["evidence"] for one in others} <= {"bundled"}


def test_every_copy_of_a_node_package_is_where_npm_finds_it(made: Made) -> None:
    said = made.part("npm")

    found = {f"{one['name']} {one['version']}": one["paths"] for one in made.packages("npm")}

    assert found == said.places
    assert any(len(paths) > 1 for paths in found.values())


def test_the_archive_of_each_java_library_is_listed_beside_others_and_inside(made: Made) -> None:
    said = made.part("maven")

    found = {f"{one['name']} {one['version']}": one["paths"] for one in made.packages("maven")}

    assert found == said.places


def test_nothing_in_the_image_was_a_problem(made: Made) -> None:
    assert made.result["problems"] == []
