"""Python distributions: folders, conditions, extras."""

import sysconfig
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from builders import asking, edges_among, packages_of
from lading.catalog.python import PYTHON
from lading.model.package import Evidence, Package

SITE = "/usr/lib/python3.11/site-packages"
OTHER = "/opt/venv/lib/python3.11/site-packages"


def installed(
    name: str, *requires: str, site: str | tuple[str, ...] = SITE, **facts: Any
) -> Package:
    sites = (site,) if isinstance(site, str) else site
    at = tuple(f"{one}/{name}-1.dist-info/METADATA" for one in sites)
    return asking(name, *requires, type="pypi", at=at, **facts)


@pytest.mark.parametrize(("requirement", "answers"), [
    ("b", True),
    ("B.c", False),
    ("b>=1,<2", True),
    ("b (>=1.0)", True),
    ("b @ https://example.org/b.whl#sha256=0;x", True),
    ("b @ https://example.org/b.whl ; os_name == 'nt'", False),
    ("b[x, y]>=1; python_version < '3.12'", True),
    ("b; python_version < '3.11'", False),
    ("b; sys_platform == 'win32'", False),
    ("b; platform_release == '6'", False),
    ("b; extra == 'test'", False),
    ("b; nonsense", False),
    ("b" + " " * 5000, False),
    ("", False),
])  # fmt: skip
def test_a_requirement_holds_where_its_condition_does(requirement: str, answers: bool) -> None:
    found = edges_among(installed("a", requirement), installed("b"))

    assert found == ({"a": ["b"]} if answers else {})


def test_names_meet_in_all_their_spellings() -> None:
    found = edges_among(installed("a", "Ruamel_YAML"), installed("ruamel.yaml"))

    assert found == {"a": ["ruamel.yaml"]}


def test_an_extra_counts_where_another_package_asks_for_it() -> None:
    found = edges_among(
        installed("app", "web[Speed_Ups]"),
        installed("web", "fast[more]; extra == 'speed-ups'", "slow; extra == 'other'"),
        installed("fast", "faster; extra == 'more'"),
        installed("faster"),
        installed("slow"),
    )

    assert found == {"app": ["web"], "web": ["fast"], "fast": ["faster"]}


def test_an_extra_of_extras_counts() -> None:
    found = edges_among(
        installed("app", "web[all]"),
        installed("web", "web[one]; extra == 'all'", "b; extra == 'one'"),
        installed("b", "web[all]"),
    )

    assert found == {"app": ["web"], "web": ["b"], "b": ["web"]}


def test_the_same_folder_answers_first() -> None:
    found = edges_among(
        installed("a", "b"),
        installed("b", version="1"),
        installed("b", version="2", site=OTHER),
        installed("c", "b", site=OTHER),
    )

    assert found == {"a": ["b 1"], "c": ["b 2"]}


def test_a_package_in_two_folders_depends_on_what_each_has() -> None:
    found = edges_among(
        installed("a", "b", site=(SITE, OTHER)),
        installed("b", version="1"),
        installed("b", version="2", site=OTHER),
    )

    assert found == {"a": ["b 1", "b 2"]}


@pytest.mark.parametrize(("site", "answers"), [
    pytest.param(OTHER, True, id="of the same Python"),
    pytest.param("/usr/lib/python3/dist-packages", True, id="of Debian's Python"),
    pytest.param("/opt/lib/python3.9/site-packages", False, id="of another Python"),
])  # fmt: skip
def test_another_folder_answers_where_the_same_python_sees_it(site: str, answers: bool) -> None:
    found = edges_among(installed("a", "b"), installed("b", site=site))

    assert found == ({"a": ["b"]} if answers else {})


def test_of_several_other_folders_none_answers() -> None:
    found = edges_among(
        installed("a", "b"),
        installed("b", version="1", site="/x/site-packages"),
        installed("b", version="2", site="/y/site-packages"),
    )

    assert found == {}


def test_copies_within_another_package_answer_that_package_alone() -> None:
    vendored = f"{SITE}/pip/_vendor"

    found = edges_among(
        installed("a", "idna"),
        installed("idna", site=vendored, evidence=Evidence.BUNDLED),
        installed("requests", "idna", site=vendored, evidence=Evidence.BUNDLED),
    )

    assert found == {"requests": ["idna"]}


def test_what_a_lock_file_declares_neither_asks_nor_answers() -> None:
    lock = asking("b", "a", type="pypi", at="/app/poetry.lock", evidence=Evidence.DECLARED)

    assert edges_among(installed("a", "b"), lock) == {}


