"""The registry of PEAR and PECL, as PEAR itself keeps it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
from lading.catalog.pear import PEAR
from lading.model.package import Ownership

SHARE = Path("/usr/share/php")
PATH = "/usr/local/lib/php/.registry/.channel.pecl.php.net/redis.reg"
RECORD = (
    b'a:5:{s:4:"name";s:5:"redis";s:7:"channel";s:12:"pecl.php.net";s:7:"version";a:2:'
    b'{s:7:"release";s:5:"6.0.2";s:3:"api";s:5:"6.0.0";}s:7:"license";a:2:{s:7:"attribs";'
    b'a:1:{s:3:"uri";s:1:"x";}s:8:"_content";s:3:"PHP";}s:8:"filelist";a:2:{s:8:"redis.so";'
    b'a:1:{s:12:"installed_as";s:24:"/usr/lib/php/20/redis.so";}s:7:"redis.c";a:1:'
    b'{s:4:"role";s:3:"src";}}}'
)
OLD = b'a:2:{s:7:"package";s:4:"Mail";s:7:"version";s:5:"1.4.1";}'

LIST = b'a:2:{i:0;a:1:{s:4:"name";s:1:"b";}i:1;a:1:{s:4:"name";s:1:"c";}}'


@pytest.mark.skipif(not (SHARE / ".registry").is_dir(), reason="PEAR is not installed")
def test_what_pear_installed_is_read() -> None:
    packages, owned = packages_below(SHARE, PEAR, prefix="/usr/share/php")

    assert packages["PEAR"].vendor == "pear.php.net"
    assert packages["PEAR"].licenses == ("New BSD License",)
    (files,) = (one.paths for one in owned if one.name == "PEAR")
    assert "/usr/share/php/PEAR.php" in files


@pytest.mark.skipif(not (SHARE / ".registry").is_dir(), reason="PEAR is not installed")
@pytest.mark.skipif(shutil.which("pear") is None, reason="PEAR's program is not installed")
def test_what_a_package_asks_for_is_what_pear_says() -> None:
    said = subprocess.run(
        ["pear", "package-dependencies", "PEAR"], check=True, capture_output=True, text=True
    ).stdout
    packages, _ = packages_below(SHARE, PEAR, prefix="/usr/share/php")

    named = set(re.findall(r"Package\s+(?:\S+/)?(\w+)", said))
    assert "Archive_Tar" in named
    assert named == set(packages["PEAR"].requires)
    assert {"Archive_Tar", "Console_Getopt", "Structures_Graph", "XML_Util"} <= set(packages)


@pytest.mark.parametrize(("stated", "requires"), [
    (b'a:1:{s:8:"required";a:1:{s:7:"package";a:1:{s:4:"name";s:1:"a";}}}', ("a",)),
    (b'a:1:{s:8:"optional";a:1:{s:7:"package";' + LIST + b"}}", ("b", "c")),
    (b'a:1:{s:5:"group";a:1:{s:7:"package";' + LIST + b"}}", ("b", "c")),
    (b'a:1:{s:5:"group";a:1:{i:0;a:1:{s:7:"package";' + LIST + b"}}}", ("b", "c")),
    (b'a:1:{s:8:"required";a:1:{s:9:"extension";a:1:{s:4:"name";s:3:"xml";}}}', ()),
    (b'a:1:{s:8:"required";s:1:"x";}', ()),
    (b"N;", ()),
])  # fmt: skip
def test_packages_are_asked_for_alone_or_in_a_list(
    stated: bytes, requires: tuple[str, ...]
) -> None:
    record = OLD.replace(b"a:2:", b"a:3:").removesuffix(b"}") + b's:12:"dependencies";' + stated
    (package,) = packages_of(PEAR, PATH, record + b"}")

    assert package.requires == requires


def test_an_extension_and_its_files_are_read() -> None:
    facts, error = reading(PEAR, PATH, RECORD)

    (package,) = packages_of(PEAR, PATH, RECORD)
    assert error == ""
    assert (package.type, package.name, package.version) == ("generic", "redis", "6.0.2")
    assert (package.vendor, package.licenses) == ("pecl.php.net", ("PHP",))
    assert facts[1] == Ownership(
        type="generic", name="redis", version="6.0.2", paths=("/usr/lib/php/20/redis.so",)
    )


def test_a_record_of_the_older_form_is_read() -> None:
    (package,) = packages_of(PEAR, PATH, OLD)

    assert (package.name, package.version) == ("Mail", "1.4.1")


@pytest.mark.parametrize("data", [
    b"", b"N;", b"a:0:{}", b's:4:"name";', OLD.replace(b'"version"', b'"nothing"'),
])  # fmt: skip
def test_what_is_no_record_is_refused(data: bytes) -> None:
    facts, error = reading(PEAR, PATH, data)

    assert facts == []
    assert error != ""


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(RECORD):
        reading(PEAR, PATH, data)
