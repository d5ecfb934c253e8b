import errno
import io
import os
import resource
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lading.cli.output import write
from lading.errors import UsageError


def test_text_goes_to_standard_output_as_utf8(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write("naïve …\n", None)

    assert capfdbinary.readouterr().out == "naïve …\n".encode()


def test_a_stream_without_bytes_below_it_takes_text() -> None:
    stream = io.StringIO()

    write("text\n", None, stream=stream)

    assert stream.getvalue() == "text\n"


def test_a_file_is_written_whole_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    write("naïve …\r\n", str(tmp_path / "r.json"))

    assert (tmp_path / "r.json").read_bytes() == "naïve …\r\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["r.json"]


def test_a_new_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")

    write("text", str(tmp_path / "new"))

    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_a_file_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("old")
    there.chmod(0o640)

    write("new", str(there))

    assert there.read_text() == "new"
    assert stat.S_IMODE(there.stat().st_mode) == 0o640


def test_a_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")

    write("text", str(tmp_path / "link"))

    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "text"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()

    write("text", str(pipe))

    reader.join()
    assert read == ["text"]
    assert pipe.is_fifo()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("missing/r.json", id="no such folder"),
        pytest.param(".", id="a folder"),
        pytest.param("loop", id="links in a circle"),
        pytest.param("a\0b", id="no possible name"),
        pytest.param("x" * 300, id="a name too long"),
    ],
)
def test_a_file_that_cannot_be_written_is_wrong_usage(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    with pytest.raises(UsageError, match="choose another --output"):
        write("text", f"{tmp_path}/{name}")


def test_the_old_file_stays_when_the_new_one_cannot_be_finished(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.write_text("old")

    with files_of_at_most(100), pytest.raises(UsageError, match="too large"):
        write("x" * 1000, str(there))

    assert there.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse larger files, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class _Closed(io.StringIO):
    """The near end of a pipe whose reader has left."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number

    def write(self, text: str) -> int:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    def fileno(self) -> int:
        return self._number


def test_a_reader_that_has_left_is_no_error(tmp_path: Path) -> None:
    number = os.open(tmp_path / "file", os.O_CREAT | os.O_WRONLY)

    write("text", None, stream=_Closed(number))

    os.write(number, b"what is left goes nowhere")
    os.close(number)
    assert (tmp_path / "file").read_bytes() == b""
