"""Rules that decide, and admins who want others."""

from dataclasses import replace
from pathlib import Path

from models.registry import Registry
from photogate.access.tables import Role, User
from photogate.applications import policies
from photogate.database import Database
from photogate.promotions import models, service
from photogate.promotions.models import ModelFacts
from photogate.promotions.queries import InForce
from photogate.promotions.service import Change
from photogate.promotions.tables import ModelRole, Promotion, Slot
from photogate.screening.checks import RealPhoto
from tests.factories import PROFILE, user
from tests.keys import KMS
from worker.policy import facts

STUDENT = facts("student", Registry(Path("nowhere")))
STRICTER = replace(
    PROFILE, version=PROFILE.version + 1, real_photo=RealPhoto(approve_at=0.985, refuse_at=0.02, refuse_faceless_at=0.5)
)
BETTER = replace(STUDENT, reference="student@99.0.0", sha256="cd" * 32)
CAMERA = ModelFacts("real_vs_ai@1.0.0", ModelRole.CAMERA, "ef" * 32, None, {}, "2026-01-01")


def adopted(database: Database) -> InForce:
    """What the first worker does at its start."""
    with database.transaction() as session:
        return service.adopt(session, PROFILE, STUDENT, None)


def on_record(database: Database) -> None:
    """A stricter policy and a better model, which nobody has proposed yet."""
    with database.transaction() as session:
        policies.record(session, STRICTER)
        models.record(session, BETTER)


def two_admins(database: Database) -> tuple[User, User]:
    """Ann and Bob, who change rules together."""
    ann, bob = (user(database, Role.ADMIN, f"{name}@example.org") for name in ("ann", "bob"))
    return ann, bob


def proposed(database: Database, person: User, change: Change, slot: Slot = Slot.LIVE) -> Promotion:
    """What one of them proposes."""
    with database.transaction() as session:
        return service.propose(session, person, change, "Fewer placeholders.", slot)


def approved(database: Database, person: User, wanted: Promotion) -> InForce | None:
    """What is in force once the other has agreed."""
    with database.transaction() as session:
        return service.approve(session, person, wanted.id, "Looked at the difference.", KMS)
