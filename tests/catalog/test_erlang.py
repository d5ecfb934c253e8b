"""Applications as Erlang, Elixir and their releases have them."""

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.erlang import ERLANG
from lading.model.package import Certainty

OTP = Path("/usr/lib/erlang")
ELIXIR = Path("/usr/lib/elixir")
APP = "/app/lib/cowboy-2.10.0/ebin/cowboy.app"
REL = "/app/releases/0.1.0/shop.rel"
COWBOY = (
    b'{application, \'cowboy\', [{description, "A server"}, {vsn, "2.10.0"},\n'
    b"{modules, ['cowboy','cowboy_app']}, {applications, [kernel,stdlib,cowlib,ranch]},\n"
    b"{included_applications, [gun]}, {optional_applications, []}, {env, []}]}.\n"
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


JUDGE = """
for app <- [:shop, :cart, :logger, :elixir, :stdlib, :compiler] do
  :ok = Application.ensure_loaded(app)
  needs = Application.spec(app, :applications) ++ Application.spec(app, :included_applications)
  IO.puts(Enum.join([app, Application.spec(app, :vsn) | needs], " "))
end
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("mix") is None, reason="Elixir is not installed")
def test_a_release_of_mix_is_read_with_what_each_application_starts(tmp_path: Path) -> None:
    around = os.environ | {"HOME": str(tmp_path), "MIX_ENV": "prod"}

    def run(*command: str) -> str:
        at = (
            tmp_path / "shop" if (tmp_path / "shop").is_dir() and "new" not in command else tmp_path
        )
        return subprocess.run(
            command, check=True, capture_output=True, text=True, cwd=at, env=around
        ).stdout

    run("mix", "new", "cart")
    run("mix", "new", "shop")
    project = tmp_path / "shop" / "mix.exs"
    text = project.read_text()
    project.write_text(
        text.replace("defp deps do\n    [", 'defp deps do\n [{:cart, path: "../cart"}')
    )
    run("mix", "release")
    judged = {
        row[0]: row[1:] for row in map(str.split, run("mix", "run", "-e", JUDGE).splitlines())
    }
    release = tmp_path / "shop/_build/prod/rel/shop"

    packages, _ = packages_below(release, ERLANG, prefix="/app")

    assert {name: row[0] for name, row in judged.items()}.items() <= {
        one.name: one.version for one in packages.values()
    }.items()
    assert (release / f"erts-{packages['erts'].version}").is_dir()
    (shop,) = packages_of(
        ERLANG, "/app/lib/shop-0.1.0/ebin/shop.app",
        (release / "lib/shop-0.1.0/ebin/shop.app").read_bytes(),
    )  # fmt: skip
    assert shop.requires == tuple(judged["shop"][1:])
    found = edges_among(*(replace(one, id=one.name) for one in (shop, *packages.values())))
    assert found["shop"] == sorted(judged["shop"][1:])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("rebar3") is None, reason="rebar3 is not installed")
def test_a_release_of_rebar3_is_read_as_it_was_assembled(tmp_path: Path) -> None:
    around = os.environ | {"HOME": str(tmp_path)}

    def rebar3(*arguments: str, at: str = "") -> None:
        subprocess.run(
            ["rebar3", *arguments], check=True, capture_output=True, cwd=tmp_path / at, env=around
        )

    rebar3("new", "release", "name=depot")
    rebar3("as", "prod", "release", "--include-erts", "true", "--dev-mode", "false", at="depot")
    release = tmp_path / "depot/_build/prod/rel/depot"

    packages, _ = packages_below(release, ERLANG, prefix="/app")

    folders = {path.name for path in (*release.glob("lib/*-*"), *release.glob("erts-*"))}
    assert {f"{one.name}-{one.version}" for one in packages.values()} == folders
    assert packages["depot"].type == "hex"
    assert packages["erts"].type == "otp"


def test_any_other_application_is_taken_for_a_package_of_hex() -> None:
    (package,) = packages_of(ERLANG, APP, COWBOY)

    assert (package.type, package.name, package.version) == ("hex", "cowboy", "2.10.0")
    assert package.certainty is Certainty.INFERRED
    assert package.requires == ("kernel", "stdlib", "cowlib", "ranch", "gun")


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
