"""Artefacts pushed to and fetched from a registry that wants accounts, is busy, or misbehaves."""

import base64
import hashlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from lading.net import NetworkError
from lading.net.transport import HttpTransport
from lading.sources.artefact import RegistryArtefact
from lading.sources.credentials import Account
from lading.sources.distribution import Absent
from lading.sources.door import Door
from lading.sources.reference import parse_reference
from registries import Handler, Registry, serving

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DATA = b"a bundle of advisories"
DIGEST = "sha256:" + hashlib.sha256(DATA).hexdigest()


def uploads(registry: Registry) -> None:
    """Let the registry take uploads, which it keeps until they are whole."""
    parts: list[bytes] = []

    def answer(handler: Handler) -> bool:
        if not handler._is_allowed():
            return False
        body = registry.log[-1].body
        if handler.command == "POST" and handler.path.endswith("/blobs/uploads/"):
            parts.clear()
            return handler.say(202, {"Location": "/v2/team/it/blobs/uploads/1?state=x"})
        if handler.command == "PATCH":
            parts.append(body)
            return handler.say(202, {"Location": "/v2/team/it/blobs/uploads/2"})
        if handler.command == "PUT" and "/manifests/" in handler.path:
            registry.put_manifest(handler.path.rpartition("/")[2], body, MANIFEST)
            return handler.say(201)
        if handler.command == "PUT":
            parts.append(body)
            data = b"".join(parts)
            registry.blobs["sha256:" + hashlib.sha256(data).hexdigest()] = data
            return handler.say(201)
        return False

    registry.misbehave.append(answer)


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry()) as running:
        yield running


def an_artefact(
    registry: Registry, tag: str = "latest", account: Account | None = None
) -> RegistryArtefact:
    transport = HttpTransport(timeout=10)
    door = Door(
        transport=transport, account=lambda _: account, engine=lambda _: transport,
        stdin=BytesIO(), sleep=lambda _: None,
    )  # fmt: skip
    reference = parse_reference(f"{registry.host}/team/it:{tag}")
    return RegistryArtefact(reference, door, is_pushed=True)


def pushed(registry: Registry, account: Account | None = None) -> dict[str, object]:
    an_artefact(registry, account=account).push({DIGEST: DATA}, b'{"layers": []}', MANIFEST)
    return {"blob": registry.blobs.get(DIGEST), "tag": registry.manifests["latest"][1]}


def test_blobs_come_before_the_manifest_that_names_them(registry: Registry) -> None:
    uploads(registry)

    assert pushed(registry) == {"blob": DATA, "tag": b'{"layers": []}'}
    put = [one.path for one in registry.log if one.method == "PUT"]
    assert put == [
        f"/v2/team/it/blobs/uploads/1?state=x&digest={DIGEST.replace(':', '%3A')}",
        "/v2/team/it/manifests/latest",
    ]


def test_a_blob_that_is_there_is_not_sent_again(registry: Registry) -> None:
    uploads(registry)
    registry.blobs[DIGEST] = DATA

    pushed(registry)

    assert [one.method for one in registry.log if "uploads" in one.path] == []


def test_a_large_blob_goes_in_parts(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("lading.sources.distribution._AT_ONCE", 9)
    uploads(registry)
    (tmp_path / "blob").write_bytes(DATA)

    an_artefact(registry).push({DIGEST: tmp_path / "blob"}, b"{}", MANIFEST)

    assert registry.blobs[DIGEST] == DATA
    ranges = [
        one.headers["content-range"] for one in registry.log if "content-range" in one.headers
    ]
    assert ranges == ["0-8", "9-17", "18-21"]


def test_an_account_is_asked_for_what_a_push_needs(registry: Registry) -> None:
    registry.users["someone"] = "secret"
    registry.token_at = f"http://{registry.host}/token"
    uploads(registry)

    assert pushed(registry, Account(user="someone", password="secret"))["blob"] == DATA
    assert (
        base64.b64decode(
            next(one for one in registry.log if "/token" in one.path).headers["authorization"][6:]
        )
        == b"someone:secret"
    )


def test_a_registry_that_is_busy_is_asked_again(registry: Registry) -> None:
    registry.once("uploads", lambda handler: handler.say(503), times=2)
    uploads(registry)

    assert pushed(registry)["blob"] == DATA


def test_a_registry_that_takes_no_push_is_an_error(registry: Registry) -> None:
    with pytest.raises(NetworkError):
        pushed(registry)


def test_a_registry_that_does_not_say_where_to_upload_to_is_an_error(registry: Registry) -> None:
    registry.misbehave.append(lambda handler: handler.command == "POST" and handler.say(202))
    with pytest.raises(NetworkError, match="where to upload to"):
        pushed(registry)


def test_a_tag_that_is_not_there_is_nothing_yet(registry: Registry) -> None:
    assert an_artefact(registry).manifest() is None


def test_a_tag_that_is_not_shown_is_an_error(registry: Registry) -> None:
    registry.users["someone"] = "secret"

    with pytest.raises(Absent, match="docker login"):
        an_artefact(registry).manifest()


def test_a_blob_that_is_cut_is_gone_on_with(registry: Registry, tmp_path: Path) -> None:
    registry.blobs[DIGEST] = DATA

    def cut(handler: Handler) -> bool:
        handler.say(200, {"Content-Length": str(len(DATA))}, DATA[:7])
        handler.close_connection = True
        return True

    registry.once("/blobs/", cut)
    an_artefact(registry).blob(DIGEST, tmp_path / "blob")

    assert (tmp_path / "blob").read_bytes() == DATA
    assert [one.headers.get("range") for one in registry.log] == [None, "bytes=7-"]


def test_a_blob_that_is_always_cut_is_an_error(registry: Registry, tmp_path: Path) -> None:
    registry.once("/blobs/", lambda handler: handler.say(200, {"Content-Length": "99"}), times=99)

    with pytest.raises(NetworkError, match="cut"):
        an_artefact(registry).blob(DIGEST, tmp_path / "blob")
