"""A bundle that Bundler made, from a folder of gems and from Git, held to what it says."""

import re
import shutil
from pathlib import Path

import pytest

from catalog.installed import edges_of, inventory_of, ran
from lading.catalog.inventory import Inventory
from lading.model.package import Evidence

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("bundle") is None, reason="Bundler is not installed"),
    pytest.mark.skipif(shutil.which("git") is None, reason="Git is not installed"),
]

SPECIFICATION = """require_relative "lib/{name}/version"
Gem::Specification.new do |s|
  s.name = "{name}"
  s.version = {module}::VERSION
  s.summary = s.description = "x"
  s.authors = ["x"]
  s.homepage = "https://example.org"
  s.license = "MIT"
  s.files = Dir["lib/**/*"]
{needs}end
"""


def a_gem(folder: Path, name: str, version: str, **needs: str) -> Path:
    """The source of a gem whose version is worked out by its specification."""
    library = folder / "lib" / name
    library.mkdir(parents=True)
    module = name.capitalize()
    (library / "version.rb").write_text(f'module {module}; VERSION = "{version}"; end\n')
    lines = "".join(f'  s.add_dependency "{one}", "{bound}"\n' for one, bound in needs.items())
    (folder / f"{name}.gemspec").write_text(
        SPECIFICATION.format(name=name, module=module, needs=lines)
    )
    return folder


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Inventory]:
    """What Bundler lists, and what is found."""
    made = tmp_path_factory.mktemp("made")
    (made / "repository" / "gems").mkdir(parents=True)
    for name, version, needs in (
        ("alpha", "1.2.0", {"beta": "~> 1.0"}),
        ("beta", "1.5.0.pre1", {}),
        ("beta", "1.4.0", {}),
        ("beta", "2.0.0", {}),
    ):
        source = a_gem(made / f"{name}-{version}", name, version, **needs)
        ran("gem", "build", f"{name}.gemspec", cwd=source)
        shutil.move(source / f"{name}-{version}.gem", made / "repository" / "gems")
    ran("gem", "generate_index", "--silent", cwd=made / "repository")
    revised = a_gem(made / "gamma", "gamma", "3.2.1", alpha=">= 1")
    for command in (("init", "-q"), ("add", "."), (
        "-c", "user.name=x", "-c", "user.email=x@example.org", "commit", "-qm", "x",
    )):  # fmt: skip
        ran("git", *command, cwd=revised)
    root = tmp_path_factory.mktemp("root")
    project = root / "srv" / "app"
    project.mkdir(parents=True)
    (project / "Gemfile").write_text(
        f'source "file://{made}/repository"\ngem "gamma", git: "file://{revised}"\n'
    )
    ran("bundle", "config", "set", "--local", "path", "vendor/bundle", cwd=project)
    ran("bundle", "install", cwd=project)
    listed = ran("bundle", "list", cwd=project)
    home = next((project / "vendor" / "bundle" / "ruby").iterdir())
    newest = made / "repository" / "gems" / "beta-2.0.0.gem"
    ran("gem", "install", "-q", "--local", "--no-document", "-i", home, newest, cwd=project)
    return listed, inventory_of(root)


def test_gems_are_those_that_bundler_lists(bundle: tuple[str, Inventory]) -> None:
    listed, inventory = bundle

    found = {
        (one.name, one.version): one.evidence for one in inventory.packages if one.type == "gem"
    }

    named = set(re.findall(r"\* (\S+) \(([^ )]+)", listed))
    assert named == {("alpha", "1.2.0"), ("beta", "1.4.0"), ("gamma", "3.2.1")}
    assert set(found) == named | {("beta", "2.0.0")}
    assert set(found.values()) == {Evidence.INSTALLED}
    assert inventory.problems == ()


def test_edges_are_those_of_the_lock_file_though_a_later_version_is_there(
    bundle: tuple[str, Inventory],
) -> None:
    _, inventory = bundle

    assert edges_of(inventory, "gem") == {
        "gamma 3.2.1": {"alpha 1.2.0"},
        "alpha 1.2.0": {"beta 1.4.0"},
    }
