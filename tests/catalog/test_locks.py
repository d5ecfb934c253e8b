"""Which lock files count."""

from dataclasses import replace

import pytest

from lading.catalog.locks import without_idle_locks
from lading.model.package import Evidence, Package


def declared(path: str, *, type: str = "npm", owner: str | None = None) -> Package:
    return Package(
        type=type, name="a", version="1", paths=(path,), evidence=Evidence.DECLARED, owner=owner
    )


def installed(path: str, *, type: str = "npm") -> Package:
    return Package(type=type, name="b", version="2", paths=(path,))


@pytest.mark.parametrize(
    ("lock", "beside", "counts"),
    [
        pytest.param(declared("/srv/app/package-lock.json"), None, True, id="nothing installed"),
        pytest.param(
            declared("/srv/app/package-lock.json"),
            installed("/srv/app/node_modules/b/package.json"),
            False,
            id="beside the installed tree",
        ),
        pytest.param(
            declared("/srv/app/package-lock.json"),
            installed("/srv/other/node_modules/b/package.json"),
            True,
            id="another application's tree",
        ),
        pytest.param(
            declared("/srv/app/composer.lock", type="composer"),
            installed("/srv/app/node_modules/b/package.json"),
            True,
            id="a tree of another kind",
        ),
        pytest.param(
            declared("/srv/app/composer.lock", type="composer"),
            installed("/srv/app/vendor/composer/installed.json", type="composer"),
            False,
            id="a vendor folder",
        ),
        pytest.param(
            declared("/srv/app/node_modules/c/package-lock.json"), None, False, id="of a module"
        ),
        pytest.param(
            declared("/usr/lib/python3/dist-packages/x/uv.lock", type="pypi"),
            None,
            False,
            id="of a distribution",
        ),
        pytest.param(
            declared("/usr/share/nodejs/x/pnpm-lock.yaml", owner="pkg:deb/debian/x@1"),
            None,
            False,
            id="of a package of the system",
        ),
    ],
)
def test_a_lock_file_counts_where_it_is_all_there_is(
    lock: Package,
    beside: Package | None,
    counts: bool,
) -> None:
    packages = [lock] if beside is None else [lock, beside]

    assert (lock in without_idle_locks(packages)) is counts


def test_a_package_that_one_live_lock_declares_stays() -> None:
    lock = replace(
        declared("/srv/app/package-lock.json"),
        paths=("/srv/app/node_modules/c/package-lock.json", "/srv/app/package-lock.json"),
    )

    assert without_idle_locks([lock]) == [lock]
