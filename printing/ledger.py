"""What this printer has printed, so that nothing is printed twice: one file of SQLite, as safe as the disk it is on."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from printing.verifier import CLOCK_SKEW, Refused, Release, Unusable

VERSION = 1
PATIENCE_S = 10


class Ledger:
    """The releases that were used here; several programs of one printer may share the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def create(cls, path: Path) -> "Ledger":
        """Begin an empty ledger; raises Unusable where a file is: with another ledger everything could print again."""
        try:
            path.touch(mode=0o600, exist_ok=False)
        except OSError as error:
            raise Unusable(f"A ledger cannot be begun at {path}: {error.strerror}.") from error
        with _opened(path) as lines:
            lines.execute("CREATE TABLE used (release_id TEXT PRIMARY KEY, photo_sha256 TEXT, at INTEGER) STRICT")
            lines.execute("CREATE INDEX used_at ON used (at)")
            lines.execute(f"PRAGMA user_version = {VERSION}")
        return cls(path)

    def use(self, release: Release, *, now: datetime) -> None:
        """Note that `release` is printed now, before it is; raises Refused the second time, Unusable.

        A printer that dies in between has used the release up: it reports a failed print, and gets another release.
        """
        with _opened(self._path) as lines:
            [version] = lines.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                raise Unusable(f"The ledger has version {version}; this verifier knows version {VERSION}.")
            [last] = lines.execute("SELECT max(at) FROM used").fetchone()
            if last is not None and last - now.timestamp() > CLOCK_SKEW.total_seconds():
                raise Refused("This machine's clock was set back by more than a minute since the last print.")
            _note(lines, release, int(now.timestamp()))


def _note(lines: sqlite3.Connection, release: Release, at: int) -> None:
    try:
        lines.execute("INSERT INTO used VALUES (?, ?, ?)", (release.release_id, release.photo_sha256, at))
    except sqlite3.IntegrityError as error:
        raise Refused("The release has been used at this printer already.") from error


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, held alone until what the block does is on the disk; raises Unusable."""
    if not path.is_file():
        raise Unusable(f"There is no ledger at {path}.")
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as lines:
            lines.execute("PRAGMA synchronous = FULL")
            lines.execute("BEGIN IMMEDIATE")
            yield lines
            lines.execute("COMMIT")
    except sqlite3.Error as error:
        raise Unusable(f"The ledger {path} cannot be used: {error}.") from error
