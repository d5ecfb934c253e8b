"""What `scripts/fuzz` found once, and a moment of fuzzing for every reader."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from fuzzing.corpus import Input, found, inputs, load, save
from fuzzing.mutation import Mutator
from fuzzing.run import main, smaller
from fuzzing.subjects import SUBJECTS
from fuzzing.trial import attempt
from lading.errors import LadingError

FEW = 60


@pytest.mark.parametrize(
    ("subject", "file"), found(), ids=lambda value: getattr(value, "name", value)
)
def test_what_broke_a_reader_once_breaks_it_no_more(subject: str, file: Path) -> None:
    assert attempt(SUBJECTS[subject], load(file))[0] == ""


@pytest.mark.parametrize("name", [name for name, one in SUBJECTS.items() if one.seeds])
def test_nearly_valid_inputs_are_read_or_refused(name: str) -> None:
    subject = SUBJECTS[name]
    mutator = Mutator(random.Random(name), [one.data for one in subject.seeds])

    for number in range(FEW):
        input = subject.seeds[number % len(subject.seeds)]
        wrong, _ = attempt(subject, Input(input.path, mutator.mutated(input.data)))
        assert wrong == ""


@pytest.mark.parametrize("name", [name for name, one in SUBJECTS.items() if one.seeds])
def test_the_samples_are_understood(name: str) -> None:
    subject = SUBJECTS[name]
    answers = [attempt(subject, one) for one in subject.seeds]

    assert [wrong for wrong, _ in answers if wrong] == []
    assert any(answer.startswith("read") for _, answer in answers)


# The fuzzer itself


def test_inputs_are_the_same_from_the_same_seed() -> None:
    def some() -> list[bytes]:
        mutator = Mutator(random.Random(7), [b'{"a": [1, "x"]}', b"x: 1\n"])
        return [mutator.mutated(b'{"name": "x", "version": [1, 2]}') for _ in range(50)]

    assert some() == some()
    assert len(set(some())) > 40


def test_an_input_survives_being_written(tmp_path: Path) -> None:
    input = Input("/a\udcff b", b"\n\0data\n")

    file = save(tmp_path, "catalog.x", input)

    assert load(file) == input
    assert list(inputs(tmp_path, "catalog.x")) == [input]


def test_what_breaks_is_made_small() -> None:
    assert smaller(b"much before BUG much after" * 9, lambda data: b"BUG" in data) == b"BUG"


@pytest.mark.parametrize(
    ("raised", "wrong"),
    [
        pytest.param(None, "", id="read"),
        pytest.param(LadingError("no"), "", id="refused"),
        pytest.param(KeyError("x"), "KeyError in ", id="crashed"),
        pytest.param(RecursionError(), "RecursionError in ", id="too deep"),
        pytest.param(MemoryError(), "MemoryError in ", id="too large"),
    ],
)
def test_only_our_own_errors_are_answers(raised: Exception | None, wrong: str) -> None:
    subject = SUBJECTS["image.tar"]._replace(run=lambda _: _raising(raised))

    assert attempt(subject, Input("", b""))[0].startswith(wrong)
    assert bool(attempt(subject, Input("", b""))[0]) == bool(wrong)


def _raising(error: Exception | None) -> Iterator[str]:
    if error is not None:
        raise error
    yield from ()


def test_a_reader_that_does_not_end_is_found() -> None:
    def endless(input: Input) -> Iterator[str]:
        while True:
            if input.path:
                yield ""

    subject = SUBJECTS["image.tar"]._replace(run=endless)

    assert attempt(subject, Input("", b""), seconds=0.05)[0] == "takes more than 0.05 seconds"


def test_the_names_of_readers_choose(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["dpkg", "versions", "--list"]) == 0

    names = capsys.readouterr().out.split()
    assert names[0] == "catalog.dpkg"
    assert {one.partition(".")[0] for one in names[1:]} == {"versions"}
    with pytest.raises(SystemExit):
        main(["nothing"])
