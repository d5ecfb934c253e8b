"""One publishes for all: a folder, a web server or a registry, and the shortest way from there."""

import hashlib
import json
import subprocess
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest

from advisories.bundles import a_database, a_key, a_record, newer, older, put, state
from engines import docker_registry, program
from feed_server import Answer, serving
from lading.advisories.publishing import chain, publish, update_from
from lading.advisories.shelf import FolderShelf, Index, Offer, RegistryShelf, WebShelf, decode_index
from lading.advisories.writer import Writer
from lading.errors import AdvisoryError, UsageError
from lading.net import NetworkError, http_fetch
from lading.net.transport import HttpTransport
from lading.sources.artefact import RegistryArtefact
from lading.sources.door import Door
from lading.sources.reference import parse_reference


def many(writer: Writer) -> None:
    """So many records that a delta is smaller than the whole."""
    put(writer, *(a_record(f"GO-{n}", name=f"module-{n * n}") for n in range(200)), feed="osv/Go")


def newest(writer: Writer) -> None:
    newer(writer)
    put(writer, a_record("PYSEC-5", name="fifth"))


@pytest.fixture
def states(tmp_path: Path) -> dict[str, Path]:
    fills = {"old": older, "new": newer, "newest": newest}
    return {name: a_database(tmp_path / f"{name}.db", many, fill) for name, fill in fills.items()}


@pytest.fixture
def shelf(tmp_path: Path) -> FolderShelf:
    return FolderShelf(tmp_path / "shelf")


def taken(shelf: FolderShelf, path: Path, *trusted: Path) -> list[str]:
    """Update from the shelf; return the kinds of bundles that were applied."""
    with Writer(path) as writer:
        return [one.kind for one in update_from(shelf, writer, trusted=trusted)]


def test_a_new_database_takes_the_whole_and_later_ones_deltas(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    seen = []
    for name in ("old", "new", "newest", "newest"):
        publish(states[name], shelf)
        seen.append((taken(shelf, mine), state(mine) == state(states[name])))

    assert seen == [(["full"], True), (["delta"], True), (["delta"], True), ([], True)]


def test_a_state_that_was_missed_is_made_up_for(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    publish(states["old"], shelf)
    taken(shelf, mine)
    publish(states["new"], shelf)
    publish(states["newest"], shelf)

    kinds = taken(shelf, mine)

    assert set(kinds) in ({"delta"}, {"full"})
    assert state(mine) == state(states["newest"])


def an_offer(from_: str | None, to: str, size: int) -> Offer:
    kind = "full" if from_ is None else "delta"
    digest = f"sha256:{0:064}"
    return Offer(file=f"{from_}-{to}", kind=kind, from_=from_, to=to, size=size, digest=digest)


@pytest.mark.parametrize(
    ("here", "way"),
    [
        pytest.param("c", "c>d", id="one step"),
        pytest.param("b", "b>c c>d", id="two small steps rather than a large one"),
        pytest.param("a", "a>d", id="one step rather than two larger ones"),
        pytest.param("z", ">d", id="the whole where all steps are larger"),
        pytest.param("?", ">d", id="the whole from an unknown state"),
        pytest.param(None, ">d", id="the whole from nothing"),
    ],
)
def test_the_smallest_chain_is_taken(here: str | None, way: str) -> None:
    deltas = [("c", "d", 1), ("b", "c", 1), ("b", "d", 5), ("a", "b", 9), ("a", "d", 10),
              ("z", "d", 101), ("c", "b", 1)]  # fmt: skip
    offers = [an_offer(None, "d", 100), *(an_offer(*one) for one in deltas)]

    found = chain(Index(newest="d", bundles=offers), here)

    assert " ".join(f"{one.from_ or ''}>{one.to}" for one in found) == way


def test_a_delta_that_does_not_fit_is_replaced_by_the_whole(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.db"
    publish(states["old"], shelf)
    taken(shelf, mine)
    with Writer(mine) as writer, writer.transaction():
        writer.delete("osv/PyPI", ["PYSEC-1"])  # it is not what it was
    publish(states["new"], shelf)

    assert taken(shelf, mine) == ["full"]
    assert state(mine) == state(states["new"])


def test_what_is_damaged_on_the_shelf_changes_nothing(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path
) -> None:
    mine = a_database(tmp_path / "mine.db", many, older)
    publish(states["new"], shelf)
    (file,) = (tmp_path / "shelf").glob("*.lading")
    file.write_bytes(file.read_bytes()[:-1])

    with pytest.raises(AdvisoryError, match="its content is"):
        taken(shelf, mine)

    assert state(mine) == state(states["old"])


def test_only_signed_bundles_are_taken_where_a_key_is_trusted(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path
) -> None:
    private, public = a_key(tmp_path / "key")
    publish(states["old"], shelf)
    with pytest.raises(AdvisoryError, match="is not signed"):
        taken(shelf, tmp_path / "mine.db", public)

    publish(states["new"], shelf, key=private)

    assert taken(shelf, tmp_path / "mine.db", public) == ["full"]


def test_a_shelf_that_has_this_state_stays_as_it_is(
    states: dict[str, Path], shelf: FolderShelf
) -> None:
    first = publish(states["new"], shelf)
    again = publish(states["new"], shelf)

    assert (first.state, len(first.offers)) == (again.state, 1)
    assert again.offers == ()


def test_files_that_nobody_lists_any_more_go(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path
) -> None:
    for name in ("old", "new", "newest"):
        published = publish(states[name], shelf)

    files = {path.name for path in (tmp_path / "shelf").glob("*.lading")}
    index = shelf.index()
    assert index is not None
    assert {one.file for one in index.bundles} <= files
    assert len([name for name in files if "-" not in name]) == 2  # this whole and the last
    assert index.newest == published.state


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"newest": 1}', b"\xff", b"[" * 100_000,
     b'{"schema": "other", "newest": "a", "bundles": []}',
     b'{"newest":"a","bundles":[{"file":"../x","kind":"full","to":"a","size":1,"digest":""}]}'],
)  # fmt: skip
def test_what_is_no_list_is_an_error(data: bytes) -> None:
    with pytest.raises(AdvisoryError):
        decode_index(data, "it")


