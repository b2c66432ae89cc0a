"""What other rules would change, read from what is on record."""

from sqlalchemy.orm import Session

from photogate.applications import policies
from photogate.errors import PhotogateError
from photogate.promotions import differences
from photogate.promotions.differences import Difference
from photogate.promotions.queries import Rules
from photogate.promotions.tables import ModelRecord


def changes(session: Session, before: Rules, after: Rules | None) -> tuple[Difference, ...]:
    """What other rules would change, each part in words; a policy that can no longer be read says so."""
    if after is None:
        return ()
    return (*_of_policies(session, before.policy, after.policy), *_of_models(session, before, after))


def _of_policies(session: Session, before: str, after: str) -> tuple[Difference, ...]:
    if before == after:
        return ()
    try:
        one, other = (policies.recorded(session, reference).to_json() for reference in (before, after))
    except PhotogateError as error:
        return (Difference("Policy", error.detail, before, after),)
    return Difference("Policy", "version", before, after), *differences.of_profiles(one, other)


def _of_models(session: Session, before: Rules, after: Rules) -> tuple[Difference, ...]:
    named = Difference("Camera or generator", "model", before.camera or "", after.camera or "")
    camera = () if before.camera == after.camera else (named,)
    if before.model == after.model:
        return camera
    one, other = (session.get_one(ModelRecord, reference).facts for reference in (before.model, after.model))
    return (Difference("Model", "version", before.model, after.model), *differences.of_models(one, other), *camera)
