"""What is being done, to standard error: a bar on a terminal, lines with --verbose, or nothing."""

import argparse
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

Progress = Callable[[int, int], None]


@contextmanager
def reading(options: argparse.Namespace, sizes: Sequence[int | None]) -> Iterator[Progress]:
    """Give what is called with (layers read, layers in all); `sizes` are the layers' bytes."""
    if not _is_shown(options):
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("layers{task.fields[read]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading the image", total=None, read=_read(sizes, 0))

        def update(done: int, total: int) -> None:
            what = "reading the image" if done < total else "putting packages together"
            bar.update(task, completed=done, total=total, read=_read(sizes, done), description=what)

        yield update


@contextmanager
def phase(options: argparse.Namespace, text: str) -> Iterator[None]:
    """Show on a terminal that this is being done, until it is."""
    tell(options, text)
    if not _is_shown(options):
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text, spinner="line"):
        yield


@contextmanager
def excused(options: argparse.Namespace, text: str, *, after: float = 1.0) -> Iterator[None]:
    """Say what is being done where it takes longer than `after` seconds."""
    if options.quiet:
        yield
        return
    from lading.report.text import plain

    message = f"lading: {plain(text)}"
    timer = threading.Timer(after, print, (message,), {"file": sys.stderr, "flush": True})
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def tell(options: argparse.Namespace, text: str) -> None:
    """Say it in a line where --verbose asks for it."""
    if options.verbose and not options.quiet:
        from lading.report.text import plain

        print(f"lading: {plain(text)}", file=sys.stderr)


def size(count: int) -> str:
    """Return bytes as people read them: 12.3 MB."""
    return f"{count / 1e6:,.1f} MB"


def _read(sizes: Sequence[int | None], done: int) -> str:
    """Return how many bytes are read, where the sizes of all layers are known."""
    known = [one for one in sizes if one is not None]
    if not known or len(known) < len(sizes):
        return ""
    return f", {size(sum(known[:done]))} of {size(sum(known))}"


def _is_shown(options: argparse.Namespace) -> bool:
    return not options.quiet and not options.verbose and sys.stderr.isatty()


def _nothing(done: int, total: int) -> None:
    """Take progress that nobody sees."""
