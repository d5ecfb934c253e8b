"""WordPress, plugins and themes, after its handbook."""

import pytest

from builders import damaged, packages_of, reading
from lading.catalog.wordpress import WORDPRESS

ROOT = "/var/www/html"
CORE = (
    b"<?php\n/**\n * @global string $wp_version\n */\n$wp_version = '6.4.2';\n$wp_db_version = 5;\n"
)
PLUGIN = b"""<?php
/**
 * Plugin Name: Akismet Anti-spam
 * Version: 5.3
 * Author: Some One
 * License: GPLv2 or later
 */
"""
ONE_LINE = b"<?php /* Plugin Name: Hello Dolly\r\nVersion: 1.7.2 */ ?>"
THEME = b"/*\nTheme Name: Twenty Twenty-Four\nVersion: 1.0\nLicense: GNU GPL v2\n*/\nbody {}\n"


@pytest.mark.parametrize(("path", "data", "name", "version"), [
    ("wp-includes/version.php", CORE, "wordpress", "6.4.2"),
    ("wp-content/plugins/akismet/akismet.php", PLUGIN, "wordpress-plugin/akismet", "5.3"),
    ("wp-content/plugins/hello.php", ONE_LINE, "wordpress-plugin/hello", "1.7.2"),
    ("wp-content/themes/tt4/style.css", THEME, "wordpress-theme/tt4", "1.0"),
    ("wp-content/themes/tt4/style.css", b"/* Theme Name: x */", "wordpress-theme/tt4", None),
])  # fmt: skip
def test_the_head_says_what_it_is(path: str, data: bytes, name: str, version: str | None) -> None:
    (package,) = packages_of(WORDPRESS, f"{ROOT}/{path}", data)

    assert (package.type, package.name, package.version) == ("generic", name, version)


def test_licence_and_author_of_a_plugin_are_kept() -> None:
    path = f"{ROOT}/wp-content/plugins/akismet/akismet.php"

    (package,) = packages_of(WORDPRESS, path, PLUGIN)

    assert (package.licenses, package.vendor) == (("GPLv2 or later",), "Some One")


@pytest.mark.parametrize("data", [
    b"", b"<?php\n// Version: 5\n", b"<?php\n" + b" " * 9000 + b"\n// Plugin Name: Late\n",
    b"<?php // Plugin Name: \n",
])  # fmt: skip
def test_other_files_of_a_plugin_are_none(data: bytes) -> None:
    assert reading(WORDPRESS, f"{ROOT}/wp-content/plugins/a/b.php", data) == ([], "")


@pytest.mark.parametrize("data", [b"", b"<?php $wp_version = version();", b"$wp_version = '';"])
def test_wordpress_without_a_version_is_refused(data: bytes) -> None:
    facts, error = reading(WORDPRESS, f"{ROOT}/wp-includes/version.php", data)

    assert facts == []
    assert "version is missing" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(CORE):
        reading(WORDPRESS, f"{ROOT}/wp-includes/version.php", data)
    for data in damaged(PLUGIN):
        reading(WORDPRESS, f"{ROOT}/wp-content/plugins/a/b.php", data)
