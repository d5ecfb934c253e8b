"""A registry, a door to it that never really waits, and an image."""

import io
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from images import SYSTEM, a_layer, a_layout
from lading.sources.door import Door
from lading.sources.transport import HttpTransport, UnixTransport
from registries import Registry, serving


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
    """A certificate for 127.0.0.1 with its key, its own authority."""
    folder = tmp_path_factory.mktemp("tls")
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("openssl is not installed")
    key, file = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
         "-nodes", "-days", "2", "-subj", "/CN=test", "-addext", "subjectAltName=IP:127.0.0.1",
         "-keyout", key, "-out", file],
        check=True, capture_output=True, timeout=30,
    )  # fmt: skip
    file.write_bytes(file.read_bytes() + key.read_bytes())
    return file
