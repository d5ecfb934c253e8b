"""The reference registry behind TLS, passwords and tokens, and behind a proxy that misbehaves."""

import base64
import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engines import docker_registry, program, run
from lading.cache import Cache
from lading.errors import ImageError
from lading.image.limits import Limits
from lading.image.target import parse
from lading.net import NetworkError
from lading.net.transport import HttpTransport
from lading.scan import Choices, inventory
from lading.sources import open_any
from lading.sources.credentials import Account
from lading.sources.door import Door
from registries import Handler, Misbehaviour, Registry

pytestmark = pytest.mark.slow

USER, PASSWORD = "anna", "s3cret: with a colon"
PASSED_ON = ("Accept", "Authorization", "Range")
PASSED_BACK = ("Content-Type", "Content-Range", "Docker-Content-Digest", "WWW-Authenticate")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="l", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def filled(folder: Path, layout: Path) -> Path:
    """A folder in which a registry finds the image team/app:1."""
    with docker_registry(folder) as host:
        run(program("skopeo"), "--insecure-policy", "copy", "--dest-tls-verify=false",
            f"oci:{layout}:1", f"docker://{host}/team/app:1")  # fmt: skip
    return folder


def packages(host: str, door: Door, cache: Cache | None = None) -> list[str]:
    image = open_any(parse(f"registry:{host}/team/app:1"), None, Limits(), door)
    try:
        found = inventory(image, Choices(cache=cache), lambda done, total: None)
    finally:
        image.close()
    assert found.problems == ()
    return [f"{one.name} {one.version}" for one in found.packages]


def known(door: Door, password: str = PASSWORD) -> Door:
    return replace(door, account=lambda host: Account(user=USER, password=password))


def test_over_tls_with_an_authority_of_ones_own(
    filled: Path, door: Door, certificate: Path
) -> None:
    trusting = replace(door, transport=HttpTransport(ca_file=certificate))
    with docker_registry(filled, certificate=certificate) as host:
        assert packages(host, trusting) == ["thing 1.0-1"]
        with pytest.raises(NetworkError, match="certificate is not trusted"):
            packages(host, door)


def test_with_a_password(filled: Path, door: Door) -> None:
    with docker_registry(filled, auth=passwords(filled)) as host:
        assert packages(host, known(door)) == ["thing 1.0-1"]
        with pytest.raises(NetworkError, match="docker login") as caught:
            packages(host, known(door, "wr0ng"))
        assert "wr0ng" not in str(caught.value)
        with pytest.raises(NetworkError, match=f"docker login {host}"):
            packages(host, door)


HELPER = """#!/bin/sh
host=$(cat)
test "$1 $host" = "get {host}" || exit 1
printf '{{"ServerURL": "%s", "Username": "{user}", "Secret": "{password}"}}' "$host"
"""


def test_a_command_finds_the_login_in_a_helper_and_the_authority_in_the_settings(
    filled: Path, certificate: Path, tmp_path: Path
) -> None:
    with docker_registry(filled, certificate=certificate, auth=passwords(filled)) as host:
        helper = tmp_path / "docker-credential-here"
        helper.write_text(HELPER.format(host=host, user=USER, password=PASSWORD))
        helper.chmod(0o755)
        (tmp_path / ".docker").mkdir()
        logins = {"credHelpers": {host: "here"}}
        (tmp_path / ".docker" / "config.json").write_text(json.dumps(logins))
        settings = {
            "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
            "LADING_CA_FILE": str(certificate),
        }

        assert listed(f"registry:{host}/team/app:1", tmp_path, **settings) == ["thing"]


def test_a_command_asks_the_mirror_that_the_settings_name(filled: Path, tmp_path: Path) -> None:
    with docker_registry(filled) as host:
        mirrors = {"LADING_REGISTRY_MIRRORS": f"r.example=http://{host}"}

        assert listed("registry:r.example/team/app:1", tmp_path, **mirrors) == ["thing"]


def listed(target: str, home: Path, **environment: str) -> list[str]:
    """The names that `lading packages` prints in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "lading", "packages", target, "--format", "json", "--no-cache"],
        env={**os.environ, "HOME": str(home), "DOCKER_CONFIG": f"{home}/.docker", **environment},
        stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=50,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return [one["name"] for one in json.loads(done.stdout)["packages"]]


def passwords(folder: Path) -> str:
    """The registry's settings for passwords, whose file has a bcrypt hash that Perl makes."""
    made = run(program("perl"), "-e", "print crypt($ARGV[0], '$2y$05$abcdefghijklmnopqrstuu')",
               PASSWORD)  # fmt: skip
    if not made.startswith("$2"):
        pytest.skip("this system's crypt has no bcrypt")
    (folder / "htpasswd").write_text(f"{USER}:{made}\n")
    return f"{{htpasswd: {{realm: here, path: '{folder}/htpasswd'}}}}"


def test_with_a_token_that_its_own_server_signs(
    filled: Path, door: Door, registry: Registry
) -> None:
    key, certificate = a_signer(filled)
    asked: list[str] = []
    registry.once("/token", signing(key, certificate, asked), times=99)
    auth = (
        f"{{token: {{realm: 'http://{registry.host}/token', service: here, issuer: me, "
        f"rootcertbundle: '{certificate}'}}}}"
    )
    with docker_registry(filled, auth=auth) as host:
        assert packages(host, known(door)) == ["thing 1.0-1"]
        with pytest.raises(NetworkError, match="docker login"):
            packages(host, known(door, "wr0ng"))

    assert asked == ["repository:team/app:pull"] * 2


