"""WordPress with its plugins and themes, as its own functions read their heads."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
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
    ("wp-content/mu-plugins/must.php", ONE_LINE, "wordpress-plugin/must", "1.7.2"),
    ("wp-content/themes/tt4/style.css", THEME, "wordpress-theme/tt4", "1.0"),
    ("wp-content/themes/tt4/style.css", b"/* Theme Name: x */", "wordpress-theme/tt4", None),
])  # fmt: skip
def test_the_head_says_what_it_is(path: str, data: bytes, name: str, version: str | None) -> None:
    (package,) = packages_of(WORDPRESS, f"{ROOT}/{path}", data)

    assert (package.type, package.name, package.version) == ("generic", name, version)


@pytest.mark.parametrize(("path", "data", "requires"), [
    ("plugins/a/a.php", b"<?php /* Plugin Name: A\n * Requires Plugins: b, c-d\n*/",
     ("wordpress-plugin/b", "wordpress-plugin/c-d")),
    ("themes/a/style.css", b"/*\nTheme Name: A\nTemplate: tt4\n*/", ("wordpress-theme/tt4",)),
    ("themes/a/style.css", b"/*\nTheme Name: A\nRequires Plugins: b\n*/", ()),
    ("plugins/a/a.php", b"<?php /* Plugin Name: A\n Requires Plugins: ,\n*/", ()),
])  # fmt: skip
def test_plugins_ask_for_plugins_and_a_theme_for_its_parent(
    path: str, data: bytes, requires: tuple[str, ...]
) -> None:
    (package,) = packages_of(WORDPRESS, f"{ROOT}/wp-content/{path}", data)

    assert package.requires == requires


def test_licence_and_author_of_a_plugin_are_kept() -> None:
    path = f"{ROOT}/wp-content/plugins/akismet/akismet.php"

    (package,) = packages_of(WORDPRESS, path, PLUGIN)

    assert (package.licenses, package.vendor) == (("GPLv2 or later",), "Some One")


# get_file_data is what WordPress lists plugins and themes with.
JUDGE = """
define('ABSPATH', $argv[1] . '/'); define('WPINC', 'wp-includes'); define('KB_IN_BYTES', 1024);
require ABSPATH . 'wp-includes/plugin.php';
require ABSPATH . 'wp-includes/functions.php';
require ABSPATH . 'wp-includes/version.php';
$found = ['wordpress' => $wp_version];
$heads = ['plugin' => 'Plugin Name', 'theme' => 'Theme Name'];
foreach (['plugin' => 'plugins/{*,*/*}.php', 'theme' => 'themes/*/style.css'] as $kind => $glob)
    foreach (glob(ABSPATH . "wp-content/$glob", GLOB_BRACE) as $file) {
        $data = get_file_data($file, ['title' => $heads[$kind], 'version' => 'Version']);
        $folder = basename(dirname($file));
        $slug = $folder == 'plugins' ? basename($file, '.php') : $folder;
        if ($data['title'] != '') $found["wordpress-$kind/$slug"] = $data['version'];
    }
echo json_encode($found);
"""


@pytest.mark.slow
@pytest.mark.registry
@pytest.mark.skipif(shutil.which("php") is None, reason="PHP is not installed")
def test_what_debian_packs_is_read_as_wordpress_reads_it(tmp_path: Path) -> None:
    for package in ("wordpress", "wordpress-theme-twentytwentythree"):
        got = subprocess.run(
            ["apt-get", "download", package], cwd=tmp_path, capture_output=True, check=False
        )
        if got.returncode:
            pytest.skip(f"{package} cannot be downloaded")
    for archive in tmp_path.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", archive, tmp_path], check=True)
    root = tmp_path / "usr/share/wordpress"
    told = subprocess.run(
        ["php", "-d", "error_reporting=0", "-r", JUDGE, str(root)], check=True, capture_output=True
    ).stdout

    packages, _ = packages_below(root, WORDPRESS, prefix=ROOT)

    judged = json.loads(told)
    assert {name: one.version for name, one in packages.items()} == judged
    assert {"wordpress", "wordpress-plugin/akismet", "wordpress-theme/twentytwentythree"} <= {
        *judged
    }


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
