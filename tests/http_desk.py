"""A real HTTP server that answers as it is told to, and keeps what it was asked."""

import base64
import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request: its path, its headers, and its body as JSON."""

    path: str
    headers: dict[str, str]
    body: Any

    @property
    def basic_auth(self) -> str:
        kind, _, value = self.headers["Authorization"].partition(" ")
        assert kind == "Basic"
        return base64.b64decode(value).decode()


@dataclass
class HttpDesk:
    """Change `status` and `answer` to see what the app makes of them; `port` is where it listens."""

    status: int = 200
    answer: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    silent_for: float = 0.0  # seconds before it answers
    hang_up: bool = False  # after it has read the whole request
    asked: list[Asked] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def _handler(desk: HttpDesk) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            desk.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            desk.asked.append(Asked(self.path, dict(self.headers), json.loads(body)))
            time.sleep(desk.silent_for)
            if desk.hang_up:
                self.close_connection = True
                return
            self.send_response(desk.status)
            for name, value in {"Content-Type": "application/json", **desk.headers}.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(desk.answer)))
            self.end_headers()
            self.wfile.write(desk.answer)

        def log_message(self, *args: Any) -> None:
            """Keep quiet."""

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has given up is no fault of the server's."""


@contextlib.contextmanager
def running_desk() -> Iterator[HttpDesk]:
    """Give a server on 127.0.0.1."""
    desk = HttpDesk()
    server = _Server(("127.0.0.1", 0), _handler(desk))
    desk.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield desk
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
