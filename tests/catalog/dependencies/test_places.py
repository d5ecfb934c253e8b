"""Packages that find one another in a place: a gem home, an environment, a binary, a list."""

import re
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest

from builders import asking, edges_among, packages_of
from lading.catalog.cataloger import Cataloger
from lading.catalog.npm_lock import NPM_LOCK
from lading.catalog.php_lock import PHP_LOCK
from lading.catalog.python_lock import PYTHON_LOCK
from lading.catalog.ruby import RUBY
from lading.catalog.ruby_lock import RUBY_LOCK
from lading.catalog.rust_lock import RUST_LOCK
from lading.model.package import Evidence


@pytest.mark.parametrize(("type", "mine", "other"), [
    ("gem", "/bundle/specifications/{}.gemspec", "/usr/lib/ruby/specifications/{}.gemspec"),
    ("composer", "/a/vendor/composer/installed.json", "/b/vendor/composer/installed.json"),
    ("nuget", "/a/a.deps.json", "/b/b.deps.json"),
    ("golang", "/bin/a", "/bin/b"),
    ("cargo", "/bin/a", "/bin/b"),
    ("conda", "/opt/conda/conda-meta/{}.json", "/opt/conda/envs/x/conda-meta/{}.json"),
    ("cran", "/usr/lib/R/library/{}/DESCRIPTION", "/usr/local/lib/R/{}/DESCRIPTION"),
    ("hex", "/app/lib/{0}-1/ebin/{0}.app", "/usr/lib/erlang/lib/{0}-1/ebin/{0}.app"),
    ("luarocks", "/usr/local/lib/rocks-5.1/{}/1/x.rockspec", "/root/rocks-5.1/{}/1/x.rockspec"),
    ("opam", "/o/4.14/.opam-switch/packages/{}.1/opam", "/o/5/.opam-switch/packages/{}.1/opam"),
    ("julia", "/a/packages/{}/x/Project.toml", "/b/packages/{}/x/Project.toml"),
])  # fmt: skip
def test_each_place_answers_its_own(type: str, mine: str, other: str) -> None:
    found = edges_among(
        asking("a", "b", type=type, at=mine.format("a")),
        asking("b", type=type, version="1", at=mine.format("b")),
        asking("b", type=type, version="2", at=other.format("b")),
        asking("c", "b", type=type, at=other.format("c")),
    )

    assert found == {"a": ["b 1"], "c": ["b 2"]}


@pytest.mark.parametrize(("type", "mine", "other", "answers"), [
    ("gem", "/bundle/specifications/{}.gemspec", "/usr/specifications/default/{}.gemspec", True),
    ("cran", "/usr/lib/R/library/{}/DESCRIPTION", "/usr/local/lib/R/{}/DESCRIPTION", True),
    ("hex", "/app/lib/{0}-1/ebin/{0}.app", "/usr/lib/erlang/lib/{0}-1/ebin/{0}.app", True),
    ("luarocks", "/l/rocks-5.1/{}/1/x.rockspec", "/root/rocks-5.1/{}/1/x.rockspec", True),
    ("opam", "/o/4/.opam-switch/packages/{}.1/opam", "/o/5/.opam-switch/packages/{}.1/opam", False),
    ("composer", "/a/vendor/composer/installed.json", "/b/vendor/composer/installed.json", False),
    ("nuget", "/a/a.deps.json", "/b/b.deps.json", False),
    ("golang", "/bin/a", "/bin/b", False),
    ("cargo", "/bin/a", "/bin/b", False),
    ("conda", "/opt/conda/conda-meta/{}.json", "/opt/conda/envs/x/conda-meta/{}.json", False),
])  # fmt: skip
def test_another_place_answers_where_the_ecosystem_searches_several(
    type: str, mine: str, other: str, answers: bool
) -> None:
    found = edges_among(
        asking("a", "b", type=type, at=mine.format("a")),
        asking("b", type=type, at=other.format("b")),
    )

    assert found == ({"a": ["b"]} if answers else {})


