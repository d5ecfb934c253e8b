"""Requirements of all ecosystems at once."""

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import asking, edges_among
from lading.catalog.dependencies import RULES, resolve
from lading.model.package import Package

TYPES = sorted({type for types in RULES for type in types} | {"generic", "hackage", "brew"})
PATHS = (
    "/var/lib/dpkg/status",
    "/app/lib/python3.11/site-packages/a.dist-info/METADATA",
    "/app/node_modules/a/package.json",
    "/app/node_modules/a/node_modules/b/package.json",
    "/gems/specifications/a-1.gemspec",
    "/app.war!/WEB-INF/lib/a.jar",
    "/app.war",
    "/lib/a/ebin/a.app",
    "",
)
NAMES = st.sampled_from(("a", "b", "A", "x:y", "/bin/sh"))
REQUIREMENTS = NAMES | st.sampled_from(
    ("a | b:any", "b; extra == 'x'", "a[x,y]", "(a if b else x:y)", "((", "!a", ";", "[", "a ;")
)
PACKAGES = st.lists(
    st.builds(
        Package,
        type=st.sampled_from(TYPES),
        name=NAMES,
        version=st.sampled_from((None, "1", "2")),
        paths=st.lists(st.sampled_from(PATHS), min_size=1, max_size=3).map(tuple),
        requires=st.lists(REQUIREMENTS | st.text(), max_size=4).map(tuple),
        provides=st.lists(NAMES, max_size=2).map(tuple),
    ),
    max_size=12,
).map(lambda found: tuple(replace(one, id=f"id{n}") for n, one in enumerate(found)))


@given(PACKAGES, st.randoms())
def test_edges_are_sorted_lead_to_other_packages_and_hang_on_no_order(
    packages: tuple[Package, ...], chance: random.Random
) -> None:
    shuffled = chance.sample(packages, len(packages))

    found = {one.id: one for one in resolve(packages)}

    assert found == {one.id: one for one in resolve(tuple(shuffled))}
    for id, one in found.items():
        assert list(one.depends_on) == sorted(set(one.depends_on) & (found.keys() - {id}))


@pytest.mark.parametrize("type", TYPES)
def test_every_ecosystem_stands_requirements_of_any_form(type: str) -> None:
    odd = ("", " ", "|", "(", ")", "(" * 99 + "a", "\x00", "é" * 9999, "../../x", "a;" * 999)

    assert edges_among(*(asking("a", *odd, type=type, at=path) for path in PATHS)) == {}


@pytest.mark.parametrize("type", TYPES)
def test_only_the_own_ecosystem_answers(type: str) -> None:
    other = "pub"

    assert edges_among(asking("a", "b", type=type), asking("b", type=other)) == {}


def test_cycles_stay() -> None:
    found = edges_among(asking("a", "b", type="deb"), asking("b", "a", type="deb"))

    assert found == {"a": ["b"], "b": ["a"]}


def test_ecosystems_without_places_take_the_one_package_of_the_name() -> None:
    found = edges_among(
        asking("a", "b", "c", type="hackage", at="/1"),
        asking("b", type="hackage", at="/2"),
        asking("c", version="1", type="hackage", at="/3"),
        asking("c", version="2", type="hackage", at="/4"),
    )

    assert found == {"a": ["b"]}


def test_three_thousand_packages_take_a_moment() -> None:
    chance = random.Random(3000)
    packages = tuple(
        asking(
            f"lib{n}",
            *(f"lib{chance.randrange(2000)}" for _ in range(5)),
            type=("deb", "npm", "pypi")[n % 3],
            at=(
                "/var/lib/dpkg/status",
                f"/app/node_modules/lib{n}/package.json",
                f"/usr/lib/python3.11/site-packages/lib{n}-1.dist-info/METADATA",
            )[n % 3],
        )
        for n in range(3000)
    )

    started = time.process_time()
    found = resolve(packages)

    assert time.process_time() - started < 1  # some 40 ms; machines may be slow
    assert sum(len(one.depends_on) for one in found) > 1000