@pytest.mark.parametrize(("python3", "answers"), [
    pytest.param("3.11.2-1+b1", True, id="what Debian's python3 is"),
    pytest.param("3.13.5-1", False, id="a later one"),
    pytest.param(None, False, id="not known"),
])  # fmt: skip
def test_debian_names_the_version_in_its_package(python3: str | None, answers: bool) -> None:
    folder = "/usr/lib/python3/dist-packages"

    found = edges_among(
        asking("python3", type="deb", version=python3),
        installed("a", "b; python_version < '3.12'", site=folder),
        installed("b", site=folder),
    )

    if python3 is None:
        found = edges_among(
            installed("a", "b; python_version < '3.12'", site=folder), installed("b", site=folder)
        )
    assert found == ({"a": ["b"]} if answers else {})


@pytest.mark.parametrize(("others", "answers"), [
    pytest.param(["3.11"], True, id="the only one"),
    pytest.param(["3.11", "3.13"], False, id="one of two"),
    pytest.param(["3.13"], False, id="a later one"),
    pytest.param([], False, id="none"),
])  # fmt: skip
def test_a_folder_without_a_version_is_read_by_the_only_python(
    others: list[str], answers: bool
) -> None:
    folder = "/srv/function"

    found = edges_among(
        *(installed(f"pip{one}", site=f"/usr/lib/python{one}/site-packages") for one in others),
        installed("a", "b; python_version < '3.12'", site=folder),
        installed("b", site=folder),
    )

    assert found == ({"a": ["b"]} if answers else {})


@pytest.mark.parametrize("path", [
    "/x/python3.11/site-packages/b-1.dist-info/METADATA",
    "/x/python3.11/site-packages/b.egg-info",
    "/x/python3.11/site-packages/b-1.egg-info/PKG-INFO",
    "/x/python3.11/site-packages/b-1.egg/EGG-INFO/PKG-INFO",
    "/x/python3.11/site-packages/b-1.egg!/EGG-INFO/PKG-INFO",
])  # fmt: skip
def test_every_form_of_metadata_tells_its_folder(path: str) -> None:
    found = edges_among(
        installed("a", "b", site="/x/python3.11/site-packages"),
        asking("b", type="pypi", version="1", at=path),
        installed("b", version="2", site=OTHER),
    )

    assert found == {"a": ["b 1"]}


def test_pypy_is_known_by_its_folder() -> None:
    folder = "/opt/pypy/lib/pypy3.10/site-packages"

    found = edges_among(
        installed("a", "b; implementation_name == 'pypy'", site=folder),
        installed("c", "b; platform_python_implementation == 'CPython'", site=folder),
        installed("b", site=folder),
    )

    assert found == {"a": ["b"]}


def expected() -> Iterator[tuple[str, set[str]]]:
    """What `packaging` makes of the distributions beside the tests, extras included."""
    installed = distributions(path=[sysconfig.get_path("purelib")])
    here = {canonicalize_name(one.metadata["Name"]): one for one in installed}
    extras: dict[str, set[str]] = {name: {""} for name in here}
    edges: dict[str, set[str]] = {name: set() for name in here}
    size = -1
    while size != (size := sum(map(len, edges.values())) + sum(map(len, extras.values()))):
        for name, one in here.items():
            for needed in map(Requirement, one.requires or ()):
                target = canonicalize_name(needed.name)
                holds = needed.marker is None or any(
                    needed.marker.evaluate({"extra": extra}) for extra in extras[name]
                )
                if holds and target in here:
                    extras[target] |= needed.extras
                    edges[name] |= {target} - {name}
    yield from edges.items()


def test_the_tests_own_environment_is_as_packaging_sees_it() -> None:
    site = Path(sysconfig.get_path("purelib"))
    packages = [
        asking(canonicalize_name(one.name), *one.requires, type="pypi", at=str(path))
        for path in sorted(site.glob("*.dist-info/METADATA"))
        for one in packages_of(PYTHON, str(path), path.read_bytes())
    ]

    found = edges_among(*packages)

    wanted = {name: sorted(answers) for name, answers in expected() if answers}
    assert len(wanted) > 5
    assert found == wanted


@pytest.mark.parametrize("listed", [True, False])
def test_a_distribution_depends_on_the_copies_inside_it(listed: bool) -> None:
    pinned = asking(
        "idna", type="pypi", at=f"{SITE}/core/_vendor/vendor.txt", evidence=Evidence.BUNDLED
    )

    found = edges_among(
        installed("core"),
        installed("poetry-core"),
        pinned,
        owner_of=lambda path: (
            "poetry-core" if listed and path.startswith(f"{SITE}/core/") else None
        ),
    )

    assert found == ({"poetry-core": ["idna"]} if listed else {"core": ["idna"]})
