"""`lading scan`: from an image to findings, a verdict and an exit code."""

import gzip
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cli.running import is_one_line, ran
from images import SYSTEM, a_layer, a_layout, an_entry, blob_of, manifest_of
from lading.advisories.writer import Writer
from lading.model.advisory import Advisory

SHOP = str(Path(__file__).parents[2] / "examples" / "shop")

MEMBERS = {
    "schema", "lading", "target", "config", "image", "advisories", "packages", "findings",
    "problems", "coverage", "verdict",
}  # fmt: skip
PACKAGE = {
    "id", "type", "name", "version", "purl", "arch", "source", "paths", "hashes", "layer",
    "evidence", "certainty", "owner", "depends_on", "licenses",
}  # fmt: skip
FINDING = {
    "id", "aliases", "package", "installed", "severity", "score", "vectors", "kind", "status",
    "fix", "advisories", "kev", "epss", "published", "cwes", "references", "layer", "rule",
    "suppressed", "title",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def scanned(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> dict[str, Any]:
    done = ran(capsys, "scan", *arguments, "--format", "json")
    assert (done.code, done.err) == (code, "")
    value: dict[str, Any] = json.loads(done.out)
    return value


def names(result: dict[str, Any]) -> set[str]:
    return {package["name"] for package in result["packages"]}


HOSTILE: dict[str, bytes | tarfile.TarInfo] = {
    "../escape": b"x",
    "/abs": b"x",
    "etc/../../up": b"x",
    "dev/sda": an_entry(tarfile.BLKTYPE),
    "": b"x",
}


# ------------------------------------------------------------------ exit codes


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param((), 0, id="no policy"),
        pytest.param(("--fail-on", "critical"), 1, id="criticals, and there are some"),
        pytest.param(("--fail-on", "critical", "--strict"), 1, id="strict without problems"),
        pytest.param(("--fail-on", "critical", "--only-fixed"), 1, id="criticals with a fix"),
        pytest.param(("--mode", "basic", "--catalogers", "apk", "--fail-on", "low"), 0, id="none"),
        pytest.param(("--max-age", "1h"), 1, id="feeds too old"),
        pytest.param(("--fail-on", "critical", "--severity", "low", "--fixable"), 1, id="a view"),
        pytest.param(("--severity", "critical"), 0, id="a view is no policy"),
    ],
)
def test_the_exit_code_is_the_verdict(
    arguments: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    result = scanned(capsys, SHOP, *arguments, code=code)

    assert result["verdict"]["pass"] is (code == 0)
    assert bool(result["verdict"]["breaches"]) is (code == 1)


def test_feeds_young_enough_breach_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    writer = Writer(tmp_path / "own.db")
    with writer.transaction():
        writer.put(
            "osv/PyPI", [Advisory(id="X-1", feed="osv/PyPI", modified="2026-11-23T20:00:00Z")]
        )
    writer.close()
    options = ("--advisories", str(tmp_path / "own.db"), "--max-age")

    young = scanned(capsys, SHOP, *options, "4h")
    old = scanned(capsys, SHOP, *options, "3.9h", code=1)

    assert young["verdict"]["breaches"] == []
    assert "osv/PyPI" in old["verdict"]["breaches"][0]["coverage"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param((), 0, id="problems alone are no failure"),
        pytest.param(("--strict",), 4, id="strict"),
        pytest.param(("--strict", "--max-age", "1h"), 1, id="a breach wins"),
    ],
)
def test_problems_count_when_they_are_asked_to(
    arguments: tuple[str, ...], code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | HOSTILE))

    result = scanned(capsys, str(image), *arguments, code=code)

    text = json.dumps(result["problems"])
    assert "escape" in text
    assert "/abs" in text or "abs" not in names(result)
    assert names(result) == {"thing"}
    assert not list((tmp_path / "work").iterdir())


