"""A registry on this machine that holds what a test puts there, and misbehaves as it is told.

It answers the pull half of the distribution specification and keeps a log of what was asked.
"""

import base64
import hashlib
import json
import re
import shutil
import ssl
import subprocess
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Misbehaviour = Callable[["Handler"], bool]
"""Answers a request in a test's own way and returns True, or leaves it to the registry."""


class Request(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


def digest_of(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class Registry:
    """One registry; `misbehave` is asked first about every request."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}  # tag or digest → media type, document
        self.log: list[Request] = []
        self.misbehave: list[Misbehaviour] = []
        self.users: dict[str, str] = {}  # with any, requests need basic authentication or a token
        self.token_at: str | None = None  # realm; None: basic authentication
        self.tokens: set[str] = set()
        self.ranges = True
        self.host = ""

    def put_layout(self, folder: Path, tag: str = "1") -> str:
        """Take the images of a layout; the tag is its only image, or an index of all of them."""
        for file in (folder / "blobs" / "sha256").iterdir():
            self.blobs[f"sha256:{file.name}"] = file.read_bytes()
        index = json.loads((folder / "index.json").read_text())
        for item in index["manifests"]:
            entry = (item["mediaType"], self.blobs[item["digest"]])
            self.manifests[item["digest"]] = entry
        if len(index["manifests"]) == 1:
            self.manifests[tag] = entry
            return str(item["digest"])
        document = json.dumps({**index, "mediaType": "application/vnd.oci.image.index.v1+json"})
        return self.put_manifest(tag, document.encode(), "application/vnd.oci.image.index.v1+json")

    def put_manifest(self, tag: str, document: bytes, media_type: str) -> str:
        digest = digest_of(document)
        self.manifests[tag] = self.manifests[digest] = (media_type, document)
        return digest

    def fetched(self, digest: str) -> int:
        """How often a blob was asked for."""
        return sum(r.path.endswith(f"/blobs/{digest}") and r.method == "GET" for r in self.log)

    def once(self, part: str, answer: Misbehaviour, *, times: int = 1) -> None:
        """Answer the first requests whose path has `part` with `answer`."""
        left = [times]

        def misbehave(handler: "Handler") -> bool:
            if part not in handler.path or left[0] <= 0:
                return False
            left[0] -= 1
            return answer(handler)

        self.misbehave.append(misbehave)


class Handler(BaseHTTPRequestHandler):
    registry: Registry

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read the registry's own log."""

    def do_HEAD(self) -> None:
        self._handle()

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def do_PUT(self) -> None:
        self._handle()

    def do_PATCH(self) -> None:
        self._handle()

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {key.lower(): value for key, value in self.headers.items()}
        request = Request(self.command, self.path, headers, body)
        self.registry.log.append(request)
        if any(answer(self) for answer in self.registry.misbehave):
            return
        path = urllib.parse.urlsplit(self.path).path
        if path == "/token":
            self._token(request)
        elif not self._is_allowed():
            self._challenge()
        elif found := re.fullmatch(r"/v2/(.+)/(manifests|blobs)/([^/]+)", path):
            self._give(found[2], found[3])
        else:
            self.say(404)

    def _is_allowed(self) -> bool:
        if not self.registry.users:
            return True
        scheme, _, value = self.headers.get("Authorization", "").partition(" ")
        if self.registry.token_at is not None:
            return scheme == "Bearer" and value in self.registry.tokens
        return scheme == "Basic" and self._is_user(value)

    def _is_user(self, value: str) -> bool:
        user, _, password = base64.b64decode(value).decode().partition(":")
        return self.registry.users.get(user) == password

    def _challenge(self) -> None:
        realm = self.registry.token_at
        if realm is None:
            self.say(401, {"WWW-Authenticate": 'Basic realm="registry"'})
            return
        scope = self.path.removeprefix("/v2/").rpartition("/")[0].rpartition("/")[0]
        header = f'Bearer realm="{realm}",service="here",scope="repository:{scope}:pull"'
        self.say(401, {"WWW-Authenticate": header})

    def _token(self, request: Request) -> None:
        value = self.headers.get("Authorization", "").removeprefix("Basic ")
        form = urllib.parse.parse_qs(request.body.decode())
        if not (form.get("refresh_token") == ["identity"] or (value and self._is_user(value))):
            self.say(401)
            return
        token = f"token-{len(self.registry.tokens)}"
        self.registry.tokens.add(token)
        self.say(200, {}, json.dumps({"token": token}).encode())

    def _give(self, kind: str, name: str) -> None:
        if kind == "manifests" and name in self.registry.manifests:
            media_type, data = self.registry.manifests[name]
            headers = {"Content-Type": media_type, "Docker-Content-Digest": digest_of(data)}
            self.say(200, headers, data)
        elif kind == "blobs" and name in self.registry.blobs:
            self._give_blob(self.registry.blobs[name])
        else:
            errors = [{"code": "NAME_UNKNOWN", "message": "never heard of it"}]
            self.say(404, {}, json.dumps({"errors": errors}).encode())

    def _give_blob(self, data: bytes) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked is None or not self.registry.ranges:
            self.say(200, {}, data)
            return
        at = int(asked[1])
        self.say(206, {"Content-Range": f"bytes {at}-{len(data) - 1}/{len(data)}"}, data[at:])

    def say(self, status: int, headers: dict[str, str] | None = None, data: bytes = b"") -> bool:
        """Answer, and return True."""
        self.send_response(status)
        for key, value in ({"Content-Length": str(len(data))} | (headers or {})).items():
            self.send_header(key, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)
        return True


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client may leave, and may try TLS where there is none."""


@contextmanager
def serving(registry: Registry, certificate: Path | None = None) -> Iterator[Registry]:
    """Answer for the registry at `registry.host`, over TLS where a certificate is given."""
    handler = type("Bound", (Handler,), {"registry": registry})
    server = _Server(("127.0.0.1", 0), handler)
    registry.host = f"127.0.0.1:{server.server_address[1]}"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def a_certificate(folder: Path) -> Path:
    """A file with a certificate for 127.0.0.1 and its key, its own authority."""
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
