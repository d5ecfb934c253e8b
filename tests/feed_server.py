"""A server of this machine that serves feeds as their servers do: states, limits, accidents."""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

_FINISHED = 0.01  # seconds between two looks at whether the server is to stop


@dataclass(slots=True)
class Answer:
    """What one path answers with."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # of the body, as claimed
    cut: int | None = None  # bytes after which a whole answer breaks off; the rest can be asked for
    drip: float = 0.0  # seconds between two bytes of the body


@dataclass(slots=True)
class Served:
    """A running server: `answers` by path, or several in turn; `asked` are the requests."""

    url: str
    answers: dict[str, Answer | list[Answer]]
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def next(self, path: str, headers: dict[str, str]) -> Answer:
        self.asked.append((path, headers))
        answer = self.answers.get(path, Answer(404))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        known = headers.get("If-None-Match") or headers.get("If-Modified-Since")
        state = answer.headers.get("ETag") or answer.headers.get("Last-Modified")
        if known and known == state:
            return Answer(304)
        return _part(answer, headers, state) if answer.cut is not None else answer


def _part(answer: Answer, headers: dict[str, str], state: str | None) -> Answer:
    """Break the answer off, or give the rest of it."""
    asked = re.fullmatch(r"bytes=(\d+)-", headers.get("Range", ""))
    whole = len(answer.body)
    if asked is None or headers.get("If-Range") != state:
        return Answer(body=answer.body[: answer.cut], headers=answer.headers, length=whole)
    at = int(asked[1])
    ranged = answer.headers | {"Content-Range": f"bytes {at}-{whole - 1}/{whole}"}
    return Answer(status=206, body=answer.body[at:], headers=ranged)


class _Server(ThreadingHTTPServer):
    request_queue_size = 64  # that wait at once: with the usual 5, clients wait for seconds


@contextmanager
def serving(answers: dict[str, Answer | list[Answer]]) -> Iterator[Served]:
    """Serve on a free port of the loopback address until the block ends."""
    server = _Server(("127.0.0.1", 0), BaseHTTPRequestHandler)
    served = Served(url=f"http://127.0.0.1:{server.server_address[1]}", answers=answers)
    server.RequestHandlerClass = _handler(served.next)
    thread = threading.Thread(target=server.serve_forever, args=(_FINISHED,))
    thread.start()
    try:
        yield served
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _handler(
    answer_to: Callable[[str, dict[str, str]], Answer],
) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = answer_to(unquote(self.path), dict(self.headers))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                length = len(answer.body) if answer.length is None else answer.length
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self._give(answer)

        def _give(self, answer: Answer) -> None:
            parts = [answer.body]
            if answer.drip:
                parts = [answer.body[at : at + 1] for at in range(len(answer.body))]
            for part in parts:
                time.sleep(answer.drip)
                try:
                    self.wfile.write(part)
                except OSError:  # whoever asked gave it up, or was killed
                    return

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
