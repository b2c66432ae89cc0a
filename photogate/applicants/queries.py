"""Finding applicants by what their clients call them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms
from photogate.applicants.tables import Applicant
from photogate.errors import NotFound


def by_reference(session: Session, kms: Kms, client: str, reference: str, *, hold: bool = False) -> Applicant:
    """The applicant whom `client` calls so, held until the transaction ends if wished; raises NotFound, KeyMissing."""
    wanted = select(Applicant).where(
        Applicant.reference_digest == kms.digest(reference.strip()), Applicant.client == client
    )
    found = session.scalar(wanted.with_for_update() if hold else wanted)
    if found is None:
        raise NotFound("There is no such applicant, or they have been erased.")
    return found


def ids_by_reference(session: Session, kms: Kms, reference: str) -> Sequence[UUID]:
    """Everybody whom any client calls so, for auditors; raises KeyMissing."""
    return session.scalars(
        select(Applicant.id).where(Applicant.reference_digest == kms.digest(reference.strip()))
    ).all()
