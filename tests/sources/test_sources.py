"""Where an image is looked for, and in which order."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from images import SYSTEM, a_layer, a_layout, manifest_of
from lading import sources
from lading.errors import ImageError, UsageError
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.image.target import REFERENCES, parse
from lading.net import NetworkError
from lading.sources import ENGINES, images_of_any, open_any
from lading.sources.door import Door, EngineSilent, parse_mirrors
from lading.sources.engine import Engine, NotStored
from registries import Registry


def an_engine(name: str, error: Exception) -> Engine:
    def fail(reference: str, platform: Platform | None, limits: Limits, door: Door) -> Opened:
        raise error

    return Engine(name=name, open=fail)


@pytest.fixture
def engines(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Stand-ins for the local engines."""

    def put(*given: Engine) -> None:
        monkeypatch.setattr(sources, "ENGINES", given)

    return put


def opened(text: str, door: Door) -> Opened:
    return open_any(parse(text), None, Limits(), door)


def test_each_engine_has_a_scheme() -> None:
    assert {one.name for one in ENGINES} | {"registry"} == set(REFERENCES)


def test_a_path_is_opened_without_asking_anyone(door: Door, layout: Path) -> None:
    assert opened(str(layout), door).image.digest is not None
    assert opened(f"oci:{layout}", door).image.digest is not None


def test_a_bare_name_is_looked_up_in_engines_then_in_the_registry(
    registry: Registry, door: Door, layout: Path, engines: Callable[..., None]
) -> None:
    registry.put_layout(layout)
    engines(an_engine("one", EngineSilent("off")), an_engine("two", NotStored("no such image")))

    found = opened(f"{registry.host}/team/app:1", door)

    assert found.image.reference == f"{registry.host}/team/app:1"
    assert found.notes == ()


def test_an_engine_that_has_the_image_but_cannot_give_it_is_noted(
    registry: Registry, door: Door, layout: Path, engines: Callable[..., None]
) -> None:
    registry.put_layout(layout)
    engines(an_engine("one", NetworkError("disk on fire")))

    found = opened(f"{registry.host}/team/app:1", door)

    assert found.notes == (
        "read from the registry, because it could not be read here: disk on fire",
    )


def test_an_image_that_is_nowhere_is_an_error_that_says_where_it_was_looked_for(
    registry: Registry, door: Door, engines: Callable[..., None]
) -> None:
    engines(an_engine("one", EngineSilent("one is off")), an_engine("two", NotStored("two: no")))

    with pytest.raises(ImageError) as caught:
        opened(f"{registry.host}/team/app:1", door)

    for part in ("no such file", "not there, NAME_UNKNOWN", "one is off", "two: no"):
        assert part in str(caught.value)


def test_offline_a_bare_name_is_looked_up_here_only(
    registry: Registry, door: Door, engines: Callable[..., None]
) -> None:
    engines(an_engine("one", EngineSilent("one is off")))

    with pytest.raises(ImageError, match=r"--offline forbids asking a registry.*one is off"):
        opened(f"{registry.host}/team/app:1", replace(door, offline=True))

    assert registry.log == []


def test_an_engine_named_but_not_running_is_an_error(door: Door, tmp_path: Path) -> None:
    door = replace(door, docker_sockets=(tmp_path / "s",))

    with pytest.raises(ImageError, match="docker:app: docker is not running"):
        opened("docker:app", door)


@pytest.mark.parametrize("target", ["registry:", "docker:", "podman:", "containerd:"])
def test_a_scheme_without_a_name_is_wrong_usage(target: str) -> None:
    with pytest.raises(UsageError, match="names no image"):
        parse(target)


def test_a_registry_target_that_is_no_reference_is_wrong_usage(door: Door) -> None:
    with pytest.raises(UsageError, match="is no image reference"):
        opened("registry:UPPER/Case:1:2", door)


@pytest.mark.parametrize("name", ["image.tar", "a.tar.gz", "x/y.tgz", "./name", "/name", "a b"])
def test_what_looks_like_a_file_is_not_looked_up(name: str) -> None:
    with pytest.raises(ImageError, match="no such file or directory"):
        parse(name)


class TestStandardInput:
    def test_an_archive_is_read(self, door: Door, layout: Path) -> None:
        members = {
            str(file.relative_to(layout)): file.read_bytes()
            for file in layout.rglob("*")
            if file.is_file()
        }
        pipe: Any = _Pipe(a_layer({**members}))

        image = opened("-", replace(door, stdin=pipe))

        image.close()
        assert image.image.digest == f"sha256:{manifest_of(layout).name}"

    @pytest.mark.parametrize("data", [b"", b"hello", b"\x1f\x8b\x08"])
    def test_anything_else_is_an_error(self, door: Door, data: bytes) -> None:
        pipe: Any = _Pipe(data)

        with pytest.raises(ImageError, match="standard input"):
            opened("-", replace(door, stdin=pipe))


class _Pipe(io.RawIOBase):
    """Bytes that come once, like those of a pipe."""

    def __init__(self, data: bytes) -> None:
        self._data = io.BytesIO(data)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return self._data.readinto(buffer)


class TestAllPlatforms:
    BOTH = ("linux/amd64", "linux/arm64")

    def test_every_image_of_an_index_in_a_registry(
        self, registry: Registry, door: Door, tmp_path: Path
    ) -> None:
        folder = a_layout(tmp_path / "both", a_layer(SYSTEM), platforms=self.BOTH)
        registry.put_layout(folder)

        found = images_of_any(parse(f"{registry.host}/team/app:1"), Limits(), door)

        images = [open_any(one, None, Limits(), door).image for one in found]
        assert [one.platform for one in images] == list(self.BOTH)

    def test_every_image_of_a_layout(self, door: Door, tmp_path: Path) -> None:
        folder = a_layout(tmp_path / "both", a_layer(SYSTEM), platforms=self.BOTH)

        found = images_of_any(parse(str(folder)), Limits(), door)

        images = [open_any(one, None, Limits(), door).image for one in found]
        assert [one.platform for one in images] == list(self.BOTH)


class TestMirrorSettings:
    def test_a_host_may_have_several(self) -> None:
        found = parse_mirrors(("a=https://b:5000/", "a=http://c", "d:1=https://e"))

        assert found == {"a": ("https://b:5000", "http://c"), "d:1": ("https://e",)}

    @pytest.mark.parametrize(
        "text", ["", "a", "a=", "a=b", "=https://b", "a=ftp://b", "a=https://", "a=https://b/path"]
    )
    def test_another_form_is_wrong_usage(self, text: str) -> None:
        with pytest.raises(UsageError, match=re.escape(repr(text))):
            parse_mirrors((text,))
