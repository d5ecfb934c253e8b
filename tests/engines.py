"""Real registries and engines, started in a folder of the test and stopped with it."""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

_PATIENCE = 40.0  # seconds


def program(name: str) -> str:
    """The path of an installed program, or the calling test is skipped."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def run(*command: str | Path) -> str:
    """What the program prints; the test fails with its complaint."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def running(command: Sequence[str | Path], log: Path, sock: Path | int) -> Iterator[None]:
    """Start a server and wait for its socket file or port; skip where it cannot run here."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait(process, log, sock)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", log: Path, sock: Path | int) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if _answers(sock):
            return
        time.sleep(0.05)
    last = log.read_text("utf-8", "replace").strip().splitlines()[-1:]
    pytest.skip(f"{process.args!r:.60} does not run here: {last}")


def _answers(sock: Path | int) -> bool:
    family = socket.AF_INET if isinstance(sock, int) else socket.AF_UNIX
    place = ("127.0.0.1", sock) if isinstance(sock, int) else str(sock)
    with socket.socket(family) as client:
        try:
            client.connect(place)
        except OSError:
            return False
    return True


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def docker_registry(
    folder: Path, *, certificate: Path | None = None, auth: str = ""
) -> Iterator[str]:
    """The reference registry with an access log at `folder/log`; give its host.

    `certificate` (with its key) is for TLS, `auth` the section of its settings. A second registry
    of the same folder has what the first was given.
    """
    tls = f"tls: {{certificate: '{certificate}', key: '{certificate}'}}" if certificate else ""
    port = a_free_port()
    config = folder / "registry.yml"
    config.write_text(
        f"version: 0.1\nlog: {{accesslog: {{disabled: false}}}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder}/data}}}}\n"
        f"http: {{addr: '127.0.0.1:{port}', {tls}}}\n" + (f"auth: {auth}\n" if auth else "")
    )
    command = (program("docker-registry"), "serve", config)
    with running(command, folder / "log", port):
        yield f"127.0.0.1:{port}"


@contextmanager
def podman(folder: Path) -> Iterator[tuple[Path, list[str | Path]]]:
    """Podman's API; give its socket and the command for its images."""
    command: list[str | Path] = [
        program("podman"), "--root", folder / "root", "--runroot", folder / "run",
        "--storage-driver", "vfs",
    ]  # fmt: skip
    sock = folder / "s"
    service = (*command, "system", "service", "--time=0", f"unix://{sock}")
    with running(service, folder / "log", sock):
        yield sock, command


@contextmanager
def dockerd(folder: Path) -> Iterator[tuple[Path, list[str | Path]]]:
    """Docker's engine without any network; give its socket and the client's command."""
    client, sock = program("docker"), folder / "s"
    command = (
        program("dockerd"), "--host", f"unix://{sock}", "--data-root", folder / "root",
        "--exec-root", folder / "exec", "--pidfile", folder / "pid", "--iptables=false",
        "--ip6tables=false", "--bridge=none", "--storage-driver=vfs",
    )  # fmt: skip
    with running(command, folder / "log", sock):
        yield sock, [client, "--host", f"unix://{sock}"]


@contextmanager
def containerd(folder: Path) -> Iterator[tuple[Path, list[str | Path]]]:
    """containerd; give its folder and the command of its client."""
    client, sock = program("ctr"), folder / "s"
    config = folder / "config.toml"
    config.write_text(
        f'version = 2\nroot = "{folder}/root"\nstate = "{folder}/state"\n'
        'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]\n'
        f'[grpc]\naddress = "{sock}"\n'
    )
    with running((program("containerd"), "--config", config), folder / "log", sock):
        yield folder / "root", [client, "--address", sock]