def a_signer(folder: Path) -> tuple[Path, Path]:
    key, certificate = folder / "signer.key", folder / "signer.pem"
    run(program("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
        "-subj", "/CN=me", "-keyout", key, "-out", certificate)  # fmt: skip
    return key, certificate


def signing(key: Path, certificate: Path, asked: list[str]) -> Misbehaviour:
    """Give the account what it asks for: https://distribution.github.io/distribution/spec/auth/jwt/."""
    body = certificate.read_text().split("-----")[2].replace("\n", "")

    def answer(handler: Handler) -> bool:
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(handler.path).query)
        asked.extend(query["scope"])
        account = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if handler.headers.get("Authorization") != f"Basic {account}":
            return handler.say(401)
        kind, name, actions = query["scope"][0].split(":")
        now = int(time.time())
        claims = {
            "iss": "me", "sub": USER, "aud": query["service"][0], "exp": now + 300, "nbf": now - 9,
            "iat": now, "jti": "1",
            "access": [{"type": kind, "name": name, "actions": actions.split(",")}],
        }  # fmt: skip
        head = {"typ": "JWT", "alg": "RS256", "x5c": [body]}
        text = b".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
        signature = subprocess.run(
            [program("openssl"), "dgst", "-sha256", "-sign", key], input=text, check=True,
            capture_output=True,
        ).stdout  # fmt: skip
        token = b".".join((text, encoded(signature))).decode()
        return handler.say(200, {}, json.dumps({"token": token, "expires_in": 300}).encode())

    return answer


def encoded(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def forwarding(
    host: str, *, most: int | None = None, change: Callable[[bytes], bytes] = bytes
) -> Misbehaviour:
    """Pass the request on to a registry and its answer back: changed, or cut after `most` bytes."""

    def answer(handler: Handler) -> bool:
        sent = {name: handler.headers[name] for name in PASSED_ON if name in handler.headers}
        connection = http.client.HTTPConnection(host, timeout=20)
        try:
            connection.request(handler.command, handler.path, headers=sent)
            got = connection.getresponse()
            data = change(got.read())
        finally:
            connection.close()
        handler.send_response(got.status)
        for name in PASSED_BACK:
            if value := got.headers.get(name):
                handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:most])
        return True

    return answer


def saying(status: int, headers: dict[str, str]) -> Callable[[str], Misbehaviour]:
    return lambda host: lambda handler: handler.say(status, headers)


def challenging(host: str) -> Misbehaviour:
    def answer(handler: Handler) -> bool:
        if "Authorization" in handler.headers:
            return False
        return handler.say(401, {"WWW-Authenticate": 'Basic realm="here"'})

    return answer


class TestBehindAProxy:
    @pytest.mark.parametrize(("part", "answer", "times", "expected"), [
        pytest.param("/manifests/", challenging, 9, [], id="that wants a login"),
        pytest.param("/manifests/", saying(429, {"Retry-After": "3"}), 2, [3, 3],
                     id="with too many requests"),
        pytest.param("LAYER", saying(429, {"Retry-After": "3"}), 2, [3, 3],
                     id="with too many requests for a layer"),
        pytest.param("LAYER", saying(503, {"Retry-After": "4"}), 1, [4],
                     id="that is overloaded for a while"),
        pytest.param("LAYER", lambda host: forwarding(host, most=1000), 1, [],
                     id="that cuts a layer"),
    ])  # fmt: skip
    def test_the_image_is_read_all_the_same(
        self,
        part: str,
        answer: Callable[[str], Misbehaviour],
        times: int,
        expected: list[float],
        filled: Path,
        layout: Path,
        registry: Registry,
        door: Door,
        waits: list[float],
    ) -> None:
        with docker_registry(filled) as host:
            layer = layers_of(host, door)[1]
            registry.once(part.replace("LAYER", layer), answer(host), times=times)
            registry.misbehave.append(forwarding(host))

            assert packages(registry.host, known(door)) == ["thing 1.0-1"]

        assert waits[: len(expected)] == expected

    def test_a_cut_layer_is_taken_up_by_the_registry_itself(
        self, filled: Path, registry: Registry, door: Door
    ) -> None:
        with docker_registry(filled) as host:
            layer = layers_of(host, door)[1]
            registry.once(layer, forwarding(host, most=100))
            registry.once(layer, forwarding(host, most=50))
            registry.misbehave.append(forwarding(host))

            packages(registry.host, door)

        ranges = [one.headers.get("range") for one in registry.log if one.path.endswith(layer)]
        assert ranges == [None, "bytes=100-", "bytes=150-"]

    @pytest.mark.parametrize(("part", "error"), [
        pytest.param("LAYER", "its compressed data is damaged", id="a layer"),
        pytest.param("/blobs/", "its content is sha256:", id="the configuration"),
        pytest.param("/manifests/1", "its content is sha256:", id="the manifest"),
    ])  # fmt: skip
    def test_bytes_that_are_not_what_their_digest_says_are_refused(
        self, part: str, error: str, filled: Path, registry: Registry, door: Door, tmp_path: Path
    ) -> None:
        cache = Cache(tmp_path / "cache")
        with docker_registry(filled) as host:
            layer = layers_of(host, door)[0]
            altered = forwarding(host, change=lambda data: data[:-9] + bytes(9))
            registry.once(part.replace("LAYER", layer), altered, times=9)
            registry.misbehave.append(forwarding(host))

            with pytest.raises(ImageError, match=error):
                packages(registry.host, door, cache)

            registry.misbehave[:] = [forwarding(host)]
            assert packages(registry.host, door, cache) == ["thing 1.0-1"]


def layers_of(host: str, door: Door) -> list[str]:
    image = open_any(parse(f"registry:{host}/team/app:1"), None, Limits(), door)
    image.close()
    return [str(layer.digest) for layer in image.image.layers]
