"""Perl distributions, as MakeMaker and cpanm leave them."""

import gzip
import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from builders import damaged, edges_among, packages_below, packages_of, reading
from lading.catalog.perl import PERL
from lading.model.package import Certainty, Ownership

LIB = "/usr/local/lib/perl5/site_perl/5.38.0/x86_64-linux-gnu"
META = f"{LIB}/.meta/Moo-2.005005/MYMETA.json"
INSTALL = f"{LIB}/.meta/Moo-2.005005/install.json"
PACKLIST = f"{LIB}/auto/Lading/Sample/.packlist"
NEEDS = {"perl": "5.006", "Role::Tiny": "2.002003"}
MAKEFILE = """use ExtUtils::MakeMaker;
WriteMakefile(NAME => 'Lading::Sample', VERSION_FROM => 'lib/Lading/Sample.pm');
"""


def a_record(**facts: Any) -> bytes:
    dull = {"name": "Moo", "version": "2.005005", "dist": "Moo-2.005005"}
    return json.dumps(dull | facts).encode()


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_what_perl_installed_is_read(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "lib/Lading").mkdir(parents=True)
    (source / "Makefile.PL").write_text(MAKEFILE)
    (source / "lib/Lading/Sample.pm").write_text(
        'package Lading::Sample;\nour $VERSION = "1.02";\n1;\n'
    )
    tree = tmp_path / "tree"
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", "PERL_MM_OPT": f"INSTALL_BASE={tree}"}
    for command in (["perl", "Makefile.PL"], ["make", "install"]):
        subprocess.run(command, check=True, capture_output=True, cwd=source, env=environment)

    packages, owned = packages_below(tree, PERL)

    found = {name: (one.type, one.version) for name, one in packages.items()}
    assert found == {"Lading-Sample": ("cpan", "1.02")}  # of the log, which comes last
    assert [(one.type, one.name, one.version) for one in owned] == [("cpan", "Lading-Sample", None)]
    assert f"{tree}/lib/perl5/Lading/Sample.pm" in owned[0].paths


def a_distribution(mirror: Path, name: str, version: str, *, modules: str, asks: str) -> str:
    """Put a distribution where a mirror of CPAN has it; return the lines that list its modules."""
    source = mirror.parent / f"{name}-{version}"
    for module in modules.split():
        file = source / f"lib/{module.replace('::', '/')}.pm"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"package {module};\nour $VERSION = '{version}';\n1;\n")
    main = modules.split(maxsplit=1)[0]
    (source / "Makefile.PL").write_text(
        f"use ExtUtils::MakeMaker;\nWriteMakefile(NAME => '{main}', VERSION => '{version}', "
        f"LICENSE => 'perl', PREREQ_PM => {{ '{asks}' => 0 }});\n"
    )
    place = f"L/LA/LADING/{name}-{version}.tar.gz"
    archive = shutil.make_archive(str(source), "gztar", mirror.parent, source.name)
    target = mirror / "authors/id" / place
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(archive, target)
    return "".join(f"{module} {version} {place}\n" for module in modules.split())


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("cpanm") is None, reason="cpanm is not installed")
def test_what_cpanm_installed_is_read_with_what_it_asks_for(tmp_path: Path) -> None:
    mirror = tmp_path / "mirror"
    rows = a_distribution(
        mirror, "Lading-One", "1.20", modules="Lading::One Lading::One::Extra", asks="Carp"
    )
    rows += a_distribution(
        mirror, "Lading-Two", "v2.0.1", modules="Lading::Two", asks="Lading::One::Extra"
    )
    (mirror / "modules").mkdir()
    (mirror / "modules/02packages.details.txt.gz").write_bytes(
        gzip.compress(f"File: 02packages.details.txt\n\n{rows}".encode())
    )
    subprocess.run(
        ["cpanm", "--mirror", f"file://{mirror}", "--mirror-only", "--notest", "-l",
         str(tmp_path / "local"), "Lading::Two"],
        check=True, capture_output=True, env=os.environ | {"HOME": str(tmp_path)},
    )  # fmt: skip
    records = sorted((tmp_path / "local").rglob(".meta/*/*.json"))

    read = [one for path in records for one in packages_of(PERL, str(path), path.read_bytes())]

    assert {(one.name, one.version) for one in read} == {
        ("Lading-One", "1.20"), ("Lading-Two", "v2.0.1"),
    }  # fmt: skip
    assert len(read) == 4  # by install.json and by MYMETA.json, which agree
    found = edges_among(*(replace(one, id=one.name) for one in read))
    assert found["Lading-Two"] == ["Lading-One"]


@pytest.mark.parametrize(("path", "facts"), [
    (META, {"license": ["perl_5"], "prereqs": {"runtime": {"requires": NEEDS}}}),
    (INSTALL, {"name": "Moo", "license": ["perl_5"]}),
])  # fmt: skip
def test_a_record_of_cpanm_is_read(path: str, facts: dict[str, Any]) -> None:
    (package,) = packages_of(PERL, path, a_record(**facts))

    assert (package.type, package.name, package.version) == ("cpan", "Moo", "2.005005")
    assert package.licenses == ("perl_5",)
    assert package.requires == (("Role-Tiny",) if path == META else ())
    assert package.certainty is Certainty.EXACT


def test_a_distribution_is_called_by_its_own_name_and_not_by_its_module() -> None:
    data = a_record(name="LWP", dist="libwww-perl-6.72", version=6.72)

    (package,) = packages_of(PERL, INSTALL, data)

    assert (package.name, package.version) == ("libwww-perl", "6.72")


def test_a_list_of_files_states_no_version() -> None:
    data = f"{LIB}/Lading/Sample.pm type=file\n/usr/local/bin/a tool\nrelative\n".encode()

    facts, error = reading(PERL, PACKLIST, data)

    (package,) = packages_of(PERL, PACKLIST, data)
    assert error == ""
    assert (package.name, package.version) == ("Lading-Sample", None)
    assert package.certainty is Certainty.INFERRED
    assert facts[1] == Ownership(
        type="cpan",
        name="Lading-Sample",
        paths=(f"{LIB}/Lading/Sample.pm", "/usr/local/bin/a tool"),
    )


def test_the_last_entry_of_the_log_counts() -> None:
    entry = (
        "=head2 Tue Nov 24 2026: C<Module> L<{0}|{0}>\n\n=over 4\n\n=item *\n\n"
        "C<VERSION: {1}>\n\n=back\n\n"
    )
    log = entry.format("A::B", "1.0") + entry.format("C", "3") + entry.format("A::B", "1.1")

    found = packages_of(PERL, f"{LIB}/perllocal.pod", log.encode())

    assert [(one.name, one.version) for one in found] == [("A-B", "1.1"), ("C", "3")]


@pytest.mark.parametrize(("path", "data"), [
    (META, b""), (META, b"[]"), (META, a_record(name=None)), (INSTALL, a_record(dist=7)),
    (INSTALL, a_record(dist="undashed")), (f"{LIB}/auto/.packlist", b"/a\n"),
])  # fmt: skip
def test_a_record_without_a_name_is_refused(path: str, data: bytes) -> None:
    facts, error = reading(PERL, path, data)

    assert facts == []
    assert error != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(a_record()):
        reading(PERL, META, data)
        reading(PERL, PACKLIST, data)
        reading(PERL, f"{LIB}/perllocal.pod", data)


def test_a_list_of_files_far_longer_than_its_text_is_refused() -> None:
    _, error = reading(PERL, PACKLIST, b"/\n" * 4_200_000)

    assert "absurd length" in error
