"""Which Python distribution is inside of which."""

import pytest

from lading.catalog.dependencies.vendored import bringers
from lading.model.package import Package

SITE = "/usr/lib/python3.11/site-packages"
OUTER = Package(
    type="pypi", id="core", name="core", version="1", paths=(f"{SITE}/core-1.dist-info/METADATA",)
)
POETRY = Package(
    type="pypi", id="p", name="p", version="1", paths=(f"{SITE}/p-1.dist-info/METADATA",)
)


def around(path: str, **owners: str) -> list[str]:
    inner = Package(type="pypi", id="inner", name="inner", version="1", paths=(path,))
    owned = {f"{SITE}/{place.replace('__', '/')}": owner for place, owner in owners.items()}
    found = bringers(
        [OUTER, POETRY, inner],
        lambda file: next((owned[one] for one in owned if file.startswith(one)), None),
    )
    return next(outer for package, outer in found if package.id == "inner")


@pytest.mark.parametrize(("path", "owners", "outer"), [
    pytest.param("core/_vendor/vendor.txt", {"core__": "p"}, "p", id="whose record lists it"),
    pytest.param("core/_vendor/vendor.txt", {}, "core", id="whose folder it is in"),
    pytest.param("core/_vendor/i-1.dist-info/METADATA", {"core___vendor": "inner", "core__": "p"},
                 "p", id="whose code is beside a copy that lists itself"),
    pytest.param("core/tests/i.egg!/EGG-INFO/PKG-INFO", {"core__": "core"}, "core", id="test data"),
    pytest.param("i-1.dist-info/METADATA", {"i-1": "inner"}, "", id="none"),
    pytest.param("i-1.dist-info/METADATA", {"i-1": "pkg:deb/x"}, "", id="none of Python"),
    pytest.param("other/_vendor/vendor.txt", {}, "", id="none that is known"),
])  # fmt: skip
def test_a_distribution_is_inside_of_the_one(path: str, owners: dict[str, str], outer: str) -> None:
    assert around(f"{SITE}/{path}", **owners) == [outer]
