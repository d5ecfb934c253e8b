"""Applications as Erlang, Elixir and their releases have them."""

from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
from lading.catalog.erlang import ERLANG
from lading.model.package import Certainty

OTP = Path("/usr/lib/erlang")
ELIXIR = Path("/usr/lib/elixir")
APP = "/app/lib/cowboy-2.10.0/ebin/cowboy.app"
REL = "/app/releases/0.1.0/shop.rel"
COWBOY = (
    b'{application, \'cowboy\', [{description, "A server"}, {vsn, "2.10.0"},\n'
    b"{modules, ['cowboy','cowboy_app']}, {applications, [kernel,stdlib,cowlib,ranch]},\n"
    b"{optional_applications, []}, {env, []}]}.\n"
)
SHOP = (
    b'{release,{"shop","0.1.0"},{erts,"13.1.5"},[{kernel,"8.5.3"},{cowboy,"2.10.0",load},'
    b'{snmp,""}]}.\n'
)


@pytest.mark.skipif(not OTP.is_dir(), reason="Erlang is not installed")
def test_what_comes_with_erlang_is_of_type_otp() -> None:
    packages, _ = packages_below(OTP, ERLANG, prefix="/usr/lib/erlang")

    (stdlib,) = OTP.glob("lib/stdlib-*")
    runtime = packages.pop("erlang")
    assert f"stdlib-{packages['stdlib'].version}" == stdlib.name
    assert {one.type for one in packages.values()} == {"otp"}
    assert {one.certainty for one in packages.values()} == {Certainty.EXACT}
    assert runtime.type == "generic"
    assert runtime.version is not None
    assert (OTP / "releases" / runtime.version.split(".")[0]).is_dir()


@pytest.mark.skipif(not ELIXIR.is_dir(), reason="Elixir is not installed")
def test_what_comes_with_elixir_is_of_type_otp() -> None:
    packages, _ = packages_below(ELIXIR, ERLANG, prefix="/usr/lib/elixir")

    assert {"elixir", "mix", "logger"} <= packages.keys()
    assert {one.type for one in packages.values()} == {"otp"}


def test_any_other_application_is_taken_for_a_package_of_hex() -> None:
    (package,) = packages_of(ERLANG, APP, COWBOY)

    assert (package.type, package.name, package.version) == ("hex", "cowboy", "2.10.0")
    assert package.certainty is Certainty.INFERRED
    assert package.requires == ("kernel", "stdlib", "cowlib", "ranch")


@pytest.mark.parametrize("stated", [b"git", b"[]", b'""', b'{cmd, "git describe"}'])
def test_a_version_that_was_never_filled_in_is_unknown(stated: bytes) -> None:
    (package,) = packages_of(ERLANG, APP, COWBOY.replace(b'"2.10.0"', stated))

    assert package.version is None


def test_the_parts_of_a_release_are_read_without_those_that_are_not_there() -> None:
    found = packages_of(ERLANG, REL, SHOP)

    assert [(one.type, one.name, one.version) for one in found] == [
        ("otp", "erts", "13.1.5"), ("otp", "kernel", "8.5.3"), ("hex", "cowboy", "2.10.0"),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "version"), [(b"25.2.3\n", "25.2.3"), (b"26.1**\n", "26.1")])
def test_the_runtime_states_its_version(text: bytes, version: str) -> None:
    (package,) = packages_of(ERLANG, "/usr/lib/erlang/releases/25/OTP_VERSION", text)

    assert (package.name, package.version) == ("erlang", version)


@pytest.mark.parametrize(("path", "data"), [
    (APP, b""), (APP, b"{other, a, []}."), (APP, b"{application}."), (APP, b"{application, 7"),
    (REL, b'{release,{"a","1"},{erts,"1"}}.'), (REL, SHOP.replace(b'"8.5.3"', b"[]")),
    ("/usr/lib/erlang/releases/25/OTP_VERSION", b""),
])  # fmt: skip
def test_what_describes_nothing_is_refused(path: str, data: bytes) -> None:
    assert reading(ERLANG, path, data)[1] != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(COWBOY):
        reading(ERLANG, APP, data)
    for data in damaged(SHOP):
        reading(ERLANG, REL, data)
