"""The log of all lives, held to its checkpoints."""

from pathlib import Path

from photogate.audit import checkpoints, exports
from photogate.audit.exported import Export
from photogate.audit.notes import PrivateKey
from photogate.audit.sequencing import sequence
from photogate.audit.statement import Statement
from photogate.audit.tree import Frontier, leaf_hash
from photogate.audit.verification import Verified, verify
from photogate.database import Database

MOST_EVENTS = 100_000


class Log:
    """Grows its own tree from the events as they are read back, and holds it to every checkpoint."""

    def __init__(self, database: Database, key: PrivateKey) -> None:
        self._database, self._key, self._grown = database, key, Frontier()

    @property
    def size(self) -> int:
        """How many events were held to a checkpoint."""
        return self._grown.size

    def verify(self) -> None:
        """Log and sign what has happened, and verify what came to the log since the last time."""
        with self._database.transaction() as session:
            sequence(session, most=MOST_EVENTS)
            checkpoints.sign(session, lambda: self._key)
            signed = checkpoints.last_signed(session)
        stated = Statement.signed(signed.note, self._key.public)
        for piece in exports.events(self._database, self._grown.size, stated.size):
            for line in piece.splitlines():
                self._grown.push(leaf_hash(line))
        assert (self._grown.size, self._grown.root()) == (stated.size, stated.root)

    def verified_as_a_whole(self, folder: Path) -> Verified:
        """Export everything and verify it from the first event on, as an auditor does."""
        exports.export(self._database, folder, self._key.public, lambda *_: None)
        return verify(Export(folder), self._key.public, against=[], witnesses=[], told=lambda _: None)
