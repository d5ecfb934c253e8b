"""Images in a registry: what is asked for, in which words, and what becomes of bad answers."""

import hashlib
import json
import socket
import tarfile
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from images import STATUS, a_layer, a_layout, an_entry, blob_of, manifest_of
from lading.cache import Cache
from lading.catalog.inventory import Inventory
from lading.errors import DigestMismatch, ImageError, LadingError, UsageError
from lading.image.limits import Limits
from lading.image.manifest import Platform
from lading.image.source import Opened
from lading.net import NetworkError
from lading.net.transport import HttpTransport
from lading.scan import Choices, inventory
from lading.sources.credentials import Account
from lading.sources.door import Door
from lading.sources.reference import parse_reference
from lading.sources.registry import RegistryImage, open_registry
from registries import Handler, Registry, digest_of, serving

ARM = Platform(os="linux", architecture="arm64")
MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def opened(registry: Registry, door: Door, name: str = "team/app:1", **more: Any) -> Opened:
    limits = more.pop("limits", Limits())
    return open_registry(
        parse_reference(f"{registry.host}/{name}"), more.pop("platform", None), limits, door
    )


def read(image: Opened, cache: Cache | None = None) -> Inventory:
    return inventory(image, Choices(cache=cache), lambda done, total: None)


def packages(image: Opened, cache: Cache | None = None) -> list[str]:
    return [f"{one.name} {one.version}" for one in read(image, cache).packages]


def layer_of(folder: Path, number: int) -> str:
    return f"sha256:{blob_of(folder, number).name}"


def saying(status: int, headers: dict[str, str] | None = None) -> Callable[[Handler], bool]:
    return lambda handler: handler.say(status, headers)


def cutting(after: int, data: bytes) -> Callable[[Handler], bool]:
    """Promise all of `data`, from where it was asked for, and send `after` bytes of it."""

    def answer(handler: Handler) -> bool:
        asked = handler.headers.get("Range", "bytes=0-").removeprefix("bytes=").removesuffix("-")
        at = int(asked)
        handler.send_response(206 if at else 200)
        handler.send_header("Content-Length", str(len(data) - at))
        if at:
            handler.send_header("Content-Range", f"bytes {at}-{len(data) - 1}/{len(data)}")
        handler.end_headers()
        handler.wfile.write(data[at : at + after])
        return True

    return answer


def test_an_image_in_a_registry_is_read_like_the_same_image_in_a_folder(
    registry: Registry, door: Door, layout: Path
) -> None:
    digest = registry.put_layout(layout)

    image = opened(registry, door)

    assert packages(image) == ["thing 1.0-1"]
    assert image.image.reference == f"{registry.host}/team/app:1"
    assert image.image.digest == digest


def test_no_layer_is_fetched_before_it_is_read(
    registry: Registry, door: Door, layout: Path
) -> None:
    registry.put_layout(layout)

    opened(registry, door)

    assert registry.fetched(layer_of(layout, 0)) == registry.fetched(layer_of(layout, 1)) == 0


def test_behind_the_tag_everything_is_asked_for_by_digest(
    registry: Registry, door: Door, tmp_path: Path
) -> None:
    folder = a_layout(tmp_path / "two", a_layer({}), platforms=("linux/amd64", "linux/arm64"))
    registry.put_layout(folder)

    image = opened(registry, door, platform=ARM)

    assert image.image.platform == "linux/arm64"
    tagged, *others = [one.path for one in registry.log if "/manifests/" in one.path]
    assert tagged.endswith("/manifests/1")
    assert others
    assert all("/manifests/sha256:" in path for path in others)


def test_a_digest_in_the_reference_decides(registry: Registry, door: Door, layout: Path) -> None:
    digest = registry.put_layout(layout)

    image = opened(registry, door, f"team/app:other@{digest}")

    assert image.image.digest == digest


