"""Files in, packages out: one module per package manager.

To add one: write `catalog/<name>.py`, add it to one of the lists.
"""

from lading.catalog.apk import APK
from lading.catalog.apple_lock import APPLE_LOCK
from lading.catalog.archives.apk_file import APK_FILE
from lading.catalog.archives.conda_file import CONDA_FILE
from lading.catalog.archives.crate_file import CRATE_FILE
from lading.catalog.archives.deb_file import DEB_FILE
from lading.catalog.archives.gem_file import GEM_FILE
from lading.catalog.archives.npm_file import NPM_FILE
from lading.catalog.archives.nuget_file import NUGET_FILE
from lading.catalog.archives.python_file import PYTHON_FILE
from lading.catalog.archives.rpm_file import RPM_FILE
from lading.catalog.assembly import ASSEMBLY
from lading.catalog.bitnami import BITNAMI
from lading.catalog.bun_lock import BUN_LOCK
from lading.catalog.cataloger import Cataloger
from lading.catalog.chisel import CHISEL
from lading.catalog.conan import CONAN
from lading.catalog.conda import CONDA
from lading.catalog.conda_lock import CONDA_LOCK
from lading.catalog.cran import CRAN
from lading.catalog.dart import DART
from lading.catalog.dart_lock import DART_LOCK
from lading.catalog.deno_lock import DENO_LOCK
from lading.catalog.dnf import DNF
from lading.catalog.dotnet import DOTNET
from lading.catalog.dotnet_lock import DOTNET_LOCK
from lading.catalog.dotnet_project import DOTNET_PROJECT
from lading.catalog.dpkg import DPKG
from lading.catalog.elixir_lock import ELIXIR_LOCK
from lading.catalog.erlang import ERLANG
from lading.catalog.go_lock import GO_LOCK
from lading.catalog.golang import GO
from lading.catalog.gradle_catalog import GRADLE_CATALOG
from lading.catalog.gradle_lock import GRADLE_LOCK
from lading.catalog.haskell import HASKELL
from lading.catalog.haskell_lock import HASKELL_LOCK
from lading.catalog.homebrew import HOMEBREW
from lading.catalog.huggingface import HUGGINGFACE
from lading.catalog.java import JAVA
from lading.catalog.jdk import JDK
from lading.catalog.jlink import JLINK
from lading.catalog.julia import JULIA
from lading.catalog.lua import LUA
from lading.catalog.maven_pom import MAVEN_POM
from lading.catalog.native_image import NATIVE_IMAGE
from lading.catalog.nix import NIX
from lading.catalog.node import NODE
from lading.catalog.npm_lock import NPM_LOCK
from lading.catalog.opam import OPAM
from lading.catalog.osrelease import OS_RELEASE
from lading.catalog.packed import PACKED
from lading.catalog.pacman import PACMAN
from lading.catalog.pear import PEAR
from lading.catalog.perl import PERL
from lading.catalog.perl_lock import PERL_LOCK
from lading.catalog.php import PHP
from lading.catalog.php_lock import PHP_LOCK
from lading.catalog.pnpm_lock import PNPM_LOCK
from lading.catalog.portage import PORTAGE
from lading.catalog.programs import PROGRAMS
from lading.catalog.python import PYTHON
from lading.catalog.python_lock import PYTHON_LOCK
from lading.catalog.renv_lock import RENV_LOCK
from lading.catalog.rpm import RPM
from lading.catalog.ruby import RUBY
from lading.catalog.ruby_lock import RUBY_LOCK
from lading.catalog.rust import RUST
from lading.catalog.rust_lock import RUST_LOCK
from lading.catalog.sbom_file import SBOM_FILE
from lading.catalog.snap import SNAP
from lading.catalog.swift_lock import SWIFT_LOCK
from lading.catalog.vscode import VSCODE
from lading.catalog.wordpress import WORDPRESS
from lading.catalog.yarn_lock import YARN_LOCK

OS_CATALOGERS: tuple[Cataloger, ...] = (
    OS_RELEASE,
    DPKG,
    APK,
    RPM,
    DNF,
    PACMAN,
    PORTAGE,
    CHISEL,
    NIX,
)
"""Databases of operating system packages, and the release: what `--mode basic` reads."""

LANGUAGE_CATALOGERS: tuple[Cataloger, ...] = (
    PYTHON, NODE, GO, JAVA, RUST, RUBY, PHP, DOTNET, ASSEMBLY,
    CONDA, CRAN, LUA, PERL, ERLANG, HASKELL, OPAM, JULIA, DART, CONAN, PEAR,
    JDK, JLINK, HUGGINGFACE, VSCODE, WORDPRESS, BITNAMI, HOMEBREW, SNAP, PROGRAMS, NATIVE_IMAGE,
    PACKED, SBOM_FILE,
)  # fmt: skip
"""Packages of programming languages, and of managers beside the system's own."""

LOCK_CATALOGERS: tuple[Cataloger, ...] = (
    NPM_LOCK, YARN_LOCK, PNPM_LOCK, PYTHON_LOCK, RUBY_LOCK, PHP_LOCK, GO_LOCK, RUST_LOCK,
    DOTNET_LOCK, ELIXIR_LOCK, MAVEN_POM, GRADLE_LOCK, DART_LOCK, SWIFT_LOCK, RENV_LOCK,
    BUN_LOCK, DENO_LOCK, DOTNET_PROJECT, GRADLE_CATALOG, APPLE_LOCK, HASKELL_LOCK, PERL_LOCK,
    CONDA_LOCK,
)  # fmt: skip
"""Lock files: what they list is declared, which does not prove it installed."""

CATALOGERS = OS_CATALOGERS + LANGUAGE_CATALOGERS + LOCK_CATALOGERS

OS_ARCHIVE_CATALOGERS: tuple[Cataloger, ...] = (DEB_FILE, RPM_FILE, APK_FILE)
"""Packages of operating systems that lie there as files."""

ARCHIVE_CATALOGERS: tuple[Cataloger, ...] = (
    *OS_ARCHIVE_CATALOGERS,
    PYTHON_FILE, NPM_FILE, GEM_FILE, CRATE_FILE, NUGET_FILE, CONDA_FILE,
)  # fmt: skip
"""Packages that lie there as files: read when the target is one, in images only when asked for."""
