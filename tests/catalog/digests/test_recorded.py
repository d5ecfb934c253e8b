"""Which files a package manager was told to leave out."""

import time

import pytest

from lading.catalog.cataloger import ImageFile
from lading.catalog.digests.recorded import Absences, LeftOut, left_out
from lading.errors import CatalogError

DOCS = LeftOut(
    type="deb",
    path="/etc/dpkg/dpkg.cfg.d/a",
    rules=((True, "/usr/share/doc/*"), (False, "/usr/share/doc/*/copyright")),
)


@pytest.mark.parametrize(("path", "answer"), [
    ("/usr/share/doc/a/b/c", True),
    ("/usr/share/doc/a/copyright", False),
    ("/usr/share/docs", False),
    ("/bin/a", False),
])  # fmt: skip
def test_the_last_rule_that_fits_holds(path: str, answer: bool) -> None:
    assert Absences([DOCS]).explain("deb", path) is answer


def test_settings_are_read_in_the_order_of_their_names() -> None:
    later = LeftOut(type="deb", path="/etc/dpkg/dpkg.cfg.d/b", rules=((False, "*"),))

    assert not Absences([later, DOCS]).explain("deb", "/usr/share/doc/a")


def test_rules_of_another_package_manager_do_not_count() -> None:
    assert not Absences([DOCS]).explain("alpm", "/usr/share/doc/a")


def test_rules_that_are_absurdly_many_take_no_long_time() -> None:
    rules = LeftOut(type="deb", path="/etc/a", rules=((True, "/*/*/*a"),) * 5000)
    absences = Absences([rules])
    started = time.process_time()

    for number in range(100_000):
        absences.explain("deb", f"/usr/share/{number}")

    assert time.process_time() - started < 20


def test_settings_of_absurd_length_are_refused() -> None:
    file = ImageFile(path="/etc/a", data=bytes(100_000), mode=0o644)

    with pytest.raises(CatalogError, match="settings of more than"):
        left_out(file, "deb", ())
