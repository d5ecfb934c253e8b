"""The budget of contents that threads share."""

import threading
from contextlib import suppress

from lading.image.contents import Contents

LARGE = 1 << 20


def test_a_file_waits_until_there_is_room() -> None:
    contents = Contents(2 * LARGE)
    inside = threading.Event()
    order: list[str] = []

    def second() -> None:
        inside.set()
        with contents.hold(LARGE + 1):
            order.append("second")

    with contents.hold(LARGE):
        thread = threading.Thread(target=second)
        thread.start()
        inside.wait()
        thread.join(0.05)
        order.append("first")
    thread.join(5)

    assert order == ["first", "second"]


def test_files_that_fit_are_held_side_by_side() -> None:
    contents = Contents(2 * LARGE)

    with contents.hold(LARGE), contents.hold(LARGE):
        pass


def test_one_file_is_always_held_and_small_ones_are_not_counted() -> None:
    contents = Contents(1)

    with contents.hold(LARGE), contents.hold(100):
        pass


def test_the_room_is_given_back_when_reading_fails() -> None:
    contents = Contents(LARGE)

    for _ in range(2):
        with suppress(ZeroDivisionError), contents.hold(LARGE):
            _ = 1 / 0
