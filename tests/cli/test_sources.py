"""Targets that are no path, through the command line."""

import io
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.running import is_one_line, ran
from images import SYSTEM, a_layer, a_layout
from registries import Registry, serving

BOTH = ("linux/amd64", "linux/arm64")


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No engines, no logins, an empty cache."""
    for name in ("DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONFIG", "REGISTRY_AUTH_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("LADING_DOCKER_SOCKETS", "")
    monkeypatch.setenv("LADING_PODMAN_SOCKETS", "")
    monkeypatch.setenv("LADING_CONTAINERD_ROOT", str(tmp_path / "none"))


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving(Registry()) as found:
        yield found


def test_an_image_in_a_registry_is_scanned(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put_layout(a_layout(tmp_path / "a", a_layer(SYSTEM)))

    result = ran(capsys, "packages", f"registry:{registry.host}/team/app:1", "--format", "json")

    assert result.code == 0
    found = json.loads(result.out)
    assert found["image"]["reference"] == f"{registry.host}/team/app:1"
    assert [one["name"] for one in found["packages"]] == ["thing"]


def test_the_login_file_of_docker_is_used(
    registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry.put_layout(a_layout(tmp_path / "a", a_layer(SYSTEM)))
    registry.users["anna"] = "secret"
    (tmp_path / ".docker").mkdir()
    auths = {registry.host: {"auth": "YW5uYTpzZWNyZXQ="}}
    (tmp_path / ".docker" / "config.json").write_text(json.dumps({"auths": auths}))

    assert ran(capsys, "packages", f"{registry.host}/team/app:1").code == 0


@pytest.mark.parametrize(
    ("target", "code"),
    [
        pytest.param("registry:127.0.0.1:1/team/app:1", 2, id="in a registry"),
        pytest.param("127.0.0.1:1/team/app:1", 3, id="anywhere"),
    ],
)
def test_offline_an_image_elsewhere_is_one_line_of_error(
    target: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    result = ran(capsys, "packages", target, "--offline")

    assert result.code == code
    assert is_one_line(result.err)
    assert "--offline forbids asking a registry" in result.err


def test_an_archive_comes_through_standard_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = a_layout(tmp_path / "a", a_layer(SYSTEM))
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as archive:
        archive.add(folder, arcname=".")
    data = io.BytesIO((tmp_path / "a.tar.gz").read_bytes())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(data)))

    result = ran(capsys, "packages", "-", "--format", "json")

    assert [one["name"] for one in json.loads(result.out)["packages"]] == ["thing"]


class TestAllPlatforms:
    @pytest.mark.parametrize("command", ["packages", "scan"])
    def test_every_image_has_its_result(
        self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = a_layout(tmp_path / "a", a_layer(SYSTEM), platforms=BOTH)

        result = ran(capsys, command, str(folder), "--all-platforms", "--format", "json")

        found = json.loads(result.out)
        assert found["schema"] == "lading.scans/1"
        assert [one["image"]["platform"] for one in found["results"]] == list(BOTH)
        assert {one["schema"] for one in found["results"]} == {"lading.scan/1"}

    def test_an_index_in_a_registry_is_followed(
        self, registry: Registry, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        registry.put_layout(a_layout(tmp_path / "a", a_layer(SYSTEM), platforms=BOTH))
        target = f"{registry.host}/team/app:1"

        result = ran(capsys, "packages", target, "--all-platforms", "--format", "json")

        found = json.loads(result.out)["results"]
        assert [one["image"]["platform"] for one in found] == list(BOTH)
        assert {one["target"]["given"] for one in found} == {target}

    def test_a_table_cannot_hold_several(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder = a_layout(tmp_path / "a", a_layer(SYSTEM), platforms=BOTH)

        result = ran(capsys, "packages", str(folder), "--all-platforms")

        assert result.code == 2
        assert "add --format json" in result.err

    def test_one_platform_and_all_of_them_exclude_each_other(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        result = ran(capsys, "packages", ".", "--all-platforms", "--platform", "linux/amd64")

        assert result.code == 2
