"""What every life of an application begins with: people, policies, models, keys, a relay, and the watched log."""

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta

import psycopg2.extensions
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event
from sqlalchemy.orm import Session

from photogate.access.tables import Role, User
from photogate.applications import policies
from photogate.audit.notes import PrivateKey
from photogate.database import Database
from photogate.jobs.publisher import Publisher
from photogate.mandates import service as mandating
from photogate.promotions import models
from photogate.promotions import service as promotions
from photogate.promotions.models import ModelFacts
from photogate.promotions.queries import InForce, Rules
from photogate.promotions.service import Change
from photogate.promotions.tables import ModelRole, Promotion
from photogate.releases.token import Signer
from photogate.screening.deadlines import Deadlines
from photogate.screening.four_eyes import FourEyes, Group
from photogate.screening.profile import IssuerProfile
from photogate.screening.reasons import ReasonCode
from photogate.screening.risk import Risk
from photogate.settings import Settings
from tests.factories import PROFILE, user
from tests.integration.lifecycle.sight import Eye
from tests.integration.lifecycle.watched_log import Log
from tests.keys import KMS
from worker.relay import Relay

STRICT = Risk(0.0001, 0.0001, 0.4, 0.5, "life")
"""One error of a sampled photo is enough to suspend the model, so that short lives fall back too."""

PAIRS = FourEyes((ReasonCode.MULTIPLE_FACES,), (Group.APPROVED_AGAINST_MACHINE,), 0, "life")
"""Two people look at photos of two people, and an adjudicator where those disagree."""

WATCHED = replace(
    PROFILE, name="watched", risk=STRICT, deadlines=Deadlines(60, 90, 180), four_eyes=PAIRS, fairness=None
)
ALONE = replace(WATCHED, name="alone", risk=replace(STRICT, sample_share=0), max_resubmissions=1, four_eyes=None)
"""Nobody confirms what the machine decides alone; a second policy, and so also another version of the rules."""

PROFILES = {profile.reference: profile for profile in (WATCHED, ALONE)}

_PROMISED = {"at_most": 0.0001, "errors": 0, "pictures": 50_000}
_GUARANTEE = {"placeholders_approved": _PROMISED, "reals_refused": _PROMISED, "confidence": 0.6, "holds_for": "lives"}
_EDGES = {"approve_at_or_above": PROFILE.real_photo.approve_at, "refuse_below": PROFILE.real_photo.refuse_at}

USUAL = ModelFacts("student@1", ModelRole.CLASSIFIER, "ab" * 32, _GUARANTEE, _EDGES, "2026-01-01")
BETTER = replace(USUAL, reference="student@2", sha256="cd" * 32)
MODELS = {model.reference: model for model in (USUAL, BETTER)}

BECAUSE = "It was looked at."
LEASE, PAST = timedelta(hours=1), timedelta(seconds=-1)
"""A lease that holds, and one that has run out already: so time passes."""

Judge = tuple[str, str]
"""A policy and a model, by the names under which they decide."""


@dataclass
class House:
    """Shared by all lives; `counted` says what happened in all of them."""

    database: Database
    reviewers: list[User]
    admins: list[User]
    signer: Signer
    relay: Relay
    log: Log
    eye: Eye
    counted: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, database: Database, settings: Settings) -> "House":
        """Everything that a house needs before anybody applies; the last of its admins is none."""
        event.listen(database.engine, "connect", _swift)
        database.engine.dispose()
        with database.transaction() as session:
            promotions.adopt(session, WATCHED, USUAL, None)
            policies.record(session, ALONE)
            models.record(session, BETTER)
        reviewers = [user(database, email=f"{name}@example.org") for name in ("ada", "ben", "chidi")]
        return cls(
            database=database,
            reviewers=[*reviewers, user(database, Role.ADJUDICATOR, "dora@example.org")],
            admins=[*(user(database, Role.ADMIN, f"{name}@example.org") for name in ("ann", "bob")), reviewers[0]],
            signer=Signer(Ed25519PrivateKey.generate()),
            relay=Relay(settings, database, Publisher(settings.redis_url)),
            log=Log(database, PrivateKey.load(settings.checkpoint_key_file)),
            eye=Eye(database.engine.url),
        )

    def begins(self, profile: IssuerProfile) -> InForce:
        """Have this policy and the usual model decide, alone where they may, and nothing judge beside."""
        ann = self.admins[0]
        live, *shadows = self.eye.ask("what_is_in_force")
        with self.database.transaction() as session:
            for policy, model in self.suspended():
                mandating.resume(session, policy, model, ann, BECAUSE)
            if any(shadow.policy for shadow in shadows):
                self._agreed(session, promotions.propose_no_shadow(session, ann, BECAUSE))
            if (live.policy, live.model) == (profile.reference, USUAL.reference):
                return InForce(live.number, Rules(live.policy, live.model, live.camera), live.id, live.created_at)
            wanted = Change(profile.reference, USUAL.reference)
            return self._agreed(session, promotions.propose(session, ann, wanted, BECAUSE))

    def _agreed(self, session: Session, wanted: Promotion) -> InForce | None:
        return promotions.approve(session, self.admins[1], wanted.id, BECAUSE, KMS)

    def suspended(self) -> set[Judge]:
        """Who may give no approvals, or no refusals, alone."""
        return {(policy, model) for policy, model, *_ in self.eye.ask("what_is_suspended")}

    def may_not_approve(self) -> set[Judge]:
        """Who may give no approvals alone."""
        return {(policy, model) for policy, model, approvals, _ in self.eye.ask("what_is_suspended") if approvals}


def _swift(connection: psycopg2.extensions.connection, *_: object) -> None:
    """No commit waits for the disk, and what is planned is planned for tables that grow."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off; SET enable_seqscan TO off")
    connection.commit()
