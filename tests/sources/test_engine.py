"""Engines that answer over a socket file, as their API says and otherwise."""

import json
import socket
import socketserver
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from images import SYSTEM, a_layer
from lading.errors import ImageError, LadingError
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.net import NetworkError
from lading.scan import Choices, inventory
from lading.sources import docker, podman
from lading.sources.door import Door, EngineSilent
from lading.sources.engine import NotStored
from registries import digest_of

Answers = dict[str, tuple[int, bytes]]


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    answers: Answers
    asked: list[str]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may leave."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def address_string(self) -> str:
        return "here"

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read the list of what was asked."""

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        status, data = self.server.answers.get(self.path, (404, b'{"message": "none"}'))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(data)


class Engine:
    """An engine with answers by path."""

    def __init__(self, sock: Path) -> None:
        self.sock = sock
        self.answers: Answers = {}
        self.asked: list[str] = []


@pytest.fixture
def engine() -> Iterator[Engine]:
    with tempfile.TemporaryDirectory(prefix="l") as name:
        found = Engine(Path(name) / "s")
        with _Server(str(found.sock), _Handler) as server:
            server.answers, server.asked = found.answers, found.asked
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            yield found
            server.shutdown()
            thread.join()


def a_saved_image(name: str = "a:1") -> bytes:
    """What engines export."""
    layer = a_layer(SYSTEM)
    rootfs = {"type": "layers", "diff_ids": [digest_of(layer)]}
    config = {"os": "linux", "architecture": "amd64", "rootfs": rootfs}
    manifest = [{"Config": "c.json", "RepoTags": [name], "Layers": ["l.tar"]}]
    members = {"c.json": json.dumps(config).encode(), "l.tar": layer}
    return a_layer({**members, "manifest.json": json.dumps(manifest).encode()})


def with_docker(door: Door, engine: Engine) -> Door:
    return replace(door, docker_sockets=(engine.sock,), podman_sockets=(engine.sock,))


def described(id: object) -> tuple[int, bytes]:
    return 200, json.dumps({"Id": id}).encode()


def test_docker_is_asked_for_the_image_by_its_id(engine: Engine, door: Door) -> None:
    engine.answers["/images/team/a:1/json"] = described("sha256:12")
    engine.answers["/images/sha256:12/get"] = (200, a_saved_image())

    image = docker.open_image("team/a:1", None, Limits(), with_docker(door, engine))

    found = inventory(image, Choices(), lambda done, total: None)
    image.close()
    assert [one.name for one in found.packages] == ["thing"]
    assert image.image.reference == "team/a:1"


def test_podman_is_asked_in_its_own_words(engine: Engine, door: Door) -> None:
    engine.answers["/v4.0.0/libpod/images/a/json"] = described("12")
    export = "/v4.0.0/libpod/images/12/get?format=docker-archive"
    engine.answers[export] = (200, a_saved_image())

    podman.open_image("a", None, Limits(), with_docker(door, engine)).close()

    assert engine.asked[-1] == export


def test_a_name_cannot_leave_its_place_in_the_address(engine: Engine, door: Door) -> None:
    with pytest.raises(NotStored):
        docker.open_image("a?x=y#z \r\nb", None, Limits(), with_docker(door, engine))

    assert engine.asked == ["/images/a%3Fx%3Dy%23z%20%0D%0Ab/json"]


def test_an_image_for_another_platform_is_an_error(engine: Engine, door: Door) -> None:
    engine.answers["/images/a/json"] = described("12")
    engine.answers["/images/12/get"] = (200, a_saved_image())
    arm = Platform(os="linux", architecture="arm64")

    with pytest.raises(ImageError, match="no image for linux/arm64; it has linux/amd64"):
        docker.open_image("a", arm, Limits(), with_docker(door, engine))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        pytest.param((500, b'{"message": "disk on fire"}'), "HTTP 500: disk on fire", id="fails"),
        pytest.param((500, b"oops"), "HTTP 500", id="fails without JSON"),
        pytest.param((200, b"oops"), "no JSON object", id="no JSON"),
        pytest.param((200, b"\xff"), "no JSON object", id="no text"),
        pytest.param((200, b"{}"), "without an id", id="no id"),
        pytest.param(described(7), "without an id", id="an id that is a number"),
        pytest.param((200, b" " * (17 << 20)), "more than", id="huge"),
    ],
)
def test_an_engine_that_answers_oddly_is_an_error(
    engine: Engine, door: Door, answer: tuple[int, bytes], said: str
) -> None:
    engine.answers["/images/a/json"] = answer

    with pytest.raises(NetworkError, match=said):
        docker.open_image("a", None, Limits(), with_docker(door, engine))


@pytest.mark.parametrize(
    "export",
    [
        pytest.param((500, b"{}"), id="fails"),
        pytest.param((200, b""), id="empty"),
        pytest.param((200, b"hello" * 1000), id="no archive"),
        pytest.param((200, a_saved_image()[:3000]), id="cut"),
    ],
)
def test_an_export_that_is_no_image_is_an_error(
    engine: Engine, door: Door, export: tuple[int, bytes]
) -> None:
    engine.answers["/images/a/json"] = described("12")
    engine.answers["/images/12/get"] = export

    with pytest.raises(LadingError):
        docker.open_image("a", None, Limits(), with_docker(door, engine))


def test_an_engine_that_does_not_run_is_silent(door: Door, tmp_path: Path) -> None:
    with pytest.raises(EngineSilent, match="docker is not running"):
        docker.open_image("a", None, Limits(), replace(door, docker_sockets=(tmp_path / "s",)))


def test_a_socket_that_nobody_listens_at_is_silent(engine: Engine, door: Door) -> None:
    left = engine.sock.with_name("left")
    with socket.socket(socket.AF_UNIX) as gone:
        gone.bind(str(left))

    with pytest.raises(EngineSilent, match="docker cannot be asked"):
        docker.open_image("a", None, Limits(), replace(door, docker_sockets=(left,)))
