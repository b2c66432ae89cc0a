"""What every life of an application begins with: people, policies, a mandate, keys, a relay, and the watched log."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import psycopg2.extensions
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event, text

from photogate.access.tables import Role, User
from photogate.applications import policies
from photogate.audit import checkpoints, exports
from photogate.audit.exported import Export
from photogate.audit.notes import PrivateKey
from photogate.audit.sequencing import sequence
from photogate.audit.statement import Statement
from photogate.audit.tree import Frontier, leaf_hash
from photogate.audit.verification import Verified, verify
from photogate.database import Database
from photogate.jobs.publisher import Publisher
from photogate.mandates import service as mandating
from photogate.releases.token import Signer
from photogate.screening.deadlines import Deadlines
from photogate.screening.four_eyes import FourEyes, Group
from photogate.screening.reasons import ReasonCode
from photogate.screening.risk import Risk
from photogate.settings import Settings
from tests.factories import PROFILE, user
from tests.integration.lifecycle.sight import QUESTIONS
from tests.integration.photogate.mandated import GUARANTEE, MODEL
from worker.relay import Relay

STRICT = Risk(0.0001, 0.0001, 0.4, 0.5, "life")
"""One error of a sampled photo is enough to suspend the model, so that short lives fall back too."""

PAIRS = FourEyes((ReasonCode.MULTIPLE_FACES,), (Group.APPROVED_AGAINST_MACHINE,), 0, "life")
"""Two people look at photos of two people, and an adjudicator where those disagree."""

WATCHED = replace(PROFILE, name="watched", risk=STRICT, deadlines=Deadlines(60, 90, 180), four_eyes=PAIRS)
ALONE = replace(PROFILE, name="alone", risk=replace(STRICT, sample_share=0), max_resubmissions=1)
"""Nobody confirms what the machine decides alone; a second policy, and so also another version of the rules."""

MOST_EVENTS = 100_000

_NEWEST = text("""
    SELECT CASE :of WHEN 'approvals' THEN approvals_suspended ELSE refusals_suspended END FROM mandate_standings
    WHERE policy = :policy AND model = :model ORDER BY version DESC LIMIT 1
""")


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
        with self._database.transaction() as session:
            checkpoints.sign(session, lambda: self._key)
        with self._database.transaction() as session:
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


@dataclass
class House:
    """Shared by all lives; `counted` says what happened in all of them."""

    database: Database
    reviewers: list[User]
    admin: User
    signer: Signer
    relay: Relay
    log: Log
    counted: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "House":
        """Everything that a house needs before anybody applies."""
        event.listen(database.engine, "connect", _swift)
        database.engine.dispose()
        for profile in (WATCHED, ALONE):
            with database.transaction() as session:
                policies.record(session, profile)
                mandating.begin(session, profile, MODEL, GUARANTEE)
        return cls(
            database=database,
            reviewers=[
                *(user(database, email=f"{name}@example.org") for name in ("ada", "ben", "chidi")),
                user(database, Role.ADJUDICATOR, "dora@example.org"),
            ],
            admin=user(database, Role.ADMIN, "root@example.org"),
            signer=Signer(Ed25519PrivateKey.generate()),
            relay=Relay(settings, database, Publisher(settings.redis_url)),
            log=Log(database, PrivateKey.load(settings.checkpoint_key_file)),
        )

    def suspended(self, of: str) -> set[str]:
        """The policies under which the model may not give `approvals`, or `refusals`, alone."""
        with self.database.transaction() as session:
            return {
                profile.reference
                for profile in (WATCHED, ALONE)
                if session.scalar(_NEWEST, {"policy": profile.reference, "model": MODEL, "of": of})
            }

    def resume(self) -> None:
        """Let the model decide alone again, wherever it may not."""
        for policy in self.suspended("approvals") | self.suspended("refusals"):
            with self.database.transaction() as session:
                mandating.resume(session, policy, MODEL, self.admin, "It was looked at.")


def _swift(connection: psycopg2.extensions.connection, *_: object) -> None:
    """No commit waits for the disk, and what is asked after every step is planned once: that takes ten times longer."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off; SET plan_cache_mode TO force_generic_plan")
        cursor.execute("SET enable_seqscan TO off")  # what is planned once is planned for tables that grow
        for name, question in QUESTIONS.items():
            cursor.execute(f"PREPARE {name} (uuid[]) AS {question.text.replace(':applications', '$1')}")
    connection.commit()


LEASE, PAST = timedelta(minutes=1), timedelta(seconds=-1)
"""A lease that holds, and one that has run out already: so time passes."""
