"""Gem specifications, as RubyGems writes them."""

import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.ruby import RUBY
from lading.catalog.selection import Selection
from lading.model.package import Certainty, Evidence, Package

PATH = "/usr/local/bundle/specifications/nokogiri-1.10.3.gemspec"
SPECIFICATION = b"""# -*- encoding: utf-8 -*-
# stub: nokogiri 1.10.3 ruby lib

Gem::Specification.new do |s|
  s.name = "nokogiri".freeze
  s.version = "1.10.3"
  s.licenses = ["MIT".freeze, "Apache-2.0".freeze]
  s.description = "s.name = other".freeze
  s.add_runtime_dependency(%q<mini_portile2>.freeze, ["~> 2.4.0"])
  s.add_development_dependency(%q<rake>.freeze, [">= 0"])
end
"""


@pytest.mark.parametrize("path", [
    PATH,
    "/usr/lib/ruby/specifications/default/json-2.6.gemspec",
    "/app/vendor/bundle/ruby/3.1.0/bundler/gems/rack-0123abc/rack.gemspec",
    "/usr/local/bundle/bundler/gems/rails-0123abc/activerecord/activerecord.gemspec",
    "/app/vendor/gems/rack-2.0/rack.gemspec",
])  # fmt: skip
def test_installed_default_and_vendored_gems_are_read(path: str) -> None:
    assert Selection([RUBY]).by_path(path) == (RUBY,)


def test_a_gem_is_what_its_specification_states() -> None:
    assert packages_of(RUBY, PATH, SPECIFICATION) == [
        Package(
            type="gem",
            name="nokogiri",
            version="1.10.3",
            paths=(PATH,),
            licenses=("MIT", "Apache-2.0"),
            requires=("mini_portile2 (~> 2.4.0)",),
        )
    ]


def test_what_development_needs_is_not_asked_for_in_any_form() -> None:
    old = SPECIFICATION.replace(
        b"end\n",
        b'else\n  s.add_dependency(%q<rake>.freeze, [">= 0"])\n'
        b'  s.add_dependency(%q<mini_portile2>.freeze, ["~> 2.4.0"])\nend\n',
    )

    [package] = packages_of(RUBY, PATH, old)

    assert package.requires == ("mini_portile2 (~> 2.4.0)",)


@pytest.mark.parametrize(("line", "required"), [
    ('s.add_dependency("rake", ">= 12", "< 14")', ("rake (>= 12, < 14)",)),
    ("s.add_dependency 'rake', '~> 13.0'", ("rake (~> 13.0)",)),
    ('s.add_runtime_dependency(%q<rake>.freeze, ["> 1", "!= 2"])', ("rake (> 1, != 2)",)),
    ('s.add_dependency "rake", "1.0"', ("rake (1.0)",)),
    ('s.add_dependency "rake", VERSION', ("rake",)),
    ('s.add_dependency "rake", [">= 0"]', ("rake",)),
])  # fmt: skip
def test_requirements_keep_their_bounds(line: str, required: tuple[str, ...]) -> None:
    text = f's.name = "a"\ns.version = "1"\n{line}\n'.encode()

    [package] = packages_of(RUBY, PATH, text)

    assert package.requires == required


def test_a_gem_in_the_applications_vendor_folder_is_bundled() -> None:
    path = "/app/vendor/gems/nokogiri-1.10.3/nokogiri.gemspec"

    [package] = packages_of(RUBY, path, SPECIFICATION)

    assert package.evidence is Evidence.BUNDLED


@pytest.mark.parametrize("lines", [
    b"s.name = 'rack'\ns.version = '2.0.7'",
    b"  spec.name = %q{rack}\n  spec.version = Gem::Version.new('2.0.7')",
    b's.name    = "rack".freeze\r\ns.version = "2.0.7".freeze\r\n',
    b'\xef\xbb\xbf# caf\xe9\ns.name = "rack"\ns.version = "2.0.7"',
])  # fmt: skip
def test_texts_are_read_in_every_way_to_quote_them(lines: bytes) -> None:
    [package] = packages_of(RUBY, "/x/specifications/a.gemspec", lines)

    assert (package.name, package.version) == ("rack", "2.0.7")
    assert package.certainty is Certainty.EXACT


@pytest.mark.parametrize("version", [b"Rack::VERSION", b'"#{MAJOR}.0.7"', b'File.read("VERSION")'])
def test_what_the_program_works_out_is_taken_from_the_stub_or_the_file_name(version: bytes) -> None:
    lines = b's.name = "rack"\ns.version = ' + version

    for path, text in (
        ("/x/specifications/rack.gemspec", b"# stub: rack 2.0.7 ruby lib\n" + lines),
        ("/x/specifications/rack-2.0.7-x86_64-linux.gemspec", lines),
    ):
        [package] = packages_of(RUBY, path, text)

        assert (package.name, package.version) == ("rack", "2.0.7")
        assert package.certainty is Certainty.INFERRED


def test_without_any_version_the_gem_is_listed_and_the_problem_told() -> None:
    path = "/x/specifications/rack.gemspec"

    facts, error = reading(RUBY, path, b's.name = "rack"\n')

    assert [(p.name, p.version) for p in facts if isinstance(p, Package)] == [("rack", None)]
    assert error == f"{path}: its version is missing"


def test_without_any_name_there_is_no_gem() -> None:
    path = "/x/specifications/rack.gemspec"

    assert reading(RUBY, path, b"") == ([], f"{path}: its name is missing")


def test_damaged_specifications_raise_nothing_unforeseen() -> None:
    for broken in damaged(SPECIFICATION):
        reading(RUBY, PATH, broken)


@pytest.mark.skipif(shutil.which("gem") is None, reason="RubyGems is not installed")
def test_what_gem_installs_is_found(tmp_path: Path) -> None:
    gem, home = shutil.which("gem") or "", tmp_path / "home"
    (tmp_path / "mine.gemspec").write_text(
        "Gem::Specification.new do |s|\n  s.name = 'mine'\n  s.version = '1.2.0.pre1'\n"
        "  s.summary = 'x'\n  s.authors = ['x']\n  s.license = 'MIT'\n"
        "  s.add_dependency 'rake', '>= 1'\nend\n"
    )
    subprocess.run([gem, "build", "mine.gemspec"], cwd=tmp_path, check=True, capture_output=True)
    [built] = tmp_path.glob("*.gem")
    subprocess.run(
        [gem, "install", "--local", "--force", "--no-document", "--install-dir", home, built],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip

    [path] = home.glob("specifications/*.gemspec")
    [package] = packages_of(RUBY, str(path), path.read_bytes())

    assert (package.name, package.version) == ("mine", "1.2.0.pre1")
    assert (package.licenses, package.requires) == (("MIT",), ("rake (>= 1)",))
