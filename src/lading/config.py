"""Every setting and its default: one TOML file, then `LADING_…` variables, then the command line.

The file is `--config FILE`, else `lading.toml` in the working directory, else
`$XDG_CONFIG_HOME/lading/lading.toml`. A key that is not listed here is an error.
"""

import dataclasses
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lading.errors import UsageError

_FILE = "lading.toml"
_LARGEST = 1 << 14  # bytes of the file, which may be a hostile checkout's
_HOURS = {"h": 1.0, "d": 24.0, "w": 168.0}


def _home(environ: Mapping[str, str], variable: str, fallback: str) -> Path:
    given = environ.get(variable, "")
    base = Path(given) if given.startswith("/") else Path(environ.get("HOME") or "/") / fallback
    return base / "lading"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user can set once for all runs."""

    cache_dir: Path  # unpacked advisory snapshot; may be deleted at any time
    data_dir: Path  # the advisory database that `lading advisories` fills
    stale_after_hours: float = 72.0  # a feed without news for longer is called stale
    offline: bool = False  # never use the network
    workers: int = 2  # layers read at once
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    ca_file: Path | None = None  # PEM file of further certificate authorities
    login_files: tuple[Path, ...] = ()  # of `docker login` and `podman login`, the first wins
    advisory_mirrors: tuple[str, ...] = ()  # PREFIX=URL, asked for feeds instead of PREFIX
    registry_mirrors: tuple[str, ...] = ()  # HOST=https://MIRROR, asked before HOST
    insecure_registries: tuple[str, ...] = ()  # hosts that may be asked without TLS
    docker_sockets: tuple[Path, ...] = ()  # the first that exists is asked
    podman_sockets: tuple[Path, ...] = ()
    containerd_root: Path = Path("/var/lib/containerd")
    containerd_namespaces: tuple[str, ...] = ("default", "k8s.io", "moby")  # in this order
    source: Path | None = None  # the file that was read


_LISTS = frozenset(
    item.name for item in dataclasses.fields(Settings) if str(item.type).startswith("tuple")
)
_SECRETS = frozenset(item.name for item in dataclasses.fields(Settings) if not item.repr)
_PATHS = ("cache_dir", "data_dir", "ca_file", "containerd_root")
_LISTED_PATHS = ("login_files", "docker_sockets", "podman_sockets")
_KEYS = {item.name for item in dataclasses.fields(Settings)} - {"source"}


def load(explicit: Path | None, environ: Mapping[str, str], directory: Path) -> Settings:
    """Return the settings; UsageError names the file or variable, the key and what is wrong."""
    path = _find(explicit, environ, directory)
    values: dict[str, object] = {
        "cache_dir": str(_home(environ, "XDG_CACHE_HOME", ".cache")),
        "data_dir": str(_home(environ, "XDG_DATA_HOME", ".local/share")),
        **_engines(environ),
    }
    if path is not None:
        values |= _read(path)
    for key in sorted(_KEYS):
        variable = f"LADING_{key.upper()}"
        if variable in environ:
            values[key] = _typed(variable, key, environ[variable])
    return _settings(values, path, environ.get("HOME") or "/")


def _engines(environ: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return where the clients of engines keep logins, and where engines listen."""
    home = environ.get("HOME") or "/"
    runtime = environ.get("XDG_RUNTIME_DIR", "")
    user = (runtime,) if runtime.startswith("/") else ()
    docker = environ.get("DOCKER_CONFIG") or f"{home}/.docker"
    explicit = environ.get("REGISTRY_AUTH_FILE")
    return {
        "login_files": (
            *((explicit,) if explicit else ()),
            f"{docker}/config.json",
            *(f"{folder}/containers/auth.json" for folder in user),
            f"{home}/.config/containers/auth.json",
        ),
        "docker_sockets": _sockets(
            environ.get("DOCKER_HOST"),
            "/var/run/docker.sock",
            *(f"{folder}/docker.sock" for folder in user),
        ),
        "podman_sockets": _sockets(
            environ.get("CONTAINER_HOST"),
            *(f"{folder}/podman/podman.sock" for folder in user),
            "/run/podman/podman.sock",
        ),
    }


