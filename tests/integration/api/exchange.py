"""Requests cut short, and how refusals are read."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import httpx


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
