"""Packages of rpm: capabilities, files, expressions."""

import pytest

from builders import asking, edges_among

BASH = asking("bash", type="rpm", provides=("bash", "/bin/bash", "config(bash)"))
GLIBC = asking("glibc", type="rpm", provides=("libc.so.6()(64bit)", "rtld(GNU_HASH)"))
DNF = asking("dnf", type="rpm")


@pytest.mark.parametrize(("requirement", "answers"), [
    ("libc.so.6()(64bit)", ["glibc"]),
    ("rtld(GNU_HASH)", ["glibc"]),
    ("bash", ["bash"]),
    pytest.param("/bin/bash", ["bash"], id="a path that is provided"),
    pytest.param("/usr/bin/dnf", ["dnf"], id="a path that a package lists"),
    pytest.param("/usr/bin/pip", [], id="a path that a package of another kind lists"),
    ("(bash or dnf or zsh)", ["bash", "dnf"]),
    ("(bash >= 5.1 and libc.so.6()(64bit))", ["bash", "glibc"]),
    pytest.param("(bash if dnf)", ["bash"], id="if, and it is"),
    pytest.param("(bash if zsh)", [], id="if, and it is not"),
    ("(bash if zsh else dnf)", ["dnf"]),
    ("(bash if (dnf and zsh) else glibc)", ["glibc"]),
    ("(bash if (dnf or zsh) else glibc)", ["bash"]),
    ("(bash unless zsh)", ["bash"]),
    ("(bash unless dnf)", []),
    ("(bash unless dnf else glibc)", ["glibc"]),
    ("(bash with config(bash) = 5)", ["bash"]),
    ("(bash without config(bash))", []),
    ("((bash >= 4 if dnf) or zsh)", ["bash"]),
    ("(bash", ["bash"]),
    ("()", []),
    ("(" * 5000, []),
    ("(bash if)", []),
])  # fmt: skip
def test_requirements_find_their_answers(requirement: str, answers: list[str]) -> None:
    owners = {"/usr/bin/dnf": "dnf", "/usr/bin/pip": "pip"}

    found = edges_among(
        asking("a", requirement, type="rpm"), BASH, GLIBC, DNF, asking("pip", type="pypi"),
        owner_of=owners.get,
    )  # fmt: skip

    assert found.get("a", []) == answers


def test_all_that_provide_a_capability_answer() -> None:
    found = edges_among(
        asking("a", "webserver", type="rpm"),
        asking("nginx", type="rpm", provides=("webserver",)),
        asking("webserver", type="rpm"),
    )

    assert found == {"a": ["nginx", "webserver"]}


def test_of_several_versions_the_own_build_answers() -> None:
    found = edges_among(
        asking("kernel", "kernel-core", type="rpm", version="6.1"),
        asking("kernel", "kernel-core", type="rpm", version="6.2"),
        asking("kernel-core", type="rpm", version="6.1"),
        asking("kernel-core", type="rpm", version="6.2"),
    )

    assert found == {"kernel 6.1": ["kernel-core 6.1"], "kernel 6.2": ["kernel-core 6.2"]}


def test_noarch_asks_the_commonest_architecture() -> None:
    found = edges_among(
        asking("a", "b", type="rpm", arch="noarch"),
        asking("b", type="rpm", version="64", arch="x86_64"),
        asking("b", type="rpm", version="32", arch="i686"),
        asking("c", type="rpm", arch="x86_64"),
    )

    assert found == {"a": ["b 64"]}
