"""Legal hold: nothing about an applicant is erased or runs out for as long as it lasts."""

from sqlalchemy import func
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applicants.tables import Applicant
from photogate.audit.tables import EventKind
from photogate.errors import Conflict
from photogate.privacy.holdings import record


def hold(session: Session, kms: Kms, applicant: Applicant, reason: str, actor: str) -> None:
    """Keep everything about an applicant whose row this transaction holds; raises Conflict when it is kept already."""
    if applicant.held_at is not None:
        raise Conflict("A legal hold is on this applicant already.")
    sealed = applicants.key_of(kms, applicant).seal(reason.encode(), _place(applicant))
    applicant.held_at, applicant.held_by, applicant.sealed_hold_reason = func.now(), actor, sealed
    record(session, EventKind.LEGAL_HOLD_PLACED, actor, applicant.id)


def release_hold(session: Session, applicant: Applicant, actor: str) -> None:
    """Let time run on for an applicant whose row this transaction holds; raises Conflict when there is no hold."""
    if applicant.held_at is None:
        raise Conflict("There is no legal hold on this applicant.")
    applicant.held_at = applicant.held_by = applicant.sealed_hold_reason = None
    record(session, EventKind.LEGAL_HOLD_RELEASED, actor, applicant.id)


def hold_reason(kms: Kms, applicant: Applicant) -> str | None:
    """Why the applicant is held; None when they are not. Raises KeyMissing, SealBroken."""
    if applicant.sealed_hold_reason is None:
        return None
    return applicants.key_of(kms, applicant).open(applicant.sealed_hold_reason, _place(applicant)).decode()


def _place(applicant: Applicant) -> str:
    return f"applicants.sealed_hold_reason/{applicant.id}"
