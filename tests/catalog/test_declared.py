import pytest

from lading.catalog.declared import declare, is_own
from lading.errors import CatalogError
from lading.model.package import Evidence, Package


@pytest.mark.parametrize(("path", "own"), [
    ("/app/package-lock.json", True),
    ("/app/node_modules/thing/package-lock.json", False),
    ("/usr/lib/python3/dist-packages/thing/requirements.txt", False),
    ("/root/go/pkg/mod/example.org/thing@v1/go.mod", False),
    ("/var/lib/gems/3.1.0/gems/thing-1.0/Gemfile.lock", False),
    ("/srv/vendor/thing/composer.lock", False),
])  # fmt: skip
def test_a_lock_file_inside_an_installed_package_is_not_the_applications(
    path: str, own: bool
) -> None:
    assert is_own(path) is own


def test_each_name_and_version_is_declared_once() -> None:
    found = list(declare("npm", "/lock", [("a", "1"), ("b", "1"), ("a", "1"), ("a", "2")]))

    assert [(one.name, one.version) for one in found] == [("a", "1"), ("b", "1"), ("a", "2")]
    assert {(one.type, one.paths, one.evidence) for one in found} == {
        ("npm", ("/lock",), Evidence.DECLARED)
    }


@pytest.mark.parametrize("row", [(None, "1"), ("a", None), (7, "1"), ("a", []), ("a\n", "\0")])
def test_unfit_rows_are_counted_after_the_others(row: tuple[object, object]) -> None:
    found: list[Package] = []

    with pytest.raises(CatalogError, match="/lock: 1 of its packages"):
        found.extend(declare("npm", "/lock", [row, ("b", "1")]))
    assert [one.name for one in found] == ["b"]
