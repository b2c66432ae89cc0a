"""TCP ports on the loopback interface."""

import secrets
import socket

from embedded.errors import EmbeddedError

HOST = "127.0.0.1"
# Below the ports of outgoing connections, so that none of those takes a port between choice and use.
FIRST, COUNT = 20_000, 12_000


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError:
        return False
    return True


def free_port() -> int:
    """A port that nobody listens on; drawn at random, so that two instances starting at once draw different ones."""
    while not is_free(port := FIRST + secrets.randbelow(COUNT)):
        pass
    return port


def require_free(port: int, wanted_for: str) -> None:
    """Refuse a port that is taken, in one sentence; raises EmbeddedError."""
    if not is_free(port):
        raise EmbeddedError(f"Port {port} on {HOST}, wanted for {wanted_for}, is in use by another program.")