def test_what_is_declared_is_no_answer_for_another_place() -> None:
    declared = asking("b", type="gem", at="/app/Gemfile.lock", evidence=Evidence.DECLARED)

    assert (
        edges_among(asking("a", "b", type="gem", at="/s/specifications/a.gemspec"), declared) == {}
    )


def test_of_two_in_one_place_none_answers() -> None:
    found = edges_among(
        asking("a", "b", type="cran", at="/x/a/DESCRIPTION"),
        asking("b", type="cran", version="1", at="/x/b/DESCRIPTION"),
        asking("b", type="cran", version="2", at="/x/b/DESCRIPTION"),
    )

    assert found == {}


def test_a_package_in_two_places_depends_on_what_each_has() -> None:
    found = edges_among(
        asking("main", "dep", type="golang", at=("/bin/a", "/bin/b", "/bin/c")),
        asking("dep", type="golang", version="1", at="/bin/a"),
        asking("dep", type="golang", version="2", at="/bin/b"),
    )

    assert found == {"main": ["dep 1", "dep 2"]}


def test_crates_are_asked_for_with_their_version() -> None:
    found = edges_among(
        asking("main", "rand 0.8.5", type="cargo"),
        asking("rand", type="cargo", version="0.7.3"),
        asking("rand", type="cargo", version="0.8.5"),
    )

    assert found == {"main": ["rand 0.8.5"]}


@pytest.mark.parametrize("type", ["nuget", "composer"])
def test_case_does_not_matter_to_nuget_and_composer(type: str) -> None:
    found = edges_among(asking("a", "Vendor/B", type=type), asking("vendor/b", type=type))

    assert found == {"a": ["vendor/b"]}


def test_what_a_php_package_replaces_it_answers_for() -> None:
    found = edges_among(
        asking("app/a", "illuminate/support", type="composer"),
        asking("laravel/framework", type="composer", provides=("illuminate/support",)),
    )

    assert found == {"app/a": ["laravel/framework"]}


def test_applications_of_erlang_itself_answer_packages_of_hex() -> None:
    found = edges_among(
        asking("cowboy", "crypto", type="hex", at="/app/lib/cowboy-2/ebin/cowboy.app"),
        asking("crypto", type="otp", at="/usr/lib/erlang/lib/crypto-5/ebin/crypto.app"),
    )

    assert found == {"cowboy": ["crypto"]}


