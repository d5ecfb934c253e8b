"""One input held against one reader: what went wrong, in a line, or nothing.

Time is the processor's, so that a busy machine finds nothing; memory is the peak of the process.
"""

import resource
import signal
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from types import FrameType

from fuzzing.corpus import Input
from fuzzing.subjects import Subject
from lading.errors import LadingError

SECONDS = 3.0
"""More than any input of these sizes may take."""
_MEMORY = 256 << 10  # KiB that one input may add to the peak


class Hung(BaseException):
    """The input takes too long: no reader may catch this."""


def attempt(subject: Subject, input: Input, seconds: float = SECONDS) -> tuple[str, str]:
    """Return (what is wrong, the answer in short): the answer tells inputs of one kind apart."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = process_time()
    try:
        with _alarm(seconds):
            wrong = next(subject.run(input), "")
        answer = "read"
    except LadingError as error:
        wrong, answer = "", f"{type(error).__name__} {_without_digits(str(error))}"
    except Hung:
        return f"takes more than {seconds} seconds", ""
    except Exception as error:  # noqa: BLE001 - these are what is sought
        where = traceback.extract_tb(error.__traceback__)[-1]
        name = where.filename.rpartition("/lading/")[2]
        return f"{type(error).__name__} in {name}:{where.name}: {str(error)[:120]!a}", ""
    used = process_time() - started
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    if not wrong and grown > _MEMORY:
        wrong = f"takes {grown >> 10} MiB for {len(input.data)} bytes"
    return wrong, f"{answer} {int(used * 10)}"


@contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    def ring(signal: int, frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _without_digits(text: str) -> str:
    return "".join("" if mark.isdigit() else mark for mark in text)[:60]
