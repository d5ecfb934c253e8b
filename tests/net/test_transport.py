"""Requests and answers: where they may go, and what becomes of bodies that do not come."""

import base64
import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from lading.net import NetworkError
from lading.net.transport import (
    HttpTransport,
    Transport,
    UnixTransport,
    Unreachable,
    _Body,
    read_all,
    shown,
)
from registries import Registry, serving


@contextmanager
def listening(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Hand each connection to `answer`; give the address."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(10)

        def run() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    try:
                        answer(client)
                    except OSError:
                        continue

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


def saying(data: bytes, heard: list[bytes]) -> Callable[[socket.socket], None]:
    def answer(client: socket.socket) -> None:
        heard.append(client.recv(65536))
        client.sendall(data)

    return answer


def body_of(transport: Transport, url: str) -> bytes:
    return read_all(transport.request("GET", url), 1 << 20)


@pytest.mark.parametrize(
    "url",
    [
        "http://registry.example/v2/",
        "ftp://registry.example/",
        "file:///etc/passwd",
        "https://",
        "//x",
        "http://[::1",
        "https://registry.example:99999/",
        "",
    ],
)
def test_only_https_is_asked_and_only_at_addresses(url: str) -> None:
    with pytest.raises(NetworkError):
        HttpTransport().request("GET", url)


@pytest.mark.parametrize("path", ["/a b", "/a\nb", "/é"])
def test_a_path_that_http_forbids_is_an_error(path: str) -> None:
    with pytest.raises(NetworkError):
        HttpTransport(timeout=1).request("GET", f"http://127.0.0.1:9{path}")


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"hello\r\n\r\n", id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345", id="cut"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n123", id="cut in a chunk"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", id="no chunk"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200, id="too many headers"),
        pytest.param(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000, id="a huge header"),
    ],
)
def test_an_answer_that_ends_early_may_come_another_time(answer: bytes) -> None:
    with listening(saying(answer, [])) as host, pytest.raises(Unreachable):
        body_of(HttpTransport(timeout=2), f"http://{host}/")


def test_a_body_is_read_up_to_a_bound() -> None:
    answer = b"HTTP/1.1 200 OK\r\n\r\n" + bytes(2000)

    with (
        listening(saying(answer, [])) as host,
        pytest.raises(NetworkError, match="more than 1000 bytes"),
    ):
        read_all(HttpTransport().request("GET", f"http://{host}/"), 1000)


def test_a_body_that_drips_is_given_up() -> None:
    class Drip:
        length = 1 << 30

        def readinto(self, buffer: memoryview) -> int:
            return 1

        def close(self) -> None: ...

    moments = iter(range(0, 10_000, 10))
    drip: Any = Drip()
    body = _Body(drip, drip, "https://slow.example/", clock=lambda: float(next(moments)))

    with pytest.raises(NetworkError, match="slower than 1024 bytes a second"):
        io.BufferedReader(body).read()


class TestRedirects:
    def test_from_https_to_http_is_refused(self, certificate: Path) -> None:
        with serving(Registry(), certificate) as registry:
            location = f"http://{registry.host}/"
            registry.once("/", lambda handler: handler.say(302, {"Location": location}))

            with pytest.raises(NetworkError, match="redirects from https to http"):
                HttpTransport(ca_file=certificate).request("GET", f"https://{registry.host}/")

    def test_from_elsewhere_to_this_machine_is_refused(self) -> None:
        answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"

        with listening(saying(answer, [])) as proxy:
            transport = HttpTransport(proxy=f"http://{proxy}", insecure=frozenset(("far.example",)))

            with pytest.raises(NetworkError, match="redirects to this machine itself"):
                transport.request("GET", "http://far.example/")

    @pytest.mark.parametrize("location", ["http://[::1", "gopher://x/", "https:///x"])
    def test_to_what_is_no_address_is_an_error(self, location: str) -> None:
        with serving(Registry()) as registry:
            registry.once("/", lambda handler: handler.say(302, {"Location": location}))

            with pytest.raises(NetworkError):
                HttpTransport().request("GET", f"http://{registry.host}/")

    def test_within_a_host_keep_the_credentials(self) -> None:
        with serving(Registry()) as registry:
            registry.once("/a", lambda handler: handler.say(302, {"Location": "/b"}))

            url = f"http://{registry.host}/a"
            HttpTransport().request("GET", url, {"Authorization": "x"}).body.close()

            assert [one.headers.get("authorization") for one in registry.log] == ["x", "x"]


class TestProxies:
    def test_plain_requests_name_the_whole_address(self) -> None:
        heard: list[bytes] = []
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"
        with listening(saying(answer, heard)) as host:
            transport = HttpTransport(
                proxy=f"http://me:p%40ss@{host}", insecure=frozenset(("far.example",))
            )

            assert body_of(transport, "http://far.example/v2/?a=b") == b"hi"

        account = base64.b64encode(b"me:p@ss")
        assert heard[0].startswith(b"GET http://far.example/v2/?a=b HTTP/1.1\r\n")
        assert b"Proxy-Authorization: Basic " + account in heard[0]

    def test_https_goes_through_a_tunnel(self) -> None:
        heard: list[bytes] = []
        with listening(saying(b"HTTP/1.1 403 Forbidden\r\n\r\n", heard)) as host:
            transport = HttpTransport(proxy=host)

            with pytest.raises(NetworkError, match="403"):
                transport.request("GET", "https://far.example/secret", {"Authorization": "x"})

        assert heard[0].startswith(b"CONNECT far.example:443 HTTP/1.")
        assert b"Authorization" not in heard[0]
        assert b"secret" not in heard[0]

    def test_this_machine_is_asked_directly(self) -> None:
        with serving(Registry()) as registry:
            transport = HttpTransport(proxy="http://127.0.0.1:1")

            assert transport.request("GET", f"http://{registry.host}/").status == 404

    def test_the_environment_may_name_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        heard: list[bytes] = []
        answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        with listening(saying(answer, heard)) as host:
            monkeypatch.setenv("http_proxy", f"http://{host}")
            monkeypatch.setenv("no_proxy", "near.example")
            insecure = frozenset(("far.example", "near.example"))

            body_of(HttpTransport(insecure=insecure), "http://far.example/")

        assert len(heard) == 1

    def test_one_that_speaks_another_protocol_is_refused(self) -> None:
        with pytest.raises(NetworkError, match="must be an http:// address"):
            HttpTransport(proxy="https://127.0.0.1:1").request("GET", "https://far.example/")


def test_certificates_that_cannot_be_read_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("no certificate")

    for name in ("ca.pem", "none.pem"):
        with pytest.raises(NetworkError, match="no certificates can be read"):
            HttpTransport(ca_file=tmp_path / name)


def test_a_socket_file_is_asked_like_a_host(tmp_path: Path) -> None:
    path = tmp_path / "s"
    heard: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen()

        def answer() -> None:
            client, _ = server.accept()
            with client:
                saying(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", heard)(client)

        thread = threading.Thread(target=answer)
        thread.start()
        assert body_of(UnixTransport(path), "/images/a/json?x=y") == b"hi"
        thread.join()

    assert heard[0].startswith(b"GET /images/a/json?x=y HTTP/1.1\r\nHost: localhost\r\n")


def test_a_socket_file_that_nobody_listens_at_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable):
        UnixTransport(tmp_path / "none").request("GET", "/")


def test_a_message_shows_no_account_and_no_query() -> None:
    assert shown("https://me:secret@r.example/v2/?token=secret#secret") == "https://r.example/v2/"
