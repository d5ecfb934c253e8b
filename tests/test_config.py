"""Settings: one file, then variables; what is wrong is named, and secrets are not."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lading.config import Settings, hours, load
from lading.errors import UsageError

HOME = {"HOME": "/home/me"}


def loaded(
    folder: Path, environ: Mapping[str, str] = HOME, explicit: Path | None = None
) -> Settings:
    return load(explicit, environ, folder)


def a_file(folder: Path, text: str | bytes, name: str = "lading.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# Where settings come from


def test_without_a_file_every_setting_has_a_default(tmp_path: Path) -> None:
    settings = loaded(tmp_path)

    assert settings.cache_dir == Path("/home/me/.cache/lading")
    assert settings.data_dir == Path("/home/me/.local/share/lading")
    assert (settings.offline, settings.workers, settings.stale_after_hours) == (False, 2, 72.0)
    assert (settings.source, settings.proxy, settings.ca_file) == (None, None, None)


def test_the_file_in_the_working_directory_is_read(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, 'offline = true\nworkers = 4\ncache_dir = "/c"\nstale_after_hours = 5\n'
    )
    settings = loaded(tmp_path)

    assert (settings.offline, settings.workers, settings.stale_after_hours) == (True, 4, 5.0)
    assert (settings.cache_dir, settings.source) == (Path("/c"), path)


def test_else_the_user_s_own_is_read(tmp_path: Path) -> None:
    home = tmp_path / "home"
    path = a_file(home, "workers = 3\n", ".config/lading/lading.toml")
    work = tmp_path / "work"
    work.mkdir()

    assert loaded(work, {"HOME": str(home)}).source == path
    a_file(work, "workers = 7\n")
    assert loaded(work, {"HOME": str(home)}).workers == 7


def test_the_folders_of_the_desktop_specification_are_used(tmp_path: Path) -> None:
    path = a_file(tmp_path, "workers = 3\n", "xdg/lading/lading.toml")
    environ = {
        "HOME": "/home/me",
        "XDG_CONFIG_HOME": str(tmp_path / "xdg"),
        "XDG_CACHE_HOME": "/var/cache/me",
        "XDG_DATA_HOME": "relative/is/ignored",
    }
    settings = loaded(tmp_path / "elsewhere", environ)

    assert settings.source == path
    assert settings.cache_dir == Path("/var/cache/me/lading")
    assert settings.data_dir == Path("/home/me/.local/share/lading")


def test_a_file_that_is_named_goes_before_all_others(tmp_path: Path) -> None:
    a_file(tmp_path, "workers = 3\n")
    named = a_file(tmp_path, "workers = 5\n", "other/mine.toml")

    assert loaded(tmp_path, explicit=named).workers == 5
    with pytest.raises(UsageError, match="No such file or directory"):
        loaded(tmp_path, explicit=tmp_path / "none.toml")


def test_variables_go_before_the_file(tmp_path: Path) -> None:
    a_file(tmp_path, 'workers = 3\noffline = true\nproxy = "http://file:1"\n')
    environ = {
        **HOME,
        "LADING_WORKERS": "9",
        "LADING_OFFLINE": "false",
        "LADING_PROXY": "http://env:2",
        "LADING_STALE_AFTER_HOURS": "0.5",
        "LADING_CACHE_DIR": "/env/cache",
    }
    settings = loaded(tmp_path, environ)

    assert (settings.workers, settings.offline, settings.proxy) == (9, False, "http://env:2")
    assert (settings.stale_after_hours, settings.cache_dir) == (0.5, Path("/env/cache"))


def test_variables_of_others_are_no_settings(tmp_path: Path) -> None:
    # A cluster sets such variables for a service of that name.
    assert loaded(tmp_path, {**HOME, "LADING_PORT": "tcp://10.0.0.1:80"}) == loaded(tmp_path)


@pytest.mark.parametrize("text", ["1", "true", "TRUE", "True"])
def test_a_switch_is_on(tmp_path: Path, text: str) -> None:
    assert loaded(tmp_path, {**HOME, "LADING_OFFLINE": text}).offline is True


def test_lists_come_from_the_file_or_separated_by_commas(tmp_path: Path) -> None:
    a_file(tmp_path, 'insecure_registries = ["a.example", "b.example:5000"]\n')

    assert loaded(tmp_path).insecure_registries == ("a.example", "b.example:5000")
    environ = {**HOME, "LADING_INSECURE_REGISTRIES": " c.example , d.example,"}
    assert loaded(tmp_path, environ).insecure_registries == ("c.example", "d.example")


def test_a_tilde_is_the_user_s_own_home(tmp_path: Path) -> None:
    a_file(tmp_path, 'cache_dir = "~/cache"\nlogin_files = ["~/auth.json", "~other/x"]\n')
    settings = loaded(tmp_path)

    assert settings.cache_dir == Path("/home/me/cache")
    assert settings.login_files == (Path("/home/me/auth.json"), Path("~other/x"))


# What is wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("wrokers = 3", "unknown setting 'wrokers'; known: .*workers"),
        ("source = '/x'", "unknown setting 'source'"),
        ("[cache]\ndir = '/x'", "unknown setting 'cache'"),
        ("workers = '3'", "workers must be a int, not '3'"),
        ("workers = true", "workers must be a int, not True"),
        ("workers = 2.5", "workers must be a int, not 2.5"),
        ("workers = 0", "must be numbers above zero"),
        ("workers = -1", "must be numbers above zero"),
        ("stale_after_hours = 0", "must be numbers above zero"),
        ("stale_after_hours = nan", "must be numbers above zero"),
        ("stale_after_hours = inf", "must be numbers above zero"),
        ("stale_after_hours = true", "stale_after_hours must be a float, not True"),
        ("offline = 1", "offline must be a bool, not 1"),
        ("offline = 'yes'", "offline must be a bool, not 'yes'"),
        ("cache_dir = 5", "cache_dir must be a str, not 5"),
        ("cache_dir = ''", "cache_dir must be a path, not ''"),
        ('cache_dir = "a\\u0000b"', "cache_dir must be a path"),
        ("login_files = '/x'", "login_files must be a list of texts, not '/x'"),
        ("login_files = [5]", r"login_files must be a list of texts, not \[5\]"),
        ("login_files = ['']", "login_files must be a path, not ''"),
        ("proxy = {}", "proxy must be a str"),
        ("= 5", "is no TOML file"),
        ("workers = 3\nworkers = 4", "is no TOML file"),
        (b"\xff\xfe", "is no TOML file"),
        ("x = " + "[" * 10_000, "is no TOML file"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(
    tmp_path: Path, text: str | bytes, message: str
) -> None:
    a_file(tmp_path, text)

    with pytest.raises(UsageError, match=message):
        loaded(tmp_path)


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("LADING_WORKERS", "many", "LADING_WORKERS must be a int, not 'many'"),
        ("LADING_WORKERS", "", "LADING_WORKERS must be a int, not ''"),
        ("LADING_WORKERS", "0", "above zero"),
        ("LADING_STALE_AFTER_HOURS", "nan", "above zero"),
        ("LADING_OFFLINE", "yes", "LADING_OFFLINE must be true or false, not 'yes'"),
        ("LADING_CACHE_DIR", "", "cache_dir must be a path, not ''"),
    ],
)
def test_what_is_wrong_in_a_variable_is_named(
    tmp_path: Path, variable: str, text: str, message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        loaded(tmp_path, {**HOME, variable: text})


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "folder.toml"
    folder.mkdir()

    with pytest.raises(UsageError, match=r"folder\.toml: Is a directory"):
        loaded(tmp_path, explicit=folder)


def test_a_folder_that_cannot_be_searched_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may search everywhere")
    tmp_path.chmod(0)
    try:
        with pytest.raises(UsageError, match="Permission denied"):
            loaded(tmp_path)
    finally:
        tmp_path.chmod(0o700)


# Secrets


def test_a_proxy_s_password_is_not_shown(tmp_path: Path) -> None:
    settings = loaded(tmp_path, {**HOME, "LADING_PROXY": "http://me:s3cret@proxy:3128"})

    assert settings.proxy == "http://me:s3cret@proxy:3128"
    assert "s3cret" not in repr(settings)
    assert "s3cret" not in str(settings)


def test_a_proxy_of_a_wrong_type_is_not_shown_either(tmp_path: Path) -> None:
    a_file(tmp_path, 'proxy = ["http://me:s3cret@proxy:3128"]\n')

    with pytest.raises(UsageError, match="proxy must be a str, not a list") as caught:
        loaded(tmp_path)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"# " + b"x" * 16384, id="a long comment"),
        pytest.param(b"a." * 100_000 + b"b = 1", id="a key of many parts"),
    ],
)
def test_a_file_larger_than_settings_are_is_not_read(data: bytes, tmp_path: Path) -> None:
    a_file(tmp_path, data)

    with pytest.raises(UsageError, match=r"lading\.toml: larger than 16384 bytes"):
        loaded(tmp_path)


# Durations


@pytest.mark.parametrize(
    ("text", "value"), [("36h", 36.0), ("7d", 168.0), ("2w", 336.0), ("0.5d", 12.0), ("0h", 0.0)]
)
def test_durations_are_hours_days_or_weeks(text: str, value: float) -> None:
    assert hours(text) == value


@pytest.mark.parametrize(
    "text", ["", "7", "d", "7 d", "-1d", "1e3h", "7m", "7D", "9" * 99 + "h", "1.h", "٣d"]
)
def test_what_is_no_duration_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError, match="is no duration; write 36h, 7d or 2w"):
        hours(text)


@given(st.text(max_size=8))
def test_any_text_is_a_duration_or_wrong_usage(text: str) -> None:
    try:
        value = hours(text)
    except UsageError:
        return
    assert value >= 0
