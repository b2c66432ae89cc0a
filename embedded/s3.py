"""S3 by OpenStack Swift, in one process of our own (`embedded/s3_server.py`)."""

import os
import secrets
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from embedded.credentials import kept
from embedded.errors import EmbeddedError
from embedded.ports import HOST, free_port
from embedded.processes import Program, Supervisor, answers


@dataclass(frozen=True)
class S3Access:
    """Where the store answers (host:port, plain HTTP) and who may ask."""

    endpoint: str
    access_key: str
    secret_key: str = field(repr=False)


def launch(supervisor: Supervisor) -> S3Access:
    """Start the store on the objects in `s3/` of the supervisor's directory."""
    if find_spec("swift") is None:
        raise EmbeddedError("OpenStack Swift is not installed: pip install 'photogate[embedded]'.")
    directory = supervisor.directory / "s3"
    directory.mkdir(mode=0o700, exist_ok=True)
    _require_attributes(directory)
    access_key = kept(directory / "access-key", f"photogate:{secrets.token_hex(8)}")
    secret_key = kept(directory / "secret-key", secrets.token_urlsafe(32))
    endpoint = f"{HOST}:{(port := free_port())}"
    command: list[str | Path] = [sys.executable, "-W", "ignore", "-m", "embedded.s3_server", directory, str(port)]
    supervisor.launch(Program("s3", command, ready=answers(f"http://{endpoint}/healthcheck")))
    return S3Access(endpoint, access_key, secret_key)


def _require_attributes(directory: Path) -> None:
    if sys.platform == "linux":  # macOS has them on every file system of its own
        try:
            os.setxattr(directory, "user.photogate", b"s3")
        except OSError as error:
            raise EmbeddedError(
                f"The file system of {directory} keeps no extended attributes, which S3 needs; use another directory."
            ) from error
