"""Homebrew's kegs, after its documentation."""

import json
from typing import Any

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.homebrew import HOMEBREW

KEG = "/home/linuxbrew/.linuxbrew/Cellar/openssl@3/3.2.0_1/INSTALL_RECEIPT.json"


def a_receipt(**facts: Any) -> bytes:
    return json.dumps({"arch": "x86_64", "source": {"spec": "stable"}} | facts).encode()


def test_the_keg_names_the_formula_and_its_receipt_what_it_needs() -> None:
    needs = [{"full_name": "ca-certificates"}, {"full_name": "user/tap/thing"}, "odd", {}]

    (package,) = packages_of(HOMEBREW, KEG, a_receipt(runtime_dependencies=needs))

    assert (package.type, package.name, package.version) == ("generic", "openssl@3", "3.2.0_1")
    assert package.arch == "x86_64"
    assert package.requires == ("ca-certificates", "thing")


@pytest.mark.parametrize(("source", "tap"), [
    ({"tap": "homebrew/core"}, "homebrew/core"), ({"tap": None}, None), ("odd", None),
])  # fmt: skip
def test_the_tap_is_where_the_formula_came_from(source: Any, tap: str | None) -> None:
    (package,) = packages_of(HOMEBREW, KEG, a_receipt(source=source))

    assert package.repository == tap


@pytest.mark.parametrize("value", [None, "text", {"a": 1}, 7])
def test_a_receipt_without_a_list_of_needs_asks_for_nothing(value: Any) -> None:
    (package,) = packages_of(HOMEBREW, KEG, a_receipt(runtime_dependencies=value))

    assert package.requires == ()


@pytest.mark.parametrize("data", [b"", b"[]", b"{"])
def test_the_formula_is_there_even_if_its_receipt_is_broken(data: bytes) -> None:
    facts, error = reading(HOMEBREW, KEG, data)

    assert len(facts) == 1
    assert error != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_receipt(runtime_dependencies=[{"full_name": "zlib"}])):
        assert reading(HOMEBREW, KEG, data)[0]