def test_a_device_node_is_passed_over_and_the_rest_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    members: dict[str, bytes | tarfile.TarInfo]
    members = {"dev/null": an_entry(tarfile.CHRTYPE), "run/pipe": an_entry(tarfile.FIFOTYPE)}
    image = a_layout(tmp_path / "image", a_layer(SYSTEM | members))

    assert names(scanned(capsys, str(image))) == {"thing"}


# ------------------------------------------------------------------ wrong input


def an_image(tmp_path: Path) -> Path:
    return a_layout(tmp_path / "image", a_layer(SYSTEM))


def a_file(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "file"
    path.write_bytes(content)
    return path


def packed(folder: Path, file: Path) -> Path:
    """The layout as an archive."""
    with tarfile.open(file, "w") as archive:
        for path in sorted(folder.rglob("*")):
            archive.add(path, str(path.relative_to(folder)), recursive=False)
    return file


def cut_archive(tmp_path: Path) -> Path:
    whole = packed(Path(SHOP), tmp_path / "whole.tar").read_bytes()
    return a_file(tmp_path, whole[: len(whole) // 2])


def cut_packed_archive(tmp_path: Path) -> Path:
    whole = gzip.compress(packed(Path(SHOP), tmp_path / "whole.tar").read_bytes())
    return a_file(tmp_path, whole[: len(whole) // 2])


def changed_layer(tmp_path: Path) -> Path:
    image = an_image(tmp_path)
    layer = blob_of(image, 0)
    layer.write_bytes(layer.read_bytes().replace(b"thing", b"thong"))
    return image


def missing_layer(tmp_path: Path) -> Path:
    image = an_image(tmp_path)
    blob_of(image, 0).unlink()
    return image


def missing_manifest(tmp_path: Path) -> Path:
    image = an_image(tmp_path)
    manifest_of(image).unlink()
    return image


def changed_manifest(tmp_path: Path) -> Path:
    image = an_image(tmp_path)
    manifest_of(image).write_bytes(b"{}")
    return image


def no_index(tmp_path: Path) -> Path:
    image = an_image(tmp_path)
    (image / "index.json").write_text("[1, 2")
    return image


def tar_of_something_else(tmp_path: Path) -> Path:
    return a_file(tmp_path, a_layer({"notes.txt": b"to do"}))


@pytest.mark.parametrize(
    ("make", "word"),
    [
        pytest.param(lambda at: at / "nowhere", "no such file", id="missing path"),
        pytest.param(lambda at: a_file(at, b"hello\n" * 200), "no image", id="text file"),
        pytest.param(lambda at: a_file(at, b""), "empty", id="empty file"),
        pytest.param(tar_of_something_else, "no image", id="tar that is no image"),
        pytest.param(cut_archive, "", id="truncated archive"),
        pytest.param(cut_packed_archive, "", id="truncated packed archive"),
        pytest.param(changed_layer, "sha256:", id="wrong layer digest"),
        pytest.param(changed_manifest, "sha256:", id="wrong manifest digest"),
        pytest.param(missing_layer, "sha256:", id="missing layer"),
        pytest.param(missing_manifest, "is not there", id="manifest that points to nothing"),
        pytest.param(no_index, "index.json", id="an index that is no JSON"),
    ],
)
def test_a_target_that_cannot_be_read_is_one_line_and_3(
    make: Callable[[Path], Path], word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = make(tmp_path)

    code, out, err = ran(capsys, "scan", str(target))

    assert (code, out) == (3, "")
    assert is_one_line(err)
    assert word in err
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        pytest.param(("--platform", "plan9/mips"), 3, "plan9/mips", id="a platform it lacks"),
        pytest.param(("--platform", "linux"), 2, "os/arch", id="no platform at all"),
        pytest.param(("--catalogers", "apk,runes"), 2, "runes", id="an unknown cataloger"),
        pytest.param(("--only-fixed",), 2, "--fail-on", id="only-fixed alone"),
        pytest.param(("--max-age", "soon"), 2, "'soon'", id="no duration"),
        pytest.param(("--distro", "debian"), 2, "ID:VERSION", id="no distribution"),
        pytest.param(("--output", "r", "--format", "json"), 2, "--format before", id="pairs"),
        pytest.param(("--format", "json", "--format", "table"), 2, "2 formats", id="two formats"),
        pytest.param(("--advisories", "nowhere.db"), 3, "nowhere.db", id="no such database"),
        pytest.param(("--advisories", f"{SHOP}/index.json"), 3, "no advisory", id="no database"),
    ],
)
def test_wrong_options_are_one_line_and_nothing_else(
    arguments: tuple[str, ...],
    code: int,
    word: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    done = ran(capsys, "scan", SHOP, *arguments)

    assert (done.code, done.out) == (code, "")
    assert is_one_line(done.err)
    assert word in done.err
    assert not list((tmp_path / "work").iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(("--output", "r", "--format", "json"), id="outputs"),
        pytest.param(("--max-age", "soon"), id="duration"),
        pytest.param(("--only-fixed",), id="only-fixed"),
        pytest.param(("--catalogers", "runes"), id="catalogers"),
        pytest.param(("--platform", "linux"), id="platform"),
        pytest.param(("--distro", "debian"), id="distro"),
    ],
)
def test_wrong_usage_shows_before_the_target_is_read(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = ran(capsys, "scan", "./nowhere", *arguments)

    assert code == 2
    assert "nowhere" not in err


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("runes:thing", 3),
        ("purl:x@1", 2),
        ("sbom:nowhere", 3),
        ("", 2),
        ("oci:", 2),
        ("oci:nowhere", 3),
        (f"docker-archive:{SHOP}", 3),
        (f"dir:{SHOP}/index.json", 3),
        (f"oci:{SHOP}:nosuchtag", 3),
        (f"oci:{SHOP}@sha256:{'0' * 64}", 3),
    ],
)
def test_a_target_that_names_nothing_readable(
    target: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    done = ran(capsys, "scan", target, "--offline")

    assert (done.code, done.out) == (code, "")
    assert is_one_line(done.err)


def test_an_index_of_several_images_wants_a_platform(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    image = a_layout(tmp_path / "i", a_layer(SYSTEM), platforms=("plan9/amd64", "plan9/arm64"))

    done = ran(capsys, "scan", str(image))

    assert (done.code, done.out) == (3, "")
    assert "plan9/amd64" in done.err
    chosen = scanned(capsys, str(image), "--platform", "plan9/arm64")
    assert chosen["image"]["platform"] == "plan9/arm64"


# ------------------------------------------------------------------ what is read


def test_basic_mode_reads_packages_of_the_system_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    every = {one["type"] for one in scanned(capsys, SHOP)["packages"]}
    basic = {one["type"] for one in scanned(capsys, SHOP, "--mode", "basic")["packages"]}

    assert basic == {"deb"}
    assert {"deb", "pypi", "npm", "maven"} <= every


def test_chosen_catalogers_read_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    found = scanned(capsys, SHOP, "--catalogers", "python, node")

    assert {one["type"] for one in found["packages"]} == {"pypi", "npm"}


def test_excluded_paths_are_not_read(capsys: pytest.CaptureFixture[str]) -> None:
    found = scanned(capsys, SHOP, "--exclude", "/srv/**", "--exclude", "/usr/local/**")

    assert {one["type"] for one in found["packages"]} & {"maven", "pypi"} == set()
    assert "libexpat1" in names(found)


def test_a_given_distribution_stands_for_the_images_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    own = scanned(capsys, SHOP, "--mode", "basic")
    other = scanned(capsys, SHOP, "--mode", "basic", "--distro", "slackware:15.0")

    assert own["image"]["os"]["id"] == "debian"
    assert other["image"]["os"]["id"] == "slackware"
    assert own["findings"]
    assert other["findings"] == []
    assert len(other["coverage"]["unmatched"]) == len(other["packages"])


# ------------------------------------------------------------------ same in, same out


def test_two_runs_give_the_same_bytes_with_and_without_cache(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    arguments = ("scan", SHOP, "--format", "json")

    cold = ran(capsys, *arguments)
    warm = ran(capsys, *arguments)
    without = ran(capsys, *arguments, "--no-cache")

    assert cold == warm == without
    assert any((tmp_path / "cache" / "layers").iterdir())


def test_no_cache_leaves_none(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    scanned(capsys, SHOP, "--no-cache")

    assert not (tmp_path / "cache" / "layers").exists()


def test_a_damaged_cache_is_read_around(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    first = scanned(capsys, SHOP)
    files = [path for path in (tmp_path / "cache" / "layers").rglob("*") if path.is_file()]
    for path in files:
        path.write_bytes(path.read_bytes()[:-5] + b"trash")

    assert files
    assert scanned(capsys, SHOP) == first


def test_a_cache_that_cannot_be_written_is_done_without(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = scanned(capsys, SHOP)
    (tmp_path / "in the way").write_text("")
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "in the way"))

    assert scanned(capsys, SHOP) == first


def test_a_layout_and_its_archive_have_the_same_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = scanned(capsys, SHOP)
    archive = scanned(capsys, str(packed(Path(SHOP), tmp_path / "shop.tar")))

    for result in (folder, archive):
        result.pop("target")
        result["image"].pop("reference")
    assert archive == folder


# ------------------------------------------------------------------ the result


def test_the_result_has_every_member_of_its_contract(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = scanned(capsys, SHOP)

    assert result.keys() >= MEMBERS
    assert result["schema"] == "lading.scan/1"
    assert result["target"] == {"given": SHOP, "kind": "image"}
    assert result["image"].keys() >= {
        "reference", "digest", "config_digest", "platform", "created", "os", "base", "layers"
    }  # fmt: skip
    assert result["image"]["os"].keys() >= {
        "id", "version_id", "pretty_name", "end_of_life", "supported"
    }  # fmt: skip
    for layer in result["image"]["layers"]:
        assert layer.keys() >= {"index", "digest", "diff_id", "size", "created_by"}
    for feed in result["advisories"]["feeds"]:
        assert feed.keys() >= {"name", "records", "as_of", "age_hours", "stale"}
    assert all(package.keys() >= PACKAGE for package in result["packages"])
    assert all(finding.keys() >= FINDING for finding in result["findings"])
    assert result["coverage"].keys() >= {
        "files", "executables", "explained", "unexplained", "unmatched"
    }  # fmt: skip
    assert result["verdict"].keys() >= {"pass", "breaches"}


def test_one_finding_for_each_vulnerability_and_package(
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = scanned(capsys, SHOP)

    pairs = [(one["id"], one["package"]) for one in result["findings"]]
    assert len(pairs) == len(set(pairs)) > 0
    assert {package for _, package in pairs} <= {one["id"] for one in result["packages"]}


def test_several_reports_are_written_whole(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    done = ran(
        capsys, "scan", SHOP, "--format", "json", "--output", "r.json", "--format", "table",
        "--output", "r.txt",
    )  # fmt: skip

    assert done == (0, "", "")
    written = {path.name for path in (tmp_path / "work").iterdir()}
    assert written == {"r.json", "r.txt"}
    assert json.loads((tmp_path / "work" / "r.json").read_bytes())["schema"] == "lading.scan/1"
    assert "CVE-2021-44228" in (tmp_path / "work" / "r.txt").read_text()


def test_an_image_without_anything_says_so(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    image = a_layout(tmp_path / "image", a_layer({}))

    result = scanned(capsys, str(image), "--fail-on", "low")

    assert result["packages"] == result["findings"] == []
    assert "no operating system recognised" in result["coverage"]["notes"]
