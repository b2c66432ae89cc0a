"""New master keys: every key and secret is sealed anew, and the old master keys, with all old backups, can go."""

import time
from collections.abc import Iterator

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.orm import Session

from photogate.applicants import service as applicants
from photogate.applicants.master_keys import KeyFolder
from photogate.applicants.tables import Applicant
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import Database, table_of
from photogate.errors import Conflict
from photogate.outbox import secrets as webhook_secrets

BATCH = 500
SETTLED_AFTER_S = 60
"""No transaction that wrapped a key before the newest one came lasts longer."""

_APPLICANTS = table_of(Applicant)
_REWRAP = (
    update(_APPLICANTS)
    .where(_APPLICANTS.c.id == bindparam("applicant"))
    .values(wrapped_key=bindparam("wrapped"), master_key_id=bindparam("newest"))
)


def outdated(session: Session, newest: str) -> int:
    """How many applicants' keys another master key than the newest wraps."""
    return session.scalars(select(func.count()).where(Applicant.master_key_id != newest)).one()


def _require_none_outdated(session: Session, newest: str) -> None:
    needed, secrets = outdated(session, newest), webhook_secrets.outdated(session, newest)
    if needed:
        raise Conflict(f"Old master keys still wrap the keys of {needed} applicants; rotate first.")
    if secrets:
        raise Conflict(f"Old master keys still seal the secrets of {secrets} webhooks; rotate first.")


def rewrap(database: Database, kms: KeyFolder, actor: str) -> Iterator[int]:
    """Wrap every applicant's key with the newest master key, a batch at a time, and seal webhooks' secrets with it.

    Yields how many keys a batch had. Raises KeyMissing, SealBroken.
    """
    newest, rewrapped = kms.newest, 0
    while batch := _rewrap_some(database, kms, newest):
        rewrapped += batch
        yield batch
    with database.transaction() as session:
        secrets = webhook_secrets.reseal(session, kms, newest)
        rotated = EventKind.MASTER_KEY_ROTATED
        audit.append(session, rotated, actor, master_key=newest, applicants=rewrapped, webhooks=secrets)


def destroy_old(session: Session, kms: KeyFolder, actor: str) -> list[str]:
    """Delete every master key but the newest and return their ids.

    What they wrapped, in any backup, is unreadable from then on. Raises Conflict as long as one is needed, or may be by
    a program that has not yet seen the newest.
    """
    newest, old = kms.newest, kms.ids()[:-1]
    if time.time() - kms.made_at(newest) < SETTLED_AFTER_S:
        raise Conflict(f"The newest master key is less than {SETTLED_AFTER_S} seconds old; please wait so long.")
    _require_none_outdated(session, newest)
    audit.append(session, EventKind.MASTER_KEYS_DESTROYED, actor, master_keys=old, newest=newest)
    session.flush()
    for master_key_id in old:
        kms.destroy(master_key_id)
    return old


def _rewrap_some(database: Database, kms: KeyFolder, newest: str) -> int:
    with database.transaction() as session:
        found = session.scalars(
            select(Applicant).where(Applicant.master_key_id != newest).limit(BATCH).with_for_update()
        ).all()
        rows = [_rewrapped(kms, applicant) for applicant in found]
        if rows:
            session.connection().execute(_REWRAP, rows)
    return len(rows)


def _rewrapped(kms: KeyFolder, applicant: Applicant) -> dict[str, object]:
    wrapped = kms.wrap(applicants.key_of(kms, applicant), applicants.key_place(applicant.id))
    return {"applicant": applicant.id, "wrapped": wrapped.wrapped, "newest": wrapped.master_key_id}
