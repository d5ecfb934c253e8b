"""Models as the client of the Hugging Face Hub caches them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from builders import damaged, packages_below, packages_of, reading
from lading.catalog.huggingface import HUGGINGFACE

COMMIT = b"a" * 40
HUB = "/root/.cache/huggingface/hub"
# A hub that gives every file of every repository, in the process of the client.
DOWNLOAD = """
import http.server, os, sys, threading

class Hub(http.server.BaseHTTPRequestHandler):
    def do_HEAD(self, data=b""):
        self.send_response(200)
        self.send_header("X-Repo-Commit", "a" * 40)
        self.send_header("ETag", '"' + "b" * 40 + '"')
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(data)
    def do_GET(self):
        self.do_HEAD(b"{}")
    def log_message(self, *_):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["HF_ENDPOINT"] = f"http://127.0.0.1:{server.server_port}"
import huggingface_hub
huggingface_hub.hf_hub_download("some-one/small-model", "config.json")
huggingface_hub.hf_hub_download("plain", "config.json", revision="v1.0")
huggingface_hub.hf_hub_download("some-one/rows", "rows.json", repo_type="dataset")
for repository in huggingface_hub.scan_cache_dir().repos:
    for revision in repository.revisions:
        print(repository.repo_type, repository.repo_id, revision.commit_hash)
"""


@pytest.mark.slow
@pytest.mark.registry
def test_what_the_client_cached_is_read_as_it_lists_it(tmp_path: Path) -> None:
    tool, home = tmp_path / "tool", tmp_path / "home"
    wanted = "huggingface_hub==0.36.0"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--target", str(tool), wanted]
    if subprocess.run(pip, check=False, capture_output=True).returncode:
        pytest.skip("the client cannot be installed here")
    around = {"PYTHONPATH": str(tool), "HF_HOME": str(home), "HF_HUB_DISABLE_TELEMETRY": "1"}
    listed = subprocess.run(
        [sys.executable, "-c", DOWNLOAD], check=True, capture_output=True, text=True,
        env=os.environ | around,
    ).stdout  # fmt: skip

    packages, _ = packages_below(home, HUGGINGFACE, prefix="/root/.cache/huggingface")

    rows = [line.split() for line in listed.splitlines()]
    assert {name: one.version for name, one in packages.items()} == {
        name: commit for kind, name, commit in rows if kind == "model"
    }
    assert packages.keys() == {"some-one/small-model", "plain"}


@pytest.mark.parametrize(("path", "name"), [
    ("models--a--b/refs/main", "a/b"), ("models--b/refs/pr/1", "b"),
])  # fmt: skip
def test_the_folder_names_the_model(path: str, name: str) -> None:
    (package,) = packages_of(HUGGINGFACE, f"{HUB}/{path}", COMMIT)

    assert (package.type, package.name, package.version) == ("huggingface", name, "a" * 40)


@pytest.mark.parametrize("data", [b"", b"main", b"\xff" * 40, COMMIT + b"a"])
def test_what_is_no_commit_is_refused(data: bytes) -> None:
    facts, error = reading(HUGGINGFACE, f"{HUB}/models--a--b/refs/main", data)

    assert facts == []
    assert "commit" in error


def test_damage_is_an_error_and_never_more() -> None:
    for data in damaged(COMMIT):
        reading(HUGGINGFACE, f"{HUB}/models--a--b/refs/main", data)
