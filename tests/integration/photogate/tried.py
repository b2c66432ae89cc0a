"""Models that judge beside the one that decides, and what they say of photos."""

from dataclasses import replace

from sqlalchemy import select

from photogate.access.tables import Role, User
from photogate.applications.tables import DecisionRecord
from photogate.database import Database
from photogate.promotions import models, shadows
from photogate.promotions.models import ModelFacts
from photogate.promotions.queries import InForce
from photogate.promotions.service import Change
from photogate.promotions.tables import ModelRole, Slot
from photogate.screening.measurements import Measurements
from photogate.screening.profile import IssuerProfile
from tests.factories import PROFILE
from tests.integration.photogate.promoted import adopted, approved, proposed, two_admins


def admins(database: Database) -> tuple[User, User]:
    """Ann and Bob, whether they were there before or not."""
    with database.transaction() as session:
        there = session.scalars(select(User).where(User.role == Role.ADMIN).order_by(User.email)).all()
    ann, bob = there or two_admins(database)
    return ann, bob


def shadow_of(database: Database, model: ModelFacts) -> InForce:
    """A model that judges beside what decides, from now on."""
    adopted(database)
    ann, bob = admins(database)
    with database.transaction() as session:
        models.record(session, model)
    is_classifier = model.role is ModelRole.CLASSIFIER
    change = Change(model=model.reference) if is_classifier else Change(camera=model.reference)
    force = approved(database, bob, proposed(database, ann, change, Slot.SHADOW))
    if force is None:
        raise LookupError("A shadow that was approved is in force.")
    return force


def judged_beside(
    database: Database, force: InForce, made: DecisionRecord, found: Measurements, profile: IssuerProfile = PROFILE
) -> None:
    """What a worker keeps when the shadow's models measured this on the photo of a decision."""
    heard = [name for name in (force.rules.model, force.rules.camera) if name]
    said = replace(found, models=dict.fromkeys(heard, "cd" * 32))
    with database.transaction() as session:
        kept = session.get_one(DecisionRecord, made.id)
        shadows.keep(session, [shadows.judged(force, kept, said, profile)])
