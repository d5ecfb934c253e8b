"""A server of this machine that serves feeds as their servers do: states, limits, accidents."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_FINISHED = 0.01  # seconds between two looks at whether the server is to stop


@dataclass(slots=True)
class Answer:
    """What one path answers with."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # of the body, as claimed


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
        return Answer(304) if known and known == state else answer


@contextmanager
def serving(answers: dict[str, Answer | list[Answer]]) -> Iterator[Served]:
    """Serve on a free port of the loopback address until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
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
            answer = answer_to(self.path, dict(self.headers))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            if answer.status != 304:
                length = len(answer.body) if answer.length is None else answer.length
                self.send_header("Content-Length", str(length))
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler
