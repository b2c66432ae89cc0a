"""Locks that end with their holder: the kernel gives them up when the last process that has the file open is gone."""

import os
import sys
from pathlib import Path

from embedded.errors import EmbeddedError

if sys.platform != "win32":
    import fcntl


class HeldElsewhere(Exception):
    """Somebody else holds the lock; `pid` is what they wrote into the file, 0 when they have not yet."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"held by process {pid}")
        self.pid = pid


class FileLock:
    """An exclusive lock on one file, taken at once or not at all; the file says which process holds it.

    A child that inherits `fileno` holds the lock too, which is how a process that outlived its parent is found again.
    """

    def __init__(self, path: Path) -> None:
        """Take the lock; raises HeldElsewhere, or EmbeddedError where there can be none."""
        if sys.platform == "win32":
            raise EmbeddedError("The embedded services run on Linux and macOS; on Windows use WSL or docker compose.")
        try:
            self.fileno = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise EmbeddedError(f"{path} cannot be written: {error.strerror}.") from error
        try:
            fcntl.flock(self.fileno, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            holder = int(os.pread(self.fileno, 20, 0) or 0)
            self.close()
            raise HeldElsewhere(holder) from error

    def name_holder(self, pid: int) -> None:
        """Write down who holds the lock, for whoever finds it taken."""
        os.ftruncate(self.fileno, 0)
        os.pwrite(self.fileno, str(pid).encode(), 0)

    def close(self) -> None:
        """Let go here; the lock itself ends with its last holder. Harmless when repeated."""
        if self.fileno >= 0:
            os.close(self.fileno)
            self.fileno = -1
