"""Enrolling an applicant, and getting at their key and reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from sqlalchemy import bindparam, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from photogate.applicants.attributes import seal, unseal
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
_NEW = insert(_APPLICANTS).values(
    id=bindparam("newcomer_id"),
    client=bindparam("client"),
    reference_digest=bindparam("reference_digest"),
    sealed_reference=bindparam("sealed_reference"),
    wrapped_key=bindparam("wrapped_key"),
    master_key_id=bindparam("master_key_id"),
)
# The row is written again where there is one: only so does Postgres return it, and hold it against erasure meanwhile.
ENROL = _NEW.on_conflict_do_update(
    index_elements=[_APPLICANTS.c.reference_digest, _APPLICANTS.c.client], set_={"client": _NEW.excluded.client}
).returning(_APPLICANTS.c.id, _APPLICANTS.c.wrapped_key, _APPLICANTS.c.master_key_id)
"""Finds or adds an applicant: of two at once with a new reference, both get the same. Takes `Newcomer.row`."""


_SAY = update(_APPLICANTS).where(_APPLICANTS.c.id == bindparam("whose")).values(sealed_attributes=bindparam("sealed"))


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who may be known already: with a new id and key in case they are not."""

    id: UUID
    key: DataKey
    row: Mapping[str, object]

    @classmethod
    def called(cls, kms: Kms, client: str, reference: str) -> Self:
        """Whoever `client` calls so; raises KeyMissing."""
        newcomer_id, key = new_id(), DataKey.new()
        wrapped = kms.wrap(key, key_place(newcomer_id))
        row = {
            "newcomer_id": newcomer_id,
            "client": client,
            "reference_digest": kms.digest(reference),
            "sealed_reference": key.seal(reference.encode(), reference_place(newcomer_id)),
            "wrapped_key": wrapped.wrapped,
            "master_key_id": wrapped.master_key_id,
        }
        return cls(newcomer_id, key, row)

    def as_found(self, kms: Kms, applicant_id: UUID, wrapped_key: bytes, master_key_id: str) -> Enrolled:
        """The applicant whom `ENROL` returned: this newcomer, or who was there before. Raises KeyMissing."""
        if applicant_id == self.id:
            return Enrolled(self.id, self.key)
        return Enrolled(applicant_id, unwrapped(kms, applicant_id, master_key_id, wrapped_key))


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


def attributes_of(kms: Kms, applicant: Applicant) -> dict[str, str]:
    """What their client says of the applicant; nothing once they are erased. Raises KeyMissing, SealBroken."""
    if applicant.sealed_attributes is None:
        return {}
    return unseal(key_of(kms, applicant), applicant.id, applicant.sealed_attributes)


def say(session: Session, applicant: Enrolled, attributes: Mapping[str, str]) -> None:
    """Keep what the client says of an applicant, in the place of what it said before."""
    sealed = {"sealed": seal(applicant.key, applicant.id, attributes), "whose": applicant.id}
    session.execute(_SAY, sealed)


def key_place(applicant_id: UUID) -> str:
    """Where an applicant's key may be opened."""
    return f"applicants.wrapped_key/{applicant_id}"


def reference_place(applicant_id: UUID) -> str:
    """Where an applicant's reference may be opened."""
    return f"applicants.sealed_reference/{applicant_id}"
