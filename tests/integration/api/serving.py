"""The API as a real server on a port of its own, and how its refusals are read."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from api.main import create_app
from photogate.settings import Settings


@contextmanager
def serving(settings: Settings) -> Iterator[str]:
    """The API under the address that is yielded."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(create_app(settings), log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        yield "http://{}:{}".format(*listening.getsockname())
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@contextmanager
def sending(address: str, *headers: bytes, path: str = "/v1/applications?reference=A-1") -> Iterator[socket.socket]:
    """A connection on which a POST was begun: its head is sent, its body is the test's."""
    url = httpx.URL(address)
    with socket.create_connection((url.host, url.port), timeout=20) as line:
        line.sendall(b"\r\n".join([f"POST {path} HTTP/1.1".encode(), b"Host: gate", *headers, b"", b""]))
        yield line


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a problem whose form is as promised."""
    problem = response.json()
    assert response.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "instance"} <= problem.keys()
    assert problem["status"] == response.status_code
    assert problem["type"] == f"urn:photogate:problem:{problem['code']}"
    assert problem["instance"] == f"urn:uuid:{response.headers['x-request-id']}"
    assert problem["detail"].endswith(".")
    assert "Traceback" not in response.text
    return response.status_code, problem["code"]
