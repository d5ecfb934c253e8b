"""The first use of a checkout: what it makes, what it says, and what cannot hurt it.

A small shell script stands in for the interpreter, so that no registry is needed; the test marked
`registry` does it all with the real one.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = ("lading", "scripts/setup", "requirements.lock", "requirements-dev.lock")
# What the scripts run, beside an interpreter.
PROGRAMS = (
    "cat", "cmp", "cp", "date", "grep", "ls", "mkdir", "readlink", "rm", "sh", "sleep", "tail",
    "touch",
)  # fmt: skip
INTERPRETER = f"""\
#!/bin/sh
case "$*" in
*ensurepip*) echo "$0" ;;
*fcntl*) exec '{sys.executable}' "$@" ;;
*"-m venv "*)
	for folder; do :; done
	mkdir -p "$folder/bin" "$folder/site"
	cp "$0" "$folder/bin/python" ;;
*"-m pip "*)
	echo pip >>"$CALLS"
	if [ "$PIP_WAITS" ]; then
		touch "$PIP_WAITS.began"
		while [ -e "$PIP_WAITS" ]; do sleep 0.05; done
	fi
	if [ "$PIP_SAYS" ]; then echo "$PIP_SAYS"; exit 1; fi ;;
*sysconfig*) echo "${{0%/bin/*}}/site" ;;
*compileall*) echo compileall >>"$CALLS" ;;
*"-m lading"*) shift 3; for word; do echo "<$word>"; done; exit "${{EXITS:-0}}" ;;
esac
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """A copy of the launcher's files, and a machine that has only what they need."""

    place: Path
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def venv(self) -> Path:
        return self.place / ".venv"

    def installs(self) -> int:
        calls = Path(self.environ["CALLS"])
        return calls.read_text().split().count("pip") if calls.exists() else 0

    def run(self, *words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        """Run `./lading` with the words, from some other folder."""
        return self._run(str(self.place / "lading"), *words, **environ)

    def set_up(self, *words: str) -> "subprocess.CompletedProcess[str]":
        return self._run(str(self.place / "scripts" / "setup"), *words)

    def start(self, **environ: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [str(self.place / "lading")],
            env=self.environ | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def _run(self, *command: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            command,
            env=self.environ | environ,
            cwd=self.place.parent,
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    place = tmp_path / "a place"
    (place / "scripts").mkdir(parents=True)
    for name in FILES:
        shutil.copy(ROOT / name, place / name)
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in PROGRAMS:
        real = shutil.which(name)
        assert real is not None
        (programs / name).symlink_to(real)
    an_interpreter(programs / "python3")
    return Checkout(
        place=place,
        environ={"PATH": str(programs), "HOME": str(tmp_path), "CALLS": str(tmp_path / "calls")},
    )


def an_interpreter(path: Path, text: str = INTERPRETER) -> Path:
    path.write_text(text)
    path.chmod(0o755)
    return path


def without_python(checkout: Checkout) -> Path:
    """Take the interpreter away; return the folder where another may be put."""
    programs = Path(checkout.environ["PATH"])
    (programs / "python3").unlink()
    return programs


@contextmanager
def paused_install(checkout: Checkout, tmp_path: Path) -> Iterator[dict[str, str]]:
    """Let the first install wait until this ends; give the variables that make it wait."""
    gate = tmp_path / "gate"
    gate.touch()
    try:
        yield {"PIP_WAITS": str(gate)}
    finally:
        gate.unlink()


def await_file(path: Path) -> None:
    until = time.monotonic() + 20
    while not path.exists():
        assert time.monotonic() < until, f"{path} never came"
        time.sleep(0.02)


def test_the_first_use_says_in_one_line_what_it_does_and_how_long_it_took(
    checkout: Checkout,
) -> None:
    first = checkout.run("scan", "an image", "")
    second = checkout.run("packages")

    assert first.stdout == "<scan>\n<an image>\n<>\n"
    assert first.stderr.startswith(f"lading: setting up {checkout.venv} (once; ")
    assert first.stderr.endswith(" s\n")
    assert first.stderr.count("\n") == 1
    assert (second.stdout, second.stderr) == ("<packages>\n", "")
    assert Path(checkout.environ["CALLS"]).read_text().split() == ["pip", "compileall"]
    paths = (checkout.venv / "site" / "lading-checkout.pth").read_text()
    assert paths == f"{checkout.place}/src\n"


def test_the_exit_code_is_that_of_the_command(checkout: Checkout) -> None:
    assert checkout.run(EXITS="4").returncode == 4


def test_it_runs_through_a_link_and_by_its_name_alone(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    link = tmp_path / "bin" / "ship"
    link.symlink_to(checkout.place / "lading")

    by_link = subprocess.check_output([link, "a"], env=checkout.environ, text=True)
    by_name = subprocess.check_output(
        ["sh", "lading", "b"], env=checkout.environ, cwd=checkout.place, text=True
    )

    assert (by_link, by_name) == ("<a>\n", "<b>\n")
    assert checkout.installs() == 1


def test_two_first_uses_at_once_set_up_once(checkout: Checkout, tmp_path: Path) -> None:
    with paused_install(checkout, tmp_path) as waits:
        first = checkout.start(**waits)
        await_file(tmp_path / "gate.began")
        second = checkout.start(**waits)
        assert second.stderr is not None
        said = second.stderr.readline()

    assert said == "lading: another process is setting up; waiting for it\n"
    assert first.communicate(timeout=20)[1].count("setting up") == 1
    assert second.communicate(timeout=20)[1] == ""
    assert (first.returncode, second.returncode) == (0, 0)
    assert checkout.installs() == 1


def test_a_killed_set_up_is_done_again_from_the_start(checkout: Checkout, tmp_path: Path) -> None:
    with paused_install(checkout, tmp_path) as waits:
        first = checkout.start(**waits)
        await_file(tmp_path / "gate.began")
        (checkout.venv / "half-a-package").touch()
        os.killpg(first.pid, signal.SIGKILL)
        first.communicate()

    again = checkout.run()

    assert (again.returncode, checkout.installs()) == (0, 2)
    assert not (checkout.venv / "half-a-package").exists()
    assert checkout.run().stderr == ""


def test_a_failed_set_up_is_tried_again(checkout: Checkout) -> None:
    assert checkout.run(PIP_SAYS="no").returncode == 3
    assert checkout.run().returncode == 0


def test_a_changed_lock_is_noticed(checkout: Checkout) -> None:
    checkout.run()
    (checkout.venv / "a-package-of-old").touch()
    with (checkout.place / "requirements.lock").open("a") as lock:
        lock.write("# another pin\n")

    after = checkout.run()

    assert "setting up" in after.stderr
    assert not (checkout.venv / "a-package-of-old").exists()
    assert checkout.run().stderr == ""


def test_a_checkout_that_was_moved_is_set_up_in_its_new_place(
    checkout: Checkout, tmp_path: Path
) -> None:
    checkout.run()
    moved = Checkout(place=checkout.place.rename(tmp_path / "there"), environ=checkout.environ)

    assert "setting up" in moved.run().stderr
    assert moved.run().stderr == ""


def test_an_interpreter_that_went_away_is_replaced(checkout: Checkout) -> None:
    checkout.run()
    (checkout.venv / "bin" / "python").unlink()

    assert "setting up" in checkout.run().stderr


def test_the_development_tools_join_what_is_there(checkout: Checkout) -> None:
    checkout.run()
    (checkout.venv / "kept").touch()

    first, second = checkout.set_up("--dev"), checkout.set_up("--dev")

    assert "development tools" in first.stderr
    assert (second.returncode, second.stderr) == (0, "")
    assert (checkout.venv / "kept").exists()
    assert checkout.run().stderr == ""


def test_a_changed_lock_of_the_development_tools_matters_to_them_alone(checkout: Checkout) -> None:
    checkout.set_up("--dev")
    with (checkout.place / "requirements-dev.lock").open("a") as lock:
        lock.write("# another pin\n")

    assert checkout.run().stderr == ""
    assert "setting up" in checkout.set_up("--dev").stderr


def test_the_environment_can_live_elsewhere(checkout: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"

    assert checkout.run(LADING_VENV=str(elsewhere)).returncode == 0
    assert (elsewhere / "bin" / "python").exists()
    assert not checkout.venv.exists()


def test_a_folder_of_somebody_else_is_never_emptied(checkout: Checkout, tmp_path: Path) -> None:
    theirs = tmp_path / "home"
    theirs.mkdir()
    (theirs / "letters").touch()

    refused = checkout.run(LADING_VENV=str(theirs))

    assert refused.returncode == 3
    assert refused.stderr == (
        f"lading: {theirs} is there and was not made by Lading; "
        "move it away, or set LADING_VENV to an empty folder\n"
    )
    assert [path.name for path in theirs.iterdir()] == ["letters"]


def test_a_place_that_cannot_be_written_gets_a_way_out(checkout: Checkout) -> None:
    (checkout.place / ".venv").touch()

    refused = checkout.run()

    assert refused.returncode == 3
    assert refused.stderr == (
        f"lading: cannot write to {checkout.venv} (a read-only checkout?); "
        "set LADING_VENV to a folder that can be written, "
        f"or pip install {checkout.place} into an environment of your own\n"
    )


INSTEAD = "install CPython 3.11 or newer, or set LADING_PYTHON to one"


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        pytest.param(None, f"no python3 found; {INSTEAD}", id="none"),
        pytest.param("exit 11", f"python3 is not CPython 3.11 or newer; {INSTEAD}", id="too old"),
        pytest.param(
            "exit 12",
            "python3 has no venv module; "
            "install it (Debian, Ubuntu: apt-get install python3-venv), then run this again",
            id="no venv module",
        ),
        pytest.param("exit 127", f"python3 cannot be run; {INSTEAD}", id="broken"),
        pytest.param("", f"python3 cannot be run; {INSTEAD}", id="something else"),
    ],
)
def test_an_unfit_interpreter_gets_a_sentence(
    checkout: Checkout, answer: str | None, sentence: str
) -> None:
    programs = without_python(checkout)
    if answer is not None:
        an_interpreter(programs / "python3", f"#!/bin/sh\n{answer}\n")

    refused = checkout.run()

    assert (refused.returncode, refused.stderr) == (3, f"lading: {sentence}\n")
    assert not checkout.venv.exists()


def test_a_newer_interpreter_is_found_behind_an_old_one(checkout: Checkout) -> None:
    programs = without_python(checkout)
    an_interpreter(programs / "python3", "#!/bin/sh\nexit 11\n")
    an_interpreter(programs / "python3.12")

    assert checkout.run("--version").stdout == "<--version>\n"


def test_the_interpreter_can_be_chosen_and_then_no_other_is_taken(
    checkout: Checkout, tmp_path: Path
) -> None:
    missing = checkout.run(LADING_PYTHON="/not/there")
    chosen = checkout.run(LADING_PYTHON=str(an_interpreter(tmp_path / "my python")))

    assert missing.stderr == (
        "lading: LADING_PYTHON names /not/there, which is not there; "
        "set it to CPython 3.11 or newer\n"
    )
    assert (missing.returncode, chosen.returncode) == (3, 0)


def test_the_question_to_the_interpreter_is_one_that_real_ones_answer() -> None:
    text = (ROOT / "scripts" / "setup").read_text()
    question = text.partition("ask_python='\n")[2].partition("\n'\n")[0]

    answer = subprocess.run(
        [sys.executable, "-I", "-c", question], capture_output=True, text=True, check=True
    )

    assert Path(answer.stdout.rstrip("\n")).samefile(sys.executable)


@pytest.mark.parametrize(
    ("pip_says", "sentence"),
    [
        pytest.param(
            "... NewConnectionError: Failed to establish a new connection",
            "the dependencies cannot be downloaded; "
            "check the network, the proxy and pip's settings, then run this again",
            id="no network",
        ),
        pytest.param(
            "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "a downloaded file is not the one that requirements.lock names, "
            "so nothing was installed",
            id="another file",
        ),
        pytest.param(
            "No space left on device", "pip failed: No space left on device", id="anything else"
        ),
    ],
)
def test_a_failed_install_gets_a_sentence_and_the_log(
    checkout: Checkout, pip_says: str, sentence: str
) -> None:
    failed = checkout.run(PIP_SAYS=pip_says)

    log = checkout.venv / "lading.log"
    assert failed.returncode == 3
    assert failed.stderr.endswith(f" ... failed\nlading: {sentence} (all that was said: {log})\n")
    assert log.read_text() == f"{pip_says}\n"


def test_a_relative_place_is_refused(checkout: Checkout) -> None:
    refused = checkout.run(LADING_VENV="there")

    assert refused.stderr == "lading: LADING_VENV is there; it must be an absolute path\n"


def test_it_adds_less_than_30_ms(checkout: Checkout) -> None:
    checkout.run()

    def fastest(command: list[str]) -> float:
        taken = []
        for _ in range(15):
            began = time.perf_counter()
            subprocess.run(command, env=checkout.environ, check=True)
            taken.append(time.perf_counter() - began)
        return min(taken)

    direct = fastest([str(checkout.venv / "bin" / "python"), "-P", "-m", "lading"])
    launched = fastest([str(checkout.place / "lading")])

    assert launched - direct < 0.030


@pytest.mark.registry
@pytest.mark.timeout(600)
def test_a_copy_sets_itself_up_for_real_and_scans_the_example(tmp_path: Path) -> None:
    place = tmp_path / "a place"
    place.mkdir()
    for name in (*FILES, "src", "examples"):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, place / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (place / name).parent.mkdir(exist_ok=True)
            shutil.copy(source, place / name)
    hostile = tmp_path / "hostile"
    hostile.mkdir()
    for name in ("argparse", "json", "lading"):
        (hostile / f"{name}.py").write_text("raise SystemExit('the working directory was run')\n")
    environ = os.environ | {"HOME": str(tmp_path), "LADING_PYTHON": sys.executable}
    environ.pop("LADING_VENV", None)

    done = subprocess.run(
        [place / "lading", "scan", place / "examples" / "shop"],
        env=environ, cwd=hostile, capture_output=True, text=True, check=False,
    )  # fmt: skip

    if "cannot be downloaded" in done.stderr:
        pytest.skip("no package registry answers")
    assert done.stderr.endswith(" s\n")
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert "CVE-2021-44228" in done.stdout
    assert any((place / "src" / "lading" / "__pycache__").iterdir())