def test_an_empty_shelf_is_an_error(shelf: FolderShelf, tmp_path: Path) -> None:
    with pytest.raises(AdvisoryError, match="no advisory bundle there"):
        taken(shelf, tmp_path / "mine.db")


@pytest.mark.parametrize("suffix", ["", "/", "/index.json"])
def test_any_web_server_can_serve_the_folder(
    states: dict[str, Path], shelf: FolderShelf, tmp_path: Path, suffix: str
) -> None:
    publish(states["new"], shelf)
    files = (tmp_path / "shelf").iterdir()
    answers: dict[str, Answer | list[Answer]] = {
        f"/feeds/{path.name}": Answer(body=path.read_bytes()) for path in files
    }

    with serving(answers) as served, Writer(tmp_path / "mine.db") as writer:
        web = WebShelf(f"{served.url}/feeds{suffix}", http_fetch(largest=1 << 20, tries=1))
        (applied,) = update_from(web, writer)

    assert applied.is_exact
    assert state(tmp_path / "mine.db") == state(states["new"])


def a_door(*, offline: bool = False) -> Door:
    transport = HttpTransport(timeout=20)
    return Door(
        transport=transport, account=lambda _: None, engine=lambda _: transport,
        stdin=BytesIO(), sleep=lambda _: None, offline=offline,
    )  # fmt: skip


Place = Callable[[str], RegistryShelf]


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[tuple[str, Place]]:
    """A registry, and a shelf in it by its tag."""
    folder = tmp_path / "registry"
    folder.mkdir()
    with docker_registry(folder) as host:

        def place(tag: str) -> RegistryShelf:
            reference = parse_reference(f"{host}/team/advisories:{tag}")
            return RegistryShelf(RegistryArtefact(reference, a_door(), is_pushed=True), tag)

        yield host, place


