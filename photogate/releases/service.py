"""Releasing an approved photo for print, and hearing from the printer what became of it."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from photogate.access.keys import Client
from photogate.applications.decisions import locked
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.releases.tables import PrintRelease, ReleaseState
from photogate.releases.token import ReleaseClaims, Signer
from photogate.screening.verdicts import Verdict

_EVENTS = {
    ReleaseState.ISSUED: EventKind.PRINT_ISSUED,
    ReleaseState.CANCELLED: EventKind.PRINT_CANCELLED,
    ReleaseState.FAILED: EventKind.PRINT_FAILED,
}


class NotApproved(Conflict):
    """Nothing is printed that no current decision approves."""

    code, title = "NOT_APPROVED", "No current decision approves this photo"


class AlreadyIssued(Conflict):
    """A card was printed with this photo."""

    code, title = "ALREADY_ISSUED", "The card has been issued"


class Release(NamedTuple):
    """The living release of an application, and whether this request made it."""

    row: PrintRelease
    is_new: bool


def release(
    session: Session, signer: Signer, client: Client, application_id: UUID, photo_sha256: str, *, valid_for: timedelta
) -> Release:
    """Sign the release of an approved photo, or return the one that is alive.

    Raises NotFound, NotApproved when no current decision approves exactly these bytes, AlreadyIssued.
    """
    application = locked(session, application_id, client=client.name)
    decision, photo = _approved(session, application, photo_sha256)
    alive = session.scalar(
        select(PrintRelease).where(
            PrintRelease.application_id == application_id,
            PrintRelease.state.in_([ReleaseState.RELEASED, ReleaseState.ISSUED]),
        )
    )
    if alive is not None and alive.state is ReleaseState.ISSUED:
        raise AlreadyIssued("A card with this photo has been issued already.")
    if alive is not None and alive.decision_id == decision.id and alive.expires_at > datetime.now(UTC):
        return Release(alive, is_new=False)
    if alive is not None:
        _end(session, alive, ReleaseState.CANCELLED, "system")
    return Release(_new(session, signer, client, decision, photo, valid_for), is_new=True)


def mark(session: Session, client: Client, release_id: UUID, state: ReleaseState) -> PrintRelease:
    """Record that the card was issued, or that the release was cancelled or failed.

    The same word again changes nothing; raises NotFound, Conflict when the release has ended otherwise.
    """
    found = session.scalar(
        select(PrintRelease)
        .join(Application, Application.id == PrintRelease.application_id)
        .where(PrintRelease.id == release_id, Application.client == client.name)
        .with_for_update(of=PrintRelease)
    )
    if found is None:
        raise NotFound("There is no such print release.")
    if found.state is state:
        return found
    if found.state is not ReleaseState.RELEASED:
        raise Conflict(f"The release is {found.state.value} already.")
    if state is ReleaseState.ISSUED and found.expires_at <= datetime.now(UTC):
        raise Conflict("The release has expired.")
    _end(session, found, state, client.actor)
    return found


def _approved(session: Session, application: Application, photo_sha256: str) -> tuple[DecisionRecord, Photo]:
    decision = application.current_decision_id and session.get(DecisionRecord, application.current_decision_id)
    if not decision or decision.verdict is not Verdict.APPROVED:
        raise NotApproved(f"The application is {application.status.value}; only an approved photo can be printed.")
    photo = session.get_one(Photo, decision.photo_id)
    if photo.sha256 != photo_sha256.lower():
        raise NotApproved("The approved photo has other bytes than those asked for.")
    return decision, photo


def _new(
    session: Session, signer: Signer, client: Client, decision: DecisionRecord, photo: Photo, valid_for: timedelta
) -> PrintRelease:
    now = datetime.now(UTC)
    claims = ReleaseClaims(
        release_id=new_id(),
        application_id=decision.application_id,
        photo_sha256=photo.sha256,
        decision_id=decision.id,
        models=decision.models,
        policy=decision.policy,
        issued_at=now,
        expires_at=now + valid_for,
    )
    released = PrintRelease(
        id=claims.release_id,
        application_id=claims.application_id,
        photo_id=photo.id,
        decision_id=decision.id,
        photo_sha256=photo.sha256,
        state=ReleaseState.RELEASED,
        token=signer.sign(claims),
        expires_at=claims.expires_at,
    )
    session.add(released)
    session.flush()
    audit.append(
        session,
        EventKind.PRINT_RELEASED,
        client.actor,
        application_id=claims.application_id,
        release=str(claims.release_id),
        decision=str(decision.id),
        photo_sha256=photo.sha256,
    )
    return released


def _end(session: Session, release: PrintRelease, state: ReleaseState, actor: str) -> None:
    release.state, release.ended_at = state, func.now()
    session.flush()
    audit.append(session, _EVENTS[state], actor, application_id=release.application_id, release=str(release.id))
