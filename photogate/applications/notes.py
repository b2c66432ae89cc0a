"""What somebody wrote beside a decision: kept sealed, because people write about people."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application, DecisionRecord
from photogate.database import table_of

_APPLICATIONS, _APPLICANTS = table_of(Application), table_of(Applicant)
_OWNER = select(_APPLICANTS.c.id, _APPLICANTS.c.master_key_id, _APPLICANTS.c.wrapped_key).where(
    _APPLICATIONS.c.id == bindparam("application_id"), _APPLICATIONS.c.applicant_id == _APPLICANTS.c.id
)


@dataclass(frozen=True, slots=True)
class Note:
    """A note to be kept, and what seals it."""

    text: str
    kms: Kms

    def sealed(self, session: Session, application_id: UUID, decision_id: UUID) -> bytes:
        """The note as its decision keeps it; raises Erased, KeyMissing."""
        return _key(session, self.kms, application_id).seal(self.text.encode(), _place(decision_id))


def read_note(kms: Kms, applicant: Applicant, record: DecisionRecord) -> str | None:
    """What was written beside a decision; None where nothing was or the applicant is erased.

    Raises KeyMissing, SealBroken.
    """
    if record.sealed_note is None or applicant.erased_at is not None:
        return None
    return applicants.key_of(kms, applicant).open(record.sealed_note, _place(record.id)).decode()


def _key(session: Session, kms: Kms, application_id: UUID) -> DataKey:
    applicant_id, master_key_id, wrapped_key = session.execute(_OWNER, {"application_id": application_id}).one()
    return applicants.unwrapped(kms, applicant_id, master_key_id, wrapped_key)


def _place(decision_id: UUID) -> str:
    return f"decisions.sealed_note/{decision_id}"