def test_a_layer_that_two_images_share_is_fetched_once(
    registry: Registry, door: Door, layout: Path, tmp_path: Path
) -> None:
    registry.put_layout(layout)
    shared = blob_of(layout, 0).read_bytes()
    other = a_layout(tmp_path / "other", shared, a_layer({"else": b"1"}))
    registry.put_layout(other, "2")
    cache = Cache(tmp_path / "cache")

    assert packages(opened(registry, door), cache) == ["thing 1.0-1"]
    assert packages(opened(registry, door, "team/app:2"), cache) == ["thing 1.0-1"]

    assert registry.fetched(layer_of(layout, 0)) == 1
    assert registry.fetched(layer_of(other, 1)) == 1


def test_of_an_image_that_is_known_no_layer_is_fetched(
    registry: Registry, door: Door, layout: Path, tmp_path: Path
) -> None:
    registry.put_layout(layout)
    cache = Cache(tmp_path / "cache")
    packages(opened(registry, door), cache)
    registry.log.clear()

    assert packages(opened(registry, door), cache) == ["thing 1.0-1"]

    assert registry.fetched(layer_of(layout, 0)) == registry.fetched(layer_of(layout, 1)) == 0


def test_a_layer_that_is_read_twice_is_fetched_once(
    registry: Registry, door: Door, tmp_path: Path
) -> None:
    link = an_entry(tarfile.LNKTYPE)
    link.linkname = "plain"
    folder = a_layout(tmp_path / "a", a_layer({"plain": STATUS, "var/lib/dpkg/status": link}))
    registry.put_layout(folder)

    assert packages(opened(registry, door)) == ["thing 1.0-1"]

    assert registry.fetched(layer_of(folder, 0)) == 1


def test_what_was_read_of_a_blob_outlives_its_first_reader(
    registry: Registry, door: Door, layout: Path
) -> None:
    registry.put_layout(layout)
    digest = layer_of(layout, 1)
    image = RegistryImage(parse_reference(f"{registry.host}/team/app:1"), Limits(), door)
    image.root()
    name = f"blobs/{digest.replace(':', '/')}"

    with image.open(name) as first:
        whole = first.read(1 << 20)
        again = image.open(name)
    with again:
        assert again.read(1 << 20) == whole == blob_of(layout, 1).read_bytes()
    assert registry.fetched(digest) == 1


def test_offline_no_registry_is_asked(registry: Registry, door: Door) -> None:
    with pytest.raises(UsageError, match="--offline forbids asking a registry"):
        opened(registry, replace(door, offline=True))

    assert registry.log == []


