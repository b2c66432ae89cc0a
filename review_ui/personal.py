"""What is kept sealed, opened for a page; a word in its place once the applicant is erased."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import Kms
from photogate.applications.notes import Noted, read_note
from photogate.applications.tables import Application

ERASED = "Erased"


def reference(kms: Kms, application: Application) -> str:
    """What the client calls the applicant; raises KeyMissing, SealBroken."""
    return applicants.reference_of(kms, application.applicant) or ERASED


def notes(kms: Kms, application: Application, records: Iterable[Noted]) -> Mapping[UUID, str]:
    """What was written beside these rows about one application, by their ids; raises KeyMissing, SealBroken."""
    opened = {record.id: read_note(kms, application.applicant, record) for record in records}
    return {row_id: note for row_id, note in opened.items() if note}
