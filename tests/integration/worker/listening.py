"""An endpoint for webhooks, as a client would run one."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Listener(ThreadingHTTPServer):
    """An endpoint that keeps what it is sent and answers as it is told to."""

    daemon_threads = True

    def __init__(self, status: int, **headers: str) -> None:
        super().__init__(("127.0.0.1", 0), Heard)
        self.status, self.headers, self.heard = status, headers, []


class Heard(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.end_headers()

    do_GET = do_POST  # noqa: N815 - where a redirect that is followed would end

    def log_message(self, *_):
        """Keep the tests' output clean."""


@contextmanager
def listening(status: int = 204, *, tls: ssl.SSLContext | None = None, **headers: str) -> Iterator[Listener]:
    server = Listener(status, **headers)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def at(listener: Listener, scheme: str = "http", host: str = "127.0.0.1", path: str = "/hooks?of=gate") -> str:
    return f"{scheme}://{host}:{listener.server_address[1]}{path}"