LOCKS = [
    pytest.param(PHP_LOCK, "/app/composer.lock", """{"packages": [
        {"name": "v/a", "version": "1", "require": {"php": ">=8", "v/b": "^1", "v/gone": "*"}},
        {"name": "v/b", "version": "1"}
    ]}""", {"v/a 1": ["v/b 1"]}, id="composer"),
    pytest.param(RUBY_LOCK, "/app/Gemfile.lock",
        "GEM\n  remote: https://example.org/\n  specs:\n    a (1)\n      b (>= 1, < 3)\n      c\n"
        "    b (2)\n    c (3-java)\n\nDEPENDENCIES\n  a\n",
        {"a 1": ["b 2", "c 3"]}, id="bundler"),
    pytest.param(RUST_LOCK, "/app/Cargo.lock", """
        [[package]]
        name = "a"
        version = "1.0.0"
        source = "registry+https://example.org"
        dependencies = ["b 0.2.0 (registry+https://example.org)", "c"]
        [[package]]
        name = "b"
        version = "0.1.0"
        source = "registry+https://example.org"
        [[package]]
        name = "b"
        version = "0.2.0"
        source = "registry+https://example.org"
        dependencies = ["c"]
        [[package]]
        name = "c"
        version = "3.0.0"
        source = "registry+https://example.org"
    """, {"a 1.0.0": ["b 0.2.0", "c 3.0.0"], "b 0.2.0": ["c 3.0.0"]}, id="cargo"),
    pytest.param(PYTHON_LOCK, "/app/poetry.lock", """
        [[package]]
        name = "a"
        version = "1"
        [package.dependencies]
        B = ">=1"
        c = {version = "*", markers = "sys_platform == 'win32'"}
        d = {version = "*", optional = true}
        [[package]]
        name = "b"
        version = "1"
        [[package]]
        name = "c"
        version = "1"
        [[package]]
        name = "d"
        version = "1"
    """, {"a 1": ["b 1"]}, id="poetry"),
    pytest.param(PYTHON_LOCK, "/app/uv.lock", """
        [[package]]
        name = "a"
        version = "1"
        source = {registry = "https://example.org"}
        dependencies = [{name = "b"}, {name = "c", marker = "sys_platform == 'win32'"}, 7]
        [[package]]
        name = "b"
        version = "1"
        source = {registry = "https://example.org"}
        [[package]]
        name = "c"
        version = "1"
        source = {registry = "https://example.org"}
    """, {"a 1": ["b 1"]}, id="uv"),
    pytest.param(NPM_LOCK, "/app/package-lock.json", """{"lockfileVersion": 3, "packages": {
        "": {"name": "app", "dependencies": {"a": "1"}},
        "node_modules/a": {"version": "1", "dependencies": {"b": "1", "x": "1", "gone": "1"}},
        "node_modules/a/node_modules/b": {"version": "1", "peerDependencies": {"a": "1"}},
        "node_modules/b": {"version": "2"},
        "node_modules/x": {"name": "real", "version": "3", "dependencies": {"b": "2"}}
    }}""", {"a 1": ["b 1", "real 3"], "b 1": ["a 1"], "real 3": ["b 2"]}, id="npm"),
]  # fmt: skip


@pytest.mark.parametrize(("cataloger", "path", "text", "edges"), LOCKS)
def test_a_lock_file_says_what_its_packages_ask_of_one_another(
    cataloger: Cataloger, path: str, text: str, edges: dict[str, list[str]]
) -> None:
    declared = [
        asking(
            one.name, *one.requires, type=one.type, version=one.version, at=path,
            evidence=Evidence.DECLARED,
        )
        for one in packages_of(cataloger, path, dedent(text).encode())
    ]  # fmt: skip

    assert edges_among(*declared) == edges


def test_much_that_is_asked_for_in_many_places_takes_no_time() -> None:
    names = [f"n{n}" for n in range(30_000)]
    places = tuple(f"/bin/{n}" for n in range(3000))

    found = edges_among(
        asking("a", *names, type="golang", at=places), asking("n7", type="golang", at="/bin/9")
    )

    assert found == {"a": ["n7"]}


def output_of(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.skipif(shutil.which("gem") is None, reason="gem is not installed")
def test_edges_are_those_that_gem_lists() -> None:
    listed = output_of("gem", "dependency", "--local")
    folders = output_of("gem", "environment", "path").split(":")
    packages = [
        asking(one.name, *one.requires, type="gem", version=one.version, at=str(path))
        for folder in sorted({output_of("gem", "environment", "home"), *folders})
        for path in sorted(Path(folder).glob("specifications/**/*.gemspec"))
        for one in packages_of(RUBY, str(path), path.read_bytes())
    ]
    names = {one.name for one in packages}

    wanted: dict[str, list[str]] = {}
    for block in re.split(r"\n\n(?=Gem )", listed):
        head, *lines = block.split("\n")
        name = head.removeprefix("Gem ").rpartition("-")[0]
        for line in lines:
            needed = line.strip().partition(" ")[0]
            if needed in names and not line.endswith("development)"):
                wanted.setdefault(name, []).append(needed)
    found = edges_among(*packages)

    assert len(wanted) > 5
    assert {id.split()[0]: [one.split()[0] for one in ids] for id, ids in found.items()} == {
        name: sorted(needed) for name, needed in wanted.items()
    }
