"""What holds for every reader, and what the readers make of a whole image together."""

import random
from pathlib import Path

import pytest

from builders import reading
from images import a_layer, a_layout
from lading.catalog import ARCHIVE_CATALOGERS, CATALOGERS
from lading.catalog.cataloger import Cataloger
from lading.catalog.inventory import Inventory
from lading.catalog.selection import Selection
from lading.image import open_target
from lading.image.limits import Limits
from lading.image.target import parse
from lading.model.package import Evidence, Ownership, Package
from lading.scan import Choices, inventory

READERS = (*CATALOGERS, *ARCHIVE_CATALOGERS)
ALL = [pytest.param(one, id=one.name) for one in READERS]
CONTENTS = b"obj /usr/lib/python3/x-1.dist-info/METADATA 0123456789abcdef0123456789abcdef 1\n"
METADATA = b"Metadata-Version: 2.1\nName: x\nVersion: 1\n"


def a_path(glob: str) -> str:
    """One path that the glob takes."""
    return glob.replace("**/", "/some/where/").replace("//", "/").replace("*", "name-1")


def whole(folder: Path, members: dict[str, bytes]) -> Inventory:
    layout = a_layout(folder, a_layer(dict(members)))
    return inventory(open_target(parse(str(layout)), None, Limits()), Choices(), lambda *_: None)


def test_every_reader_has_a_name_of_its_own() -> None:
    assert len({one.name for one in READERS}) == len(READERS)


@pytest.mark.parametrize("cataloger", ALL)
def test_every_glob_takes_the_path_that_it_describes(cataloger: Cataloger) -> None:
    for glob in cataloger.wants:
        assert cataloger in Selection([cataloger]).by_path(a_path(glob))


@pytest.mark.parametrize("cataloger", ALL)
def test_no_reader_is_asked_for_every_file(cataloger: Cataloger) -> None:
    selection = Selection([cataloger])

    assert len(selection._others) <= 1


@pytest.mark.parametrize("cataloger", ALL)
def test_noise_is_an_error_and_never_more(cataloger: Cataloger) -> None:
    dice = random.Random(cataloger.name)
    noises = [
        b"",
        b"\0" * 5000,
        b"\xff" * 5000,
        b"[" * 5000,
        b"{" * 5000,
        b"<" * 5000,
        b"\n" * 5000,
    ]
    noises += [dice.randbytes(dice.randrange(1, 4000)) for _ in range(20)]
    for glob in cataloger.wants or ("/bin/thing",):
        for noise in noises:
            facts, _ = reading(cataloger, a_path(glob), noise)
            for fact in facts:
                assert isinstance(fact, Package | Ownership) or fact.path == a_path(glob)


def test_a_package_of_a_language_that_gentoo_installed_belongs_to_gentoos(tmp_path: Path) -> None:
    found = whole(tmp_path, {
        "etc/os-release": b"ID=gentoo\nVERSION_ID=2.15\n",
        "var/db/pkg/dev-python/x-1-r1/CONTENTS": CONTENTS,
        "usr/lib/python3/x-1.dist-info/METADATA": METADATA,
    })  # fmt: skip

    owner, owned = found.packages
    assert (owner.purl, owned.purl) == ("pkg:ebuild/dev-python/x@1-r1", "pkg:pypi/x@1")
    assert owned.owner == owner.id


def test_a_module_of_perl_is_listed_once_with_the_version_that_one_record_has(
    tmp_path: Path,
) -> None:
    found = whole(tmp_path, {
        "usr/lib/perl5/.meta/A-B-1.0/install.json": b'{"version":"1.0","dist":"A-B-1.0"}',
        "usr/lib/perl5/auto/A/B/.packlist": b"/usr/lib/perl5/A/B.pm\n",
        "usr/lib/perl5/auto/C/.packlist": b"/usr/lib/perl5/C.pm\n",
    })  # fmt: skip

    assert [one.purl for one in found.packages] == ["pkg:cpan/A-B@1.0", "pkg:cpan/C"]


def test_what_is_declared_and_installed_is_one_package(tmp_path: Path) -> None:
    found = whole(tmp_path, {
        "app/package-lock.json": b'{"packages":{"node_modules/a":{"version":"1.0"},'
        b'"node_modules/b":{"version":"2.0"}}}',
        "other/node_modules/a/package.json": b'{"name":"a","version":"1.0"}',
    })  # fmt: skip

    assert [(one.name, one.evidence, len(one.paths)) for one in found.packages] == [
        ("a", Evidence.INSTALLED, 2), ("b", Evidence.DECLARED, 1),
    ]  # fmt: skip
