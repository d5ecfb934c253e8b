"""Settings, from a file and from the environment."""

from pathlib import Path

import pytest

from lading.config import Settings, load
from lading.errors import UsageError


def settings(folder: Path, text: str = "", **environ: str) -> Settings:
    (folder / "lading.toml").write_text(text)
    return load(None, {"HOME": "/home/me", **environ}, folder)


class TestWhereEnginesAre:
    def test_the_usual_places(self, tmp_path: Path) -> None:
        found = settings(tmp_path, XDG_RUNTIME_DIR="/run/user/1")

        assert found.docker_sockets == (
            Path("/var/run/docker.sock"),
            Path("/run/user/1/docker.sock"),
        )
        assert found.podman_sockets == (
            Path("/run/user/1/podman/podman.sock"),
            Path("/run/podman/podman.sock"),
        )
        assert found.login_files == (
            Path("/home/me/.docker/config.json"),
            Path("/run/user/1/containers/auth.json"),
            Path("/home/me/.config/containers/auth.json"),
        )

    @pytest.mark.parametrize(
        ("address", "sockets"),
        [
            pytest.param("unix:///my/docker.sock", (Path("/my/docker.sock"),), id="a socket file"),
            pytest.param("tcp://engine.example:2376", (), id="another machine is not asked"),
            pytest.param("ssh://me@engine.example", (), id="nor one over ssh"),
        ],
    )
    def test_what_the_clients_of_docker_are_told(
        self, tmp_path: Path, address: str, sockets: tuple[Path, ...]
    ) -> None:
        assert settings(tmp_path, DOCKER_HOST=address).docker_sockets == sockets

    def test_logins_where_their_clients_are_told_to_keep_them(self, tmp_path: Path) -> None:
        found = settings(tmp_path, DOCKER_CONFIG="/d", REGISTRY_AUTH_FILE="/r.json")

        assert found.login_files[:2] == (Path("/r.json"), Path("/d/config.json"))


class TestLists:
    def test_in_the_file_they_are_lists(self, tmp_path: Path) -> None:
        found = settings(tmp_path, 'insecure_registries = ["a:5000", "b"]\nlogin_files = ["~/x"]')

        assert found.insecure_registries == ("a:5000", "b")
        assert found.login_files == (Path("/home/me/x"),)

    def test_in_a_variable_they_have_commas(self, tmp_path: Path) -> None:
        found = settings(tmp_path, LADING_REGISTRY_MIRRORS="a=https://b, c=https://d,")

        assert found.registry_mirrors == ("a=https://b", "c=https://d")

    @pytest.mark.parametrize("value", ['"a"', "1", "[1]", "[[]]", "true"])
    def test_anything_else_is_wrong_usage(self, tmp_path: Path, value: str) -> None:
        with pytest.raises(UsageError, match="insecure_registries must be a list of texts"):
            settings(tmp_path, f"insecure_registries = {value}")
