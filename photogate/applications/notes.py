"""What somebody wrote beside a decision or a verdict: kept sealed, because people write about people."""

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applicants.sealing import DataKey
from photogate.applicants.tables import Applicant
from photogate.applications.tables import Application
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

    def sealed(self, session: Session, application_id: UUID, place: str) -> bytes:
        """The note as the row at `place` keeps it; raises Erased, KeyMissing."""
        return _key(session, self.kms, application_id).seal(self.text.encode(), place)


class Noted(Protocol):
    """A row beside which somebody may have written something."""

    __tablename__: str

    @property
    def id(self) -> UUID:
        """Whose note it is."""

    @property
    def sealed_note(self) -> bytes | None:
        """What was written, sealed."""


def read_note(kms: Kms, applicant: Applicant, record: Noted) -> str | None:
    """What was written beside a decision or verdict; None where nothing was or the applicant is erased.

    Raises KeyMissing, SealBroken.
    """
    if record.sealed_note is None or applicant.erased_at is not None:
        return None
    place = note_place(record.__tablename__, record.id)
    return applicants.key_of(kms, applicant).open(record.sealed_note, place).decode()


def _key(session: Session, kms: Kms, application_id: UUID) -> DataKey:
    applicant_id, master_key_id, wrapped_key = session.execute(_OWNER, {"application_id": application_id}).one()
    return applicants.unwrapped(kms, applicant_id, master_key_id, wrapped_key)


def note_place(table: str, row_id: UUID) -> str:
    """Where a note lies; sealed for here, it opens nowhere else."""
    return f"{table}.sealed_note/{row_id}"
