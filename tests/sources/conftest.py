"""A registry, a door to it that never really waits, and an image."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from images import SYSTEM, a_layer, a_layout
from lading.net.transport import HttpTransport, UnixTransport
from lading.sources.door import Door
from registries import Registry, a_certificate, serving


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry()) as found:
        yield found


@pytest.fixture
def waits() -> list[float]:
    """How long was waited between tries, in seconds."""
    return []


@pytest.fixture
def door(waits: list[float]) -> Door:
    return Door(
        transport=HttpTransport(timeout=5.0),
        account=lambda host: None,
        engine=UnixTransport,
        stdin=io.BytesIO(),
        sleep=waits.append,
    )


@pytest.fixture
def layout(tmp_path: Path) -> Path:
    """An image of two layers."""
    return a_layout(tmp_path / "layout", a_layer(SYSTEM), a_layer({"app/x": b"x" * 300_000}))


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return a_certificate(tmp_path_factory.mktemp("tls"))