def test_a_registry_holds_bundles_as_layers(
    states: dict[str, Path], registry: tuple[str, Place], tmp_path: Path
) -> None:
    host, place = registry
    shelf, mine = place("latest"), tmp_path / "mine.db"
    kinds = []
    for name in ("old", "new", "newest"):
        publish(states[name], shelf)
        with Writer(mine) as writer:
            kinds += [one.kind for one in update_from(shelf, writer)]

    assert kinds == ["full", "delta", "delta"]
    assert state(mine) == state(states["newest"])
    command = [program("skopeo"), "inspect", "--raw", "--tls-verify=false",
               f"docker://{host}/team/advisories:latest"]  # fmt: skip
    seen = subprocess.run(command, check=True, capture_output=True, timeout=50).stdout
    manifest = json.loads(seen)
    assert manifest["artifactType"] == "application/vnd.lading.advisories.v1"
    assert [one["annotations"]["io.lading.kind"] for one in manifest["layers"]] == [
        "full", "delta", "delta",
    ]  # fmt: skip


def test_a_registry_copies_the_artefact_like_any_image(
    states: dict[str, Path], registry: tuple[str, Place], tmp_path: Path
) -> None:
    host, place = registry
    publish(states["new"], place("latest"))

    command = [program("skopeo"), "copy", "--src-tls-verify=false",
               f"docker://{host}/team/advisories:latest", f"dir:{tmp_path / 'copy'}"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=50)

    layers = json.loads((tmp_path / "copy" / "manifest.json").read_text())["layers"]
    for layer in layers:
        data = (tmp_path / "copy" / layer["digest"].removeprefix("sha256:")).read_bytes()
        assert "sha256:" + hashlib.sha256(data).hexdigest() == layer["digest"]


def test_a_large_blob_is_pushed_in_parts(
    registry: tuple[str, Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _ = registry
    monkeypatch.setattr("lading.sources.distribution._AT_ONCE", 1000)
    artefact = RegistryArtefact(parse_reference(f"{host}/team/parts:1"), a_door(), is_pushed=True)
    data = bytes(range(256)) * 10
    (tmp_path / "blob").write_bytes(data)
    digest = "sha256:" + hashlib.sha256(data).hexdigest()

    artefact.push({digest: tmp_path / "blob"}, a_manifest(digest, len(data)), MANIFEST)
    artefact.blob(digest, tmp_path / "back")

    assert (tmp_path / "back").read_bytes() == data


MANIFEST = "application/vnd.oci.image.manifest.v1+json"


def a_manifest(digest: str, size: int) -> bytes:
    blob = {"mediaType": "application/octet-stream", "digest": digest, "size": size}
    value = {"schemaVersion": 2, "mediaType": MANIFEST, "config": blob, "layers": [blob]}
    return json.dumps(value).encode()


def test_an_image_is_no_shelf(registry: tuple[str, Place], tmp_path: Path) -> None:
    host, place = registry
    artefact = RegistryArtefact(
        parse_reference(f"{host}/team/advisories:image"), a_door(), is_pushed=True
    )
    digest = "sha256:" + hashlib.sha256(b"x").hexdigest()
    artefact.push({digest: b"x"}, a_manifest(digest, 1), MANIFEST)

    with (
        Writer(tmp_path / "mine.db") as writer,
        pytest.raises(AdvisoryError, match="holds no advisory bundles"),
    ):
        update_from(place("image"), writer)


def test_a_registry_is_not_asked_offline_nor_pushed_to_by_digest() -> None:
    reference = parse_reference(f"localhost:1/x@sha256:{0:064}")
    with pytest.raises(UsageError, match="--offline"):
        RegistryArtefact(reference, a_door(offline=True))
    with pytest.raises(UsageError, match="name a tag"):
        RegistryArtefact(reference, a_door(), is_pushed=True).push({}, b"", MANIFEST)


def test_a_registry_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    artefact = RegistryArtefact(parse_reference("127.0.0.1:9/x:1"), a_door(), is_pushed=True)

    with pytest.raises(NetworkError):
        publish(a_database(tmp_path / "some.db", older), RegistryShelf(artefact, "it"))