class TestRefusals:
    def test_an_image_that_is_not_there(self, registry: Registry, door: Door) -> None:
        with pytest.raises(NetworkError, match=r"team/app: not there, NAME_UNKNOWN: never heard"):
            opened(registry, door)

    def test_a_registry_that_is_not_there(self, registry: Registry, door: Door) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            registry.host = f"127.0.0.1:{free.getsockname()[1]}"

        with pytest.raises(NetworkError, match=r"refused.*tried 4 times"):
            opened(registry, door)

    def test_a_schema_1_manifest(self, registry: Registry, door: Door) -> None:
        document = json.dumps({"schemaVersion": 1, "fsLayers": []}).encode()
        kind = "application/vnd.docker.distribution.manifest.v1+prettyjws"
        registry.put_manifest("1", document, kind)

        with pytest.raises(ImageError, match="schema 1 manifest"):
            opened(registry, door)

    @pytest.mark.parametrize("document", [b"", b"[]", b"\xff", b"{}", b'{"layers": 1}', b"{" * 99])
    def test_a_manifest_that_is_none(self, registry: Registry, door: Door, document: bytes) -> None:
        registry.put_manifest("1", document, MANIFEST)

        with pytest.raises(ImageError):
            opened(registry, door)

    def test_a_huge_manifest(self, registry: Registry, door: Door, layout: Path) -> None:
        registry.put_manifest("1", b" " * 5000, MANIFEST)

        with pytest.raises(NetworkError, match="more than 4096 bytes"):
            opened(registry, door, limits=Limits(document=4096))

    def test_a_manifest_that_is_not_what_its_header_promises(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.once(
            "/manifests/1",
            lambda handler: handler.say(
                200, {"Docker-Content-Digest": digest_of(b"another")}, registry.manifests["1"][1]
            ),
        )

        with pytest.raises(DigestMismatch):
            opened(registry, door)

    def test_a_manifest_that_is_not_what_was_asked_for(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        digest = registry.put_layout(layout)
        registry.manifests[digest] = (MANIFEST, registry.manifests[digest][1] + b" ")

        with pytest.raises(DigestMismatch):
            opened(registry, door, f"team/app@{digest}")

    def test_a_layer_that_is_not_what_was_asked_for(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        digest = layer_of(layout, 1)
        registry.blobs[digest] = registry.blobs[digest].replace(b"x" * 9, b"y" * 9)

        with pytest.raises(DigestMismatch, match="layer 1"):
            packages(opened(registry, door))

    def test_a_layer_larger_than_it_should_be(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.blobs[layer_of(layout, 1)] += bytes(10)

        with pytest.raises(ImageError, match="larger than the"):
            packages(opened(registry, door))

    def test_an_image_without_the_platform(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)

        with pytest.raises(ImageError, match="no image for linux/arm64; it has linux/amd64"):
            opened(registry, door, platform=ARM)


class TestTrouble:
    def test_too_many_requests_are_waited_out_as_long_as_asked(
        self, registry: Registry, door: Door, layout: Path, waits: list[float]
    ) -> None:
        registry.put_layout(layout)
        registry.once("/manifests/1", saying(429, {"Retry-After": "7"}), times=2)

        opened(registry, door)

        assert waits == [7, 7]

    def test_a_registry_that_wants_an_hour_is_not_waited_for(
        self, registry: Registry, door: Door, waits: list[float]
    ) -> None:
        registry.once("/manifests/1", saying(429, {"Retry-After": "3600"}))

        with pytest.raises(NetworkError, match="asked again in 3600 s"):
            opened(registry, door)
        assert waits == []

    def test_an_overloaded_registry_is_asked_ever_more_rarely(
        self, registry: Registry, door: Door, layout: Path, waits: list[float]
    ) -> None:
        registry.put_layout(layout)
        registry.once("/manifests/1", saying(503), times=3)

        opened(registry, door)

        assert len(waits) == 3
        assert waits == sorted(waits)

    def test_an_overload_that_stays_is_an_error(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.once("/manifests/1", saying(503), times=99)

        with pytest.raises(NetworkError, match=r"HTTP 503 \(tried 4 times\)"):
            opened(registry, door)

    def test_a_layer_that_is_cut_is_taken_up_where_it_ended(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        digest = layer_of(layout, 1)
        registry.once(digest, cutting(100_000, registry.blobs[digest]), times=2)

        read(opened(registry, door))

        ranges = [r.headers.get("range") for r in registry.log if r.path.endswith(digest)]
        assert ranges == [None, "bytes=100000-", "bytes=200000-"]

    def test_a_cut_layer_from_a_registry_without_ranges_is_read_from_the_start(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.ranges = False
        digest = layer_of(layout, 1)
        registry.once(digest, cutting(100_000, registry.blobs[digest]))

        assert packages(opened(registry, door)) == ["thing 1.0-1"]

    def test_a_range_that_was_not_asked_for_is_refused(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        digest = layer_of(layout, 1)
        registry.once(digest, cutting(100_000, registry.blobs[digest]))
        registry.once(digest, saying(206, {"Content-Range": "bytes 5-9/10"}))

        with pytest.raises(NetworkError, match="answers with 'bytes 5-9/10' instead"):
            read(opened(registry, door))

    def test_a_layer_that_never_moves_on_is_given_up(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        digest = layer_of(layout, 1)
        registry.once(digest, cutting(0, registry.blobs[digest]), times=99)

        with pytest.raises(NetworkError, match="given up after 4 cuts"):
            read(opened(registry, door))

    def test_a_layer_that_moves_on_by_a_byte_a_time_is_given_up(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        digest = layer_of(layout, 1)
        registry.once(digest, cutting(1, registry.blobs[digest]), times=99)

        with pytest.raises(NetworkError, match="given up after 32 cuts"):
            read(opened(registry, door))

    def test_a_silent_registry_is_given_up(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        over = threading.Event()
        registry.once("/manifests/1", lambda handler: over.wait(20), times=99)
        impatient = replace(door, transport=HttpTransport(timeout=0.05))

        with pytest.raises(NetworkError, match="no answer in time"):
            opened(registry, impatient)
        over.set()


class TestAccounts:
    def test_a_login_is_used_when_the_registry_asks_for_it(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.users["anna"] = "secret"

        image = opened(registry, known(door, "secret"))

        assert packages(image) == ["thing 1.0-1"]
        assert "authorization" not in registry.log[0].headers

    def test_a_token_is_fetched_once_for_a_repository(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.users["anna"] = "secret"
        registry.token_at = f"http://{registry.host}/token"

        assert packages(opened(registry, known(door, "secret"))) == ["thing 1.0-1"]

        asked = [one.path for one in registry.log if one.path.startswith("/token")]
        assert asked == ["/token?scope=repository%3Ateam%2Fapp%3Apull&service=here"]

    def test_a_token_that_ran_out_is_fetched_anew(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.users["anna"] = "secret"
        registry.token_at = f"http://{registry.host}/token"
        image = opened(registry, known(door, "secret"))
        registry.tokens.remove("token-0")
        registry.tokens.add("unused")

        assert packages(image) == ["thing 1.0-1"]

    def test_an_identity_token_is_exchanged(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        registry.users["anna"] = "secret"
        registry.token_at = f"http://{registry.host}/token"
        account = Account(user="", identity_token="identity")

        image = opened(registry, replace(door, account=lambda host: account))

        assert packages(image) == ["thing 1.0-1"]
        assert any(one.method == "POST" for one in registry.log)

    @pytest.mark.parametrize("bearer", [True, False])
    def test_a_wrong_password_is_told_and_not_shown(
        self, registry: Registry, door: Door, layout: Path, bearer: bool
    ) -> None:
        registry.users["anna"] = "secret"
        registry.token_at = f"http://{registry.host}/token" if bearer else None

        with pytest.raises(NetworkError, match="docker login") as caught:
            opened(registry, known(door, "wr0ng"))
        assert "wr0ng" not in str(caught.value)

    def test_without_a_login_the_error_says_how_to_get_one(
        self, registry: Registry, door: Door
    ) -> None:
        registry.users["anna"] = "secret"

        with pytest.raises(NetworkError, match=f"docker login {registry.host}"):
            opened(registry, door)

    def test_a_token_from_a_host_without_tls_is_not_asked_for(
        self, registry: Registry, door: Door
    ) -> None:
        registry.users["anna"] = "secret"
        registry.token_at = "http://token.example/"

        with pytest.raises(NetworkError, match="only https is used"):
            opened(registry, known(door, "secret"))

    @pytest.mark.parametrize(
        "token", [b"", b"[]", b"{}", b'{"token": 1}', b'{"token": "a\\nb"}', b"\xff" * 9]
    )
    def test_a_token_that_is_none(self, registry: Registry, door: Door, token: bytes) -> None:
        registry.users["anna"] = "secret"
        registry.token_at = f"http://{registry.host}/token"
        registry.once("/token", lambda handler: handler.say(200, {}, token))

        with pytest.raises(NetworkError, match=r"without a token|no JSON object"):
            opened(registry, known(door, "secret"))


def known(door: Door, password: str) -> Door:
    return replace(door, account=lambda host: Account(user="anna", password=password))


def test_a_redirect_to_another_host_carries_no_credentials(
    registry: Registry, door: Door, layout: Path
) -> None:
    registry.put_layout(layout)
    registry.users["anna"] = "secret"
    digest = layer_of(layout, 0)
    with serving(Registry()) as storage:
        storage.blobs[digest] = registry.blobs[digest]
        place = f"http://{storage.host}/v2/x/blobs/{digest}"
        registry.once(digest, saying(307, {"Location": place}), times=9)

        assert packages(opened(registry, known(door, "secret"))) == ["thing 1.0-1"]

        assert [r.headers.get("authorization") for r in storage.log] == [None]


def test_a_redirect_that_goes_in_circles_is_given_up(registry: Registry, door: Door) -> None:
    registry.once("", saying(302, {"Location": "/v2/"}), times=99)

    with pytest.raises(NetworkError, match="more than 5 redirects"):
        opened(registry, door)


class TestMirrors:
    def test_a_mirror_is_asked_before_the_registry(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        with serving(Registry()) as origin:
            mirrored = replace(door, mirrors={origin.host: (f"http://{registry.host}",)})

            assert packages(opened(origin, mirrored)) == ["thing 1.0-1"]

            assert origin.log == []

    def test_what_the_mirror_lacks_comes_from_the_registry(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        registry.put_layout(layout)
        with serving(Registry()) as mirror:
            mirror.put_layout(layout)
            del mirror.blobs[layer_of(layout, 0)]
            mirrored = replace(door, mirrors={registry.host: (f"http://{mirror.host}",)})

            assert packages(opened(registry, mirrored)) == ["thing 1.0-1"]

            assert registry.fetched(layer_of(layout, 0)) == 1
            assert registry.fetched(layer_of(layout, 1)) == 0


class TestForeignLayers:
    def with_foreign(self, registry: Registry, layout: Path, urls: list[str]) -> str:
        """Make layer 1 a foreign one that the registry does not have; return its digest."""
        manifest = json.loads(manifest_of(layout).read_text())
        layer = manifest["layers"][1]
        layer["mediaType"] = "application/vnd.oci.image.layer.nondistributable.v1.tar"
        layer["urls"] = urls
        registry.put_layout(layout)
        registry.put_manifest("1", json.dumps(manifest).encode(), MANIFEST)
        return str(layer["digest"])

    def test_one_without_an_https_address_is_a_problem_not_an_error(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        digest = self.with_foreign(registry, layout, ["http://127.0.0.1:1/x", "file:///etc/passwd"])
        del registry.blobs[digest]

        found = read(opened(registry, door))

        assert [one.name for one in found.packages] == ["thing"]
        assert [(one.path, one.effect) for one in found.problems] == [
            (digest, "what layer 1 holds is missing")
        ]

    def test_one_that_cannot_be_fetched_is_a_problem_with_the_reason(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        digest = self.with_foreign(registry, layout, [f"https://{registry.host}/layer"])
        del registry.blobs[digest]

        found = read(opened(registry, door))

        assert [one.reason[:45] for one in found.problems] == [
            "a foreign layer that cannot be fetched: https"
        ]

    def test_one_that_the_registry_has_is_read_from_there(
        self, registry: Registry, door: Door, layout: Path
    ) -> None:
        self.with_foreign(registry, layout, [])

        assert read(opened(registry, door)).problems == ()

    def test_one_is_fetched_from_its_https_address(
        self, registry: Registry, door: Door, layout: Path, certificate: Path
    ) -> None:
        with serving(Registry(), certificate) as elsewhere:
            digest = self.with_foreign(registry, layout, [])
            url = f"https://{elsewhere.host}/v2/x/blobs/{digest}"
            self.with_foreign(registry, layout, [url])
            elsewhere.blobs[digest] = registry.blobs.pop(digest)
            trusting = replace(door, transport=HttpTransport(ca_file=certificate))

            assert read(opened(registry, trusting)).problems == ()

            assert elsewhere.fetched(digest) == 1


class TestTls:
    def test_a_certificate_of_ones_own_authority_is_accepted(
        self, door: Door, layout: Path, certificate: Path
    ) -> None:
        with serving(Registry(), certificate) as registry:
            registry.put_layout(layout)
            trusting = replace(door, transport=HttpTransport(ca_file=certificate))

            assert packages(opened(registry, trusting)) == ["thing 1.0-1"]

    def test_an_unknown_certificate_is_refused(
        self, door: Door, layout: Path, certificate: Path
    ) -> None:
        with serving(Registry(), certificate) as registry:
            with pytest.raises(LadingError, match=r"certificate is not trusted.*ca_file"):
                opened(registry, door)

            assert registry.log == []


def test_every_byte_of_a_blob_is_verified_even_over_many_cuts(
    registry: Registry, door: Door, layout: Path
) -> None:
    registry.put_layout(layout)
    digest = layer_of(layout, 1)
    data = registry.blobs[digest]
    registry.once(digest, cutting(20_000, data), times=14)
    image = opened(registry, door)

    read(image)

    assert hashlib.sha256(data).hexdigest() == digest.removeprefix("sha256:")
    assert registry.fetched(digest) == 15