def _sockets(address: str | None, *usual: str) -> tuple[str, ...]:
    """Return the path of unix://PATH, or the usual ones; engines elsewhere are not asked."""
    if not address:
        return usual
    path = address.removeprefix("unix://")
    return (path,) if path != address and path.startswith("/") else ()


def _find(explicit: Path | None, environ: Mapping[str, str], directory: Path) -> Path | None:
    if explicit is not None:
        return explicit
    user = _home(environ, "XDG_CONFIG_HOME", ".config")
    try:
        return next((path for path in (directory / _FILE, user / _FILE) if path.is_file()), None)
    except OSError as error:
        raise UsageError(f"{error.filename}: {error.strerror}") from error


def _read(path: Path) -> dict[str, object]:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error
    if len(data) > _LARGEST:
        raise UsageError(f"{path}: larger than {_LARGEST} bytes, so it is no file of settings")
    try:
        values = tomllib.loads(data.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise UsageError(f"{path} is no TOML file: {error}") from error
    for key in values:
        if key not in _KEYS:
            raise UsageError(f"{path}: unknown setting {key!r}; known: {', '.join(sorted(_KEYS))}")
    return {key: _checked(str(path), key, value) for key, value in values.items()}


_KINDS: dict[str, type] = {"stale_after_hours": float, "offline": bool, "workers": int}


def _checked(where: str, key: str, value: object) -> object:
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageError(f"{where}: {key} must be a list of texts, not {value!r}")
        return tuple(value)
    kind = _KINDS.get(key, str)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise UsageError(f"{where}: {key} must be a {kind.__name__}, not {_seen(key, value)}")
    return value


def _seen(key: str, value: object) -> str:
    """Return the value for a message, but for what may hold a password: its type."""
    return f"a {type(value).__name__}" if key in _SECRETS else repr(value)


def _typed(variable: str, key: str, text: str) -> object:
    """Return the variable's text as the setting's type; a list has commas between its items."""
    if key in _LISTS:
        return tuple(item.strip() for item in text.split(",") if item.strip())
    kind = _KINDS.get(key, str)
    if kind is bool:
        if text.lower() not in ("0", "1", "true", "false"):
            raise UsageError(f"{variable} must be true or false, not {text!r}")
        return text.lower() in ("1", "true")
    try:
        return kind(text)
    except ValueError as error:
        raise UsageError(f"{variable} must be a {kind.__name__}, not {text!r}") from error


def _settings(values: dict[str, object], source: Path | None, home: str) -> Settings:
    for key in _PATHS:
        if values.get(key) is not None:
            values[key] = _path(key, str(values[key]), home)
    for key in _LISTED_PATHS:
        listed = values.get(key)
        if isinstance(listed, tuple):
            values[key] = tuple(_path(key, str(item), home) for item in listed)
    settings = Settings(**values, source=source)  # type: ignore[arg-type]  # each was checked above
    if settings.workers < 1 or not 0 < settings.stale_after_hours < math.inf:
        raise UsageError("workers and stale_after_hours must be numbers above zero")
    return settings


def _path(key: str, text: str, home: str) -> Path:
    """Return the path, `~` being the user's own home; UsageError when it can be no path."""
    if not text or "\0" in text:
        raise UsageError(f"{key} must be a path, not {text!r}")
    if text == "~" or text.startswith("~/"):
        return Path(home + text[1:])
    return Path(text)


def hours(text: str) -> float:
    """Return a duration such as 36h, 7d or 2w in hours; UsageError when it is none."""
    found = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?)([hdw])", text)
    if found is None:
        raise UsageError(f"{text!r} is no duration; write 36h, 7d or 2w")
    return float(found[1]) * _HOURS[found[2]]
