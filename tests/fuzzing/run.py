"""`scripts/fuzz`: mutated inputs for every reader, and what breaks kept for the suite.

The readers' own tests supply the seeds. An input whose answer is new becomes a seed itself.
"""

import argparse
import os
import random
import resource
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic

from fuzzing.corpus import FOUND, Input, inputs, save
from fuzzing.mutation import Mutator
from fuzzing.subjects import SUBJECTS, Subject
from fuzzing.trial import attempt

_ROOT = Path(__file__).parents[2]
_MEMORY = 3 << 30  # bytes of address space for one subject
_MOST_SEEDS = 2000


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz the readers that the arguments name; return 1 when something broke."""
    parser = argparse.ArgumentParser(prog="scripts/fuzz", description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER", help="beginnings of names")
    parser.add_argument("--seconds", type=float, default=60, help="for each reader")
    parser.add_argument("--seed", type=int, default=None, help="the same inputs again")
    parser.add_argument("--jobs", type=int, default=1, help="readers at once")
    parser.add_argument("--seeds", type=Path, default=_ROOT / "build" / "fuzz-seeds")
    parser.add_argument("--list", action="store_true", help="names of the readers")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    names = [name for name in SUBJECTS if _is_meant(name, options.readers)]
    if options.list:
        _say("\n".join(names))
        return 0
    if not names:
        parser.error(f"no reader is called so; there are {', '.join(SUBJECTS)}")
    seed = random.randrange(1 << 32) if options.seed is None else options.seed
    if options.alone:
        return _fuzz(SUBJECTS[names[0]], options.seeds, options.seconds, seed)
    _say(f"seed {seed}")
    _harvest(options.seeds, names)
    with ThreadPoolExecutor(options.jobs) as pool:
        return max(pool.map(lambda name: _apart(name, options, seed), names))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _is_meant(name: str, readers: Sequence[str]) -> bool:
    return not readers or any(
        name == one or name.partition(".")[2] == one or name.startswith(f"{one}.")
        for one in readers
    )


def _harvest(folder: Path, names: Sequence[str]) -> None:
    """Run the tests of the readers to see what they are handed, where that is not known yet."""
    if all(SUBJECTS[name].seeds or (folder / name).is_dir() for name in names):
        return
    _say(f"seeds: the readers' tests are run once, into {folder}")
    command = (
        sys.executable, "-m", "pytest", "-q", "-p", "fuzzing.harvest", "-p", "no:randomly",
        "-m", "not slow and not registry", "--continue-on-collection-errors",
        "tests/catalog", "tests/advisories", "tests/image", "tests/sbom",
    )  # fmt: skip
    environment = {**os.environ, "FUZZ_SEEDS": str(folder)}
    subprocess.run(command, cwd=_ROOT, env=environment, check=False, capture_output=True)


def _apart(name: str, options: argparse.Namespace, seed: int) -> int:
    """Fuzz in a process of its own, which may die of what it is fed."""
    command = (
        sys.executable, "-X", "faulthandler", "-m", "fuzzing.run", name, "--alone",
        "--seconds", str(options.seconds), "--seed", str(seed), "--seeds", str(options.seeds),
    )  # fmt: skip
    done = subprocess.run(command, cwd=_ROOT, check=False, capture_output=True, text=True)
    _say(done.stdout.rstrip("\n"))
    if done.returncode not in (0, 1):
        _say(f"{name}: the process ended with {done.returncode}\n{done.stderr[-2000:]}")
    return min(abs(done.returncode), 1)


def _fuzz(subject: Subject, folder: Path, seconds: float, seed: int) -> int:
    """Mutate until the time is over; save one input of each thing that broke, made small."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    chance = random.Random(seed)
    seeds = [*subject.seeds, *inputs(folder, subject.name), *inputs(FOUND, subject.name)]
    if not seeds:
        _say(f"{subject.name}: no seed: no test hands it anything")
        return 1
    mutator = Mutator(chance, [one.data for one in seeds])
    answers: set[str] = set()
    broken: dict[str, Input] = {}
    tries = 0
    end = monotonic() + seconds
    waiting = list(seeds)
    while monotonic() < end:
        origin = waiting[tries] if tries < len(waiting) else chance.choice(seeds)
        changed = origin if tries < len(waiting) else _mutated(origin, mutator)
        tries += 1
        wrong, answer = attempt(subject, changed)
        if wrong and _kind(wrong) not in broken:
            broken[_kind(wrong)] = changed
            small = Input(changed.path, smaller(changed.data, _same(subject, changed, wrong)))
            file = save(FOUND, subject.name, small)
            _say(
                f"{subject.name}: {wrong}\n    {file.relative_to(_ROOT)} ({len(small.data)} bytes)"
            )
        elif answer and answer not in answers and len(seeds) < _MOST_SEEDS:
            answers.add(answer)
            seeds.append(changed)
    _say(f"{subject.name}: {tries} inputs, {len(answers)} kinds of answers, {len(broken)} broken")
    return 1 if broken else 0


def _mutated(origin: Input, mutator: Mutator) -> Input:
    return Input(origin.path, mutator.mutated(origin.data))


def _kind(wrong: str) -> str:
    return "".join(mark for mark in wrong[:60] if not mark.isdigit())


def _same(subject: Subject, input: Input, wrong: str) -> Callable[[bytes], bool]:
    """Return whether other bytes break in the same way."""
    return lambda data: _kind(attempt(subject, Input(input.path, data))[0]) == _kind(wrong)


def smaller(data: bytes, breaks: Callable[[bytes], bool], seconds: float = 10) -> bytes:
    """Return fewer bytes that still break: stretches are left out for as long as that holds."""
    end = monotonic() + seconds
    size = len(data) // 2
    while size and monotonic() < end:
        at = 0
        while at < len(data) and monotonic() < end:
            shorter = data[:at] + data[at + size :]
            if breaks(shorter):
                data = shorter
            else:
                at += size
        size //= 2
    return data


if __name__ == "__main__":
    sys.exit(main())
