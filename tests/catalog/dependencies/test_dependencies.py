"""Requirements of all ecosystems at once."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import asking, edges_among
from catalog.assembling import inventory, link
from lading.catalog.cataloger import Cataloger, ImageFile
from lading.catalog.dependencies import RULES, resolve
from lading.catalog.node import NODE
from lading.model.package import Fact, Ownership, Package

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


def _records(file: ImageFile) -> Iterator[Fact]:
    """`NAME PATH [REQUIRED…]` a line: a package of rpm with one file."""
    for line in bytes(file.data).decode().splitlines():
        name, path, *requires = line.split()
        yield Package(
            type="rpm", name=name, version="1", paths=(file.path,), requires=tuple(requires)
        )
        yield Ownership(type="rpm", name=name, version="1", paths=(path,))


RECORDS = Cataloger(name="records", revision=1, wants=("/db",), read=_records)


def test_a_file_that_is_asked_for_is_found_through_the_links_of_the_image() -> None:
    result = inventory(
        {
            "bin": link("usr/bin"),
            "usr/bin/sh": b"#!",
            "db": b"bash /usr/bin/sh\na /usr/bin/a /bin/sh\nb /usr/bin/b /bin/b /bin/none\n",
        },
        catalogers=(RECORDS,),
    )

    assert {one.name: one.depends_on for one in result.packages} == {
        "a": ("pkg:rpm/bash@1",),
        "b": (),
        "bash": (),
    }


def test_folders_of_node_modules_are_found_through_the_links_of_the_image() -> None:
    store = "app/node_modules/.pnpm"
    result = inventory(
        {
            "app/package.json": b'{"name": "app", "version": "1", "dependencies": {"a": "1"}}',
            "app/node_modules/a": link(".pnpm/a@1/node_modules/a"),
            f"{store}/a@1/node_modules/a/package.json": (
                b'{"name": "a", "version": "1", "dependencies": {"b": "1"}}'
            ),
            f"{store}/a@1/node_modules/b": link("../../b@2/node_modules/b"),
            f"{store}/b@1/node_modules/b/package.json": b'{"name": "b", "version": "1"}',
            f"{store}/b@2/node_modules/b/package.json": b'{"name": "b", "version": "2"}',
        },
        catalogers=(NODE,),
    )

    assert {one.id: one.depends_on for one in result.packages if one.depends_on} == {
        "pkg:npm/app@1": ("pkg:npm/a@1",),
        "pkg:npm/a@1": ("pkg:npm/b@2",),
    }


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


@pytest.mark.parametrize(("type", "path"), [
    ("npm", "/{}/node_modules/a/package.json"),
    ("pypi", "/{}/site-packages/a.dist-info/METADATA"),
])  # fmt: skip
def test_absurdly_many_requirements_in_absurdly_many_places_take_no_time(
    type: str, path: str
) -> None:
    names = [f"n{n}" for n in range(20_000)]
    packages = [asking(name, type=type, at=path.format(name)) for name in names]
    packages.append(asking("a", *names, type=type, at=tuple(map(path.format, range(20_000)))))

    assert edges_among(*packages) == {}
