"""Requirements of eggs, and pins of vendored copies."""

import pytest

from lading.catalog.python_lists import (
    Pin,
    origin,
    pinned,
    required,
    site_of,
    vendored_in,
    vendored_module,
)


def test_headings_of_an_egg_become_conditions() -> None:
    text = """
        a>=1
        # nothing

        [fast]
        b[x]==2

        [:python_version < "3"]
        c

        [slow:os_name == "nt" or os_name == "java"]
        d
    """

    assert list(required(text)) == [
        "a>=1",
        'b[x]==2 ; extra == "fast"',
        'c ; python_version < "3"',
        'd ; (os_name == "nt" or os_name == "java") and extra == "slow"',
    ]


@pytest.mark.parametrize(("line", "pin"), [
    ("CacheControl==0.13.1  # Make sure to update the license", Pin("CacheControl", "0.13.1")),
    ("    idna==3.4", Pin("idna", "3.4")),
    ("coherent.licensed[x] == 1.0; python_version > '3'", Pin("coherent.licensed", "1.0")),
    ("tomli===2.0.post1", Pin("tomli", "2.0.post1")),
    ("six>=1.16", Pin("six", None)),
    ("-e ./here", None),
])  # fmt: skip
def test_a_line_of_vendored_copies_names_one(line: str, pin: Pin | None) -> None:
    assert list(pinned(f"# heading\n\n{line}\n")) == [pin]


@pytest.mark.parametrize(("path", "around"), [
    ("/s/pip/_vendor/vendor.txt", "/s/pip"),
    ("/s/setuptools/_vendor/tomli-2.dist-info/METADATA", "/s/setuptools"),
    ("/s/x/_vendored/y", "/s/x"),
    ("/s/pipenv/patched/patched.txt", "/s/pipenv"),
    ("/s/other/vendor/vendor.txt", None),
    ("/s/my_vendor/x", None),
])  # fmt: skip
def test_a_folder_of_vendored_copies_is_in_the_package_around_it(
    path: str, around: str | None
) -> None:
    assert vendored_in(path) == around


@pytest.mark.parametrize(("fields", "place"), [
    ({"url": "https://u:p@example.org/a.git", "vcs_info": {"vcs": "git", "commit_id": "0123abc"}},
     "git+https://example.org/a.git@0123abc"),
    ({"url": "https://example.org/a.git", "vcs_info": {"vcs": "git"}},
     "git+https://example.org/a.git"),
    ({"url": "https://example.org/a-1.zip", "archive_info": {"hash": "sha256=0"}},
     "https://example.org/a-1.zip"),
    ({"url": "file:///srv/a", "dir_info": {"editable": True}}, "file:///srv/a"),
    ({"url": "file:///srv/a", "vcs_info": []}, "file:///srv/a"),
    ({"url": 5}, None),
    ({}, None),
])  # fmt: skip
def test_where_a_package_came_from_is_told_without_passwords(
    fields: dict[str, object], place: str | None
) -> None:
    assert origin(fields) == place


VENDOR = "/s/setuptools/_vendor"


@pytest.mark.parametrize(("path", "text", "pin"), [
    (f"{VENDOR}/ordered_set.py", "x = 1\n__version__ = '3.1'\n", Pin("ordered_set", "3.1")),
    (f"{VENDOR}/packaging/__about__.py", '__version__ = "21.3"', Pin("packaging", "21.3")),
    ("/s/pkg_resources/_vendor/platformdirs/version.py", "__version__ = version = '2.6.2'",
     Pin("platformdirs", "2.6.2")),
    (f"{VENDOR}/pyparsing/__init__.py", '__version_info__ = version_info(3, 0, 9, "final", 0)',
     Pin("pyparsing", "3.0.9")),
    (f"{VENDOR}/appdirs.py", "__version_info__ = (1, 4, 3)", Pin("appdirs", "1.4.3")),
    (f"{VENDOR}/zipp.py", "import zipfile", None),
    (f"{VENDOR}/a/deeper/__init__.py", "__version__ = '1'", None),
    ("/s/other/_vendor/a.py", "__version__ = '1'", None),
])  # fmt: skip
def test_modules_that_setuptools_vendors_state_their_version(
    path: str, text: str, pin: Pin | None
) -> None:
    assert vendored_module(path, text) == pin


def test_the_place_of_a_vendored_module_is_the_folder_of_all_copies() -> None:
    assert site_of(f"{VENDOR}/packaging/__about__.py") == VENDOR
    assert site_of("/s/other/a.py") is None
