"""`lading doctor`: what works here and what does not."""

import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli.running import ran
from lading.cli.checks import Check, checks
from lading.config import Settings

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def found(folder: Path, **settings: Any) -> dict[str, Check]:
    """The checks by name, with empty folders for all that is not said."""
    usual: dict[str, Any] = {
        "cache_dir": folder / "cache",
        "data_dir": folder / "data",
        "containerd_root": folder / "containerd",
    }
    return {one.name: one for one in checks(Settings(**(usual | settings)), NOW)}


def test_a_new_machine_has_nothing_broken(tmp_path: Path) -> None:
    seen = found(tmp_path)

    assert [one for one in seen.values() if one.state == "broken"] == []
    assert seen["advisories"].state == "warning"
    assert "partial snapshot" in seen["advisories"].said
    for name in ("docker", "podman", "containerd", "base images"):
        assert seen[name].state == "absent"
    assert seen["feed secdb/wolfi"].said.endswith(" hours old, stale")


def test_a_database_that_is_none_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "advisories.db").write_bytes(b"no database")
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))

    answer = ran(capsys, "doctor", "--format", "json")

    rows = {row["name"]: row["state"] for row in json.loads(answer.out)["checks"]}
    assert rows["advisories"] == "broken"
    assert answer.code == 4


def test_a_folder_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert found(tmp_path, cache_dir=tmp_path / "file" / "cache")["cache folder"].state == "broken"


@pytest.mark.parametrize(
    ("text", "mode", "state"),
    [
        pytest.param("{}", 0o600, "ok", id="for the owner alone"),
        pytest.param("{}", 0o644, "warning", id="others can read it"),
        pytest.param("{", 0o600, "warning", id="no JSON"),
        pytest.param(None, 0, "absent", id="none"),
    ],
)
def test_a_login_file_is_read_and_its_permissions_are_seen(
    text: str | None, mode: int, state: str, tmp_path: Path
) -> None:
    path = tmp_path / "config.json"
    if text is not None:
        path.write_text(text)
        path.chmod(mode)

    assert found(tmp_path, login_files=(path,))["login file"].state == state


def test_what_is_cached_is_counted(tmp_path: Path) -> None:
    entry = tmp_path / "cache" / "layers" / "ab"
    entry.mkdir(parents=True)
    (entry / "c").write_bytes(bytes(10))
    (entry / "d").symlink_to("nowhere")

    cache = found(tmp_path)["cache"]

    assert (cache.state, "1 entries, 10 bytes; 1 that cannot be read" in cache.said) == (
        "warning",
        True,
    )


@pytest.mark.parametrize(("status", "state"), [(200, "ok"), (500, "warning")])
def test_an_engine_is_asked_whether_it_answers(status: int, state: str, tmp_path: Path) -> None:
    with an_engine(tmp_path / "docker.sock", status) as path:
        assert found(tmp_path, docker_sockets=(path,))["docker"].state == state


def test_a_socket_that_nobody_serves_does_not_answer(tmp_path: Path) -> None:
    with an_engine(tmp_path / "podman.sock", 200) as path:
        pass

    engine = found(tmp_path, podman_sockets=(path,))["podman"]

    assert engine.state == "warning"
    assert "does not answer" in engine.said


def test_damaged_base_images_are_broken(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "base-images.json").write_text("{")

    assert found(tmp_path)["base images"].state == "broken"


def test_certificates_that_cannot_be_read_are_broken(tmp_path: Path) -> None:
    assert found(tmp_path, ca_file=tmp_path / "none.pem")["ca_file"].state == "broken"


def test_the_table_counts_what_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LADING_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("LADING_CACHE_DIR", str(tmp_path / "cache"))

    answer = ran(capsys, "doctor")

    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("ok      lading ")
    assert lines[-1].endswith(" warnings, 0 broken.")


@contextmanager
def an_engine(path: Path, status: int) -> Iterator[Path]:
    """Serve one answer to everything at a socket file, which stays behind."""

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def address_string(self) -> str:
            return "somebody"

        def log_message(self, *args: object) -> None:
            pass

    with socketserver.UnixStreamServer(str(path), Answer) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield path
        server.shutdown()
