"""R packages, as R itself installs them."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.cran import CRAN

PATH = "/usr/lib/R/site-library/jsonlite/DESCRIPTION"
INSTALLED = b"""Package: jsonlite
Version: 1.8.8
License: MIT + file LICENSE
Depends: R (>= 3.5), methods
Imports: utils,
        Rcpp (>= 1.0.0)
LinkingTo: cpp11
Suggests: testthat
Built: R 4.2.2; x86_64-pc-linux-gnu; 2024-01-01 00:00:00 UTC; unix
"""


@pytest.mark.skipif(shutil.which("R") is None, reason="R is not installed")
def test_what_r_installed_is_read(tmp_path: Path) -> None:
    source = tmp_path / "lading.sample"
    (source / "R").mkdir(parents=True)
    (source / "R" / "one.R").write_text("one <- function() 1\n")
    (source / "NAMESPACE").write_text("export(one)\n")
    (source / "DESCRIPTION").write_text(
        "Package: lading.sample\nVersion: 1.2-3\nTitle: A Sample\nDescription: Of a package.\n"
        "License: GPL-2 | file LICENSE\nImports: stats (>= 3.0), utils\n"
        "Author: Some One\nMaintainer: Some One <one@example.org>\n"
    )
    library = tmp_path / "library"
    library.mkdir()
    command = ["R", "CMD", "INSTALL", "--no-test-load", f"--library={library}", str(source)]
    subprocess.run(command, check=True, capture_output=True)

    packages, _ = packages_below(tmp_path, CRAN)

    package = packages["lading.sample"]
    assert len(packages) == 1  # the source beside it is none
    assert (package.type, package.version) == ("cran", "1.2-3")
    assert package.paths == ("/library/lading.sample/DESCRIPTION",)
    assert package.licenses == ("GPL-2 | file LICENSE",)
    assert package.requires == ("stats", "utils")
    assert package.vendor == "Some One <one@example.org>"


LISTING = """
row <- installed.packages(lib.loc = .Library)
db <- tools::package_dependencies(
    rownames(row), db = row, which = c("Depends", "Imports", "LinkingTo"))
for (name in names(db)) cat(name, row[name, "Version"], db[[name]], "\\n")
"""


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_a_library_is_read_as_r_lists_it_with_what_each_asks_for() -> None:
    where = ["Rscript", "-e", "cat(.Library)"]
    library = Path(subprocess.run(where, check=True, capture_output=True, text=True).stdout)
    listed = subprocess.run(
        ["Rscript", "-e", LISTING], check=True, capture_output=True, text=True
    ).stdout

    packages, _ = packages_below(library, CRAN, prefix="/usr/lib/R/library")

    rows = [line.split() for line in listed.splitlines()]
    assert {one.name: one.version for one in packages.values()} == {row[0]: row[1] for row in rows}
    found = edges_among(*(replace(one, id=one.name) for one in packages.values()))
    assert found == {
        name: needs for name, _, *asked in rows if (needs := sorted(packages.keys() & {*asked}))
    }
    assert "stats" in found["splines"]


def test_a_package_of_bioconductor_is_of_its_own_type_and_finds_those_of_cran() -> None:
    (package,) = packages_of(CRAN, PATH, INSTALLED + b"biocViews: Infrastructure\n")
    (asked,) = packages_of(
        CRAN, PATH.replace("jsonlite", "Rcpp"), INSTALLED.replace(b"jsonlite", b"Rcpp")
    )

    assert package.type == "bioconductor"
    assert edges_among(replace(package, id="a"), replace(asked, id="b"))["a"] == ["b"]


def test_what_it_asks_for_is_read_without_bounds_and_without_r() -> None:
    (package,) = packages_of(CRAN, PATH, INSTALLED)

    assert package.requires == ("methods", "utils", "Rcpp", "cpp11")


@pytest.mark.parametrize(
    "data", [b"", b"A description of the project.\n", b"Package: x\nVersion: 1\n"]
)
def test_sources_and_other_files_are_no_packages(data: bytes) -> None:
    assert reading(CRAN, PATH, data) == ([], "")


@pytest.mark.parametrize("field", ["Package", "Version"])
def test_an_installed_package_without_name_or_version_is_refused(field: str) -> None:
    facts, error = reading(CRAN, PATH, INSTALLED.replace(field.encode(), b"Other", 1))

    assert facts == []
    assert "is missing" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(INSTALLED):
        reading(CRAN, PATH, data)
