"""Some weeks in the life of a house: what came in and was decided, and what people made of it."""

from uuid import UUID

import httpx

from embedded.stack import Stack
from photogate.access.tables import Role
from photogate.applicants.master_keys import KeyFolder
from photogate.database import Database
from tests.e2e.house import SAMPLES, TWO_PEOPLE, becomes, person, reviewer, send
from tests.e2e.month import DAYS, REVIEWERS, fill_month, made_by_policy
from tests.e2e.oversight import fill_mandates, fill_quality, fill_rules, fill_shadow

ADMINS = ["Ann Berg", "Ben Osei"]
PORTRAIT, DRAWING, BADGE = (
    SAMPLES / name for name in ("portrait_hopper.jpg", "cartoon_face.png", "silhouette_badge.png")
)
PATTERNS = [
    (TWO_PEOPLE, "in_review", 10, {"sex": "female", "age_band": "30 to 44"}),
    (PORTRAIT, "approved", 45, {"sex": "female", "age_band": "45 to 64"}),
    (SAMPLES / "portrait_collins.jpg", "approved", 35, {"sex": "male", "age_band": "30 to 44"}),
    (DRAWING, "resubmission_requested", 5, {"sex": "male", "age_band": "18 to 29"}),
    (DRAWING, "resubmission_requested", 3, {"sex": "female", "age_band": "18 to 29"}),
    (BADGE, "resubmission_requested", 4, {"sex": "male", "age_band": "30 to 44"}),
    (BADGE, "resubmission_requested", 2, {"sex": "male", "age_band": "45 to 64"}),
]
"""What is sent, what becomes of it, how often in a hundred it comes, and of whom; two pictures come from two people."""


def fill_history(stack: Stack, database: Database, api: httpx.Client, days: int = DAYS, share: float = 0) -> None:
    """Add so many days of decisions, half a year of checking them, and rules by which a share is sampled."""
    shares = {_decided(api, f"EMP-{1001 + number}", *sent): sent[2] for number, sent in enumerate(PATTERNS)}
    people = [reviewer(database, name)[0] for name in REVIEWERS]
    ann, ben = (person(database, name, Role.ADMIN)[0] for name in ADMINS)
    kms = KeyFolder(stack.settings.master_keys)
    with database.transaction() as session:
        fill_month(session, kms, shares, people, days)
        made = made_by_policy(session)
        fill_quality(session, made, people, ann)
        fill_rules(session, ann, ben, kms, share)
        fill_mandates(session, made)
        fill_shadow(session, made)


def _decided(api: httpx.Client, reference: str, photo, verdict: str, _: int, of_whom: dict[str, str]) -> UUID:
    return UUID(becomes(api, send(api, reference, photo, **of_whom), verdict)["id"])
