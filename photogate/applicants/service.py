"""Enrolling an applicant, and getting at their key and reference."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from photogate.applicants.master_keys import Kms, WrappedKey
from photogate.applicants.sealing import DataKey
from photogate.applicants.tables import Applicant
from photogate.database import new_id, table_of
from photogate.errors import Conflict


class Erased(Conflict):
    """The applicant's key was destroyed, and with it all that it opened."""

    code, title = "ERASED", "The applicant has been erased"


class Enrolled(NamedTuple):
    """An applicant and the key that their data is sealed with."""

    id: UUID
    key: DataKey


_APPLICANTS = table_of(Applicant)
_NEW = insert(_APPLICANTS)
# The row is written again where there is one: only so does Postgres return it, and hold it against erasure meanwhile.
_ENROL = _NEW.on_conflict_do_update(
    index_elements=[_APPLICANTS.c.reference_digest, _APPLICANTS.c.client], set_={"client": _NEW.excluded.client}
).returning(_APPLICANTS.c.id, _APPLICANTS.c.wrapped_key, _APPLICANTS.c.master_key_id)


def enrol(session: Session, kms: Kms, client: str, reference: str) -> Enrolled:
    """The applicant whom `client` calls so, made at the first time; raises KeyMissing.

    One statement finds or adds: of two at once with a new reference, both get the same applicant.
    """
    applicant_id, key = new_id(), DataKey.new()
    wrapped = kms.wrap(key, key_place(applicant_id))
    found = session.execute(
        _ENROL,
        {
            "id": applicant_id,
            "client": client,
            "reference_digest": kms.digest(reference),
            "sealed_reference": key.seal(reference.encode(), reference_place(applicant_id)),
            "wrapped_key": wrapped.wrapped,
            "master_key_id": wrapped.master_key_id,
        },
    ).one()
    if found.id == applicant_id:
        return Enrolled(applicant_id, key)
    return Enrolled(found.id, unwrapped(kms, found.id, found.master_key_id, found.wrapped_key))


def unwrapped(kms: Kms, applicant_id: UUID, master_key_id: str | None, wrapped_key: bytes | None) -> DataKey:
    """The key in an applicant's row; raises Erased, KeyMissing, SealBroken."""
    if wrapped_key is None or master_key_id is None:
        raise Erased("The applicant has been erased; what was held about them can no longer be read.")
    return kms.unwrap(WrappedKey(master_key_id, wrapped_key), key_place(applicant_id))


def key_of(kms: Kms, applicant: Applicant) -> DataKey:
    """The applicant's key; raises Erased, KeyMissing, SealBroken."""
    return unwrapped(kms, applicant.id, applicant.master_key_id, applicant.wrapped_key)


def reference_of(kms: Kms, applicant: Applicant) -> str | None:
    """What their client calls the applicant; None once they are erased. Raises KeyMissing, SealBroken."""
    if applicant.sealed_reference is None:
        return None
    return key_of(kms, applicant).open(applicant.sealed_reference, reference_place(applicant.id)).decode()


def key_place(applicant_id: UUID) -> str:
    """Where an applicant's key may be opened."""
    return f"applicants.wrapped_key/{applicant_id}"


def reference_place(applicant_id: UUID) -> str:
    """Where an applicant's reference may be opened."""
    return f"applicants.sealed_reference/{applicant_id}"
