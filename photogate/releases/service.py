"""The print gate: holding and releasing an approved photo, and ending the release.

Every change is an event and a message to the client's webhooks, in the same transaction.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Session

from photogate.access.keys import Client
from photogate.applications.decisions import locked
from photogate.applications.tables import Application, DecisionRecord, Photo
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict
from photogate.mandates.queries import may_not_approve
from photogate.outbox import service as outbox
from photogate.releases import queries
from photogate.releases.tables import EndReason, PrintRelease, ReleaseState
from photogate.releases.token import ReleaseClaims, Signer
from photogate.screening.verdicts import Verdict

LIST_HOLDS = timedelta(hours=24)
"""How long a printer may rely on one list of what no longer holds."""

_CLOCKS_BEHIND = timedelta(days=1)
"""An ended release stays on the list for this long after its token expired, for printers whose clock is behind."""

_ENDS = {
    ReleaseState.ISSUED: EventKind.PRINT_ISSUED,
    ReleaseState.CANCELLED: EventKind.PRINT_CANCELLED,
    ReleaseState.FAILED: EventKind.PRINT_FAILED,
}
_ENDS_BY_ITSELF = {
    EndReason.SUPERSEDED: EventKind.PRINT_WITHDRAWN,
    EndReason.ERASED: EventKind.PRINT_WITHDRAWN,
    EndReason.EXPIRED: EventKind.PRINT_EXPIRED,
}


class NotApproved(Conflict):
    """Nothing is printed that no current decision approves."""

    code, title = "NOT_APPROVED", "No current decision approves this photo"


class ApprovalSuspended(Conflict):
    """A machine approved this alone, and people's verdicts no longer support that it may."""

    code, title = "APPROVAL_SUSPENDED", "What the machine approved alone is not printed at present"


class AlreadyIssued(Conflict):
    """A card was printed with this photo."""

    code, title = "ALREADY_ISSUED", "The card has been issued"


class Release(NamedTuple):
    """The living release of an application, and whether this request made it."""

    row: PrintRelease
    is_new: bool


def release(
    session: Session,
    signer: Signer,
    client: Client,
    application_id: UUID,
    photo_sha256: str,
    *,
    valid_for: timedelta,
    hold: bool = False,
) -> Release:
    """Sign the release of an approved photo, or `hold` it for later; the one that is alive is returned as it stands.

    Raises NotFound, NotApproved when no current decision approves exactly these bytes, ApprovalSuspended,
    AlreadyIssued.
    """
    application = locked(session, application_id, client=client.name)
    decision, photo = _approved(session, application, photo_sha256)
    alive = queries.alive(session, application_id)
    if alive is not None and alive.state is ReleaseState.ISSUED:
        raise AlreadyIssued("A card with this photo has been issued already.")
    if alive is not None and alive.decision_id == decision.id and alive.expires_at > datetime.now(UTC):
        return Release(alive, is_new=False)
    if alive is not None:
        stale = EndReason.EXPIRED if alive.decision_id == decision.id else EndReason.SUPERSEDED
        _end(session, alive, ReleaseState.CANCELLED, stale, "system")
    made = _add(session, decision, photo, datetime.now(UTC) + valid_for)
    if hold:
        _tell(session, made, EventKind.PRINT_HELD, client.actor)
    else:
        _sign(session, signer, client, made, decision, valid_for)
    return Release(made, is_new=True)


def let_go(session: Session, signer: Signer, client: Client, release_id: UUID, *, valid_for: timedelta) -> PrintRelease:
    """Sign a release that was held; the same again changes nothing.

    Raises NotFound, Conflict when it has ended or its time is up, NotApproved when another decision is in force,
    ApprovalSuspended.
    """
    # The application before the release, as everywhere, so that no two use cases wait for each other.
    asked = queries.release(session, client.name, release_id)
    application = locked(session, asked.application_id)
    found = queries.release(session, client.name, release_id, lock=True)
    if found.state is ReleaseState.RELEASED:
        return found
    if found.state is not ReleaseState.HELD:
        raise Conflict(f"The release is {found.state.value} already.")
    if found.expires_at <= datetime.now(UTC):
        raise Conflict("The held release has expired.")
    decision, _ = _approved(session, application, found.photo_sha256)
    if decision.id != found.decision_id:
        raise NotApproved("Another decision is in force than the one that this release was held for.")
    _sign(session, signer, client, found, decision, valid_for)
    return found


def mark(session: Session, client: Client, release_id: UUID, state: ReleaseState) -> PrintRelease:
    """Record that the card was issued, or that the release was cancelled or failed; what is held can be cancelled.

    The same word again changes nothing; raises NotFound, Conflict when the release has ended otherwise.
    """
    # The application before the release, as everywhere: a card that is issued ends its application too.
    application = locked(session, queries.release(session, client.name, release_id).application_id)
    found = queries.release(session, client.name, release_id, lock=True)
    if found.state is state:
        return found
    if found.ended_at is not None:
        raise Conflict(f"The release is {found.state.value} already.")
    if found.state is ReleaseState.HELD and state is not ReleaseState.CANCELLED:
        raise Conflict("The release is held; nothing can have been printed with it.")
    if state is ReleaseState.ISSUED and found.expires_at <= datetime.now(UTC):
        raise Conflict("The release has expired.")
    _end(session, found, state, EndReason.REQUESTED, client.actor)
    if state is ReleaseState.ISSUED:
        queries.close_issued(session, application.id)
    return found


def withdraw_superseded(session: Session, record: DecisionRecord) -> None:
    """End what was held or released on a decision that `record` supersedes; whoever appends a decision calls this.

    The application is held since the decision was appended, so nothing can be released meanwhile.
    """
    if record.supersedes_id is None:
        return
    _withdraw(session, record.application_id, EndReason.SUPERSEDED, "system")


def withdraw(session: Session, application_id: UUID, actor: str) -> None:
    """End what is held or released of an application that the caller holds, because its applicant is erased."""
    _withdraw(session, application_id, EndReason.ERASED, actor)


def settle(session: Session, application: Application) -> int:
    """End what is held or released of an application that the caller holds, where its time or its approval is gone.

    Returns how many; there are none unless something broke.
    """
    stale = [
        one
        for one in queries.opened(session, application.id)
        if one.expires_at <= datetime.now(UTC) or one.decision_id != application.current_decision_id
    ]
    for one in stale:
        is_late = one.decision_id == application.current_decision_id
        _end(session, one, ReleaseState.CANCELLED, EndReason.EXPIRED if is_late else EndReason.SUPERSEDED, "system")
    return len(stale)


def expire(session: Session, *, limit: int) -> int:
    """End releases whose time is up, so that their clients hear of it; returns how many."""
    late = queries.overdue(session, datetime.now(UTC), limit=limit)
    for release_ in late:
        _end(session, release_, ReleaseState.CANCELLED, EndReason.EXPIRED, "system")
    return len(late)


def revoked(session: Session, signer: Signer) -> str:
    """The signed list of every release that has ended before its token did: cancelled, failed, and issued ones too."""
    now = datetime.now(UTC)
    return signer.sign_revoked(queries.ended_since(session, now - _CLOCKS_BEHIND), now, LIST_HOLDS)


def _approved(session: Session, application: Application, photo_sha256: str) -> tuple[DecisionRecord, Photo]:
    decision = application.current_decision_id and session.get(DecisionRecord, application.current_decision_id)
    if not decision or decision.verdict is not Verdict.APPROVED:
        raise NotApproved(f"The application is {application.status.value}; only an approved photo can be printed.")
    photo = session.get_one(Photo, decision.photo_id)
    if photo.sha256 != photo_sha256.lower():
        raise NotApproved("The approved photo has other bytes than those asked for.")
    if may_not_approve(session, decision):
        raise ApprovalSuspended(
            "The model that approved this photo alone is suspended; ask again once a person has confirmed it."
        )
    return decision, photo


def _add(session: Session, decision: DecisionRecord, photo: Photo, expires_at: datetime) -> PrintRelease:
    made = PrintRelease(
        id=new_id(),
        application_id=decision.application_id,
        photo_id=photo.id,
        decision_id=decision.id,
        photo_sha256=photo.sha256,
        state=ReleaseState.HELD,
        expires_at=expires_at,
    )
    session.add(made)
    session.flush()
    return made


def _sign(
    session: Session,
    signer: Signer,
    client: Client,
    held: PrintRelease,
    decision: DecisionRecord,
    valid_for: timedelta,
) -> None:
    now = datetime.now(UTC)
    claims = ReleaseClaims(
        release_id=held.id,
        application_id=held.application_id,
        photo_sha256=held.photo_sha256,
        decision_id=decision.id,
        models=decision.models,
        policy=decision.policy,
        issued_at=now,
        expires_at=now + valid_for,
    )
    if not queries.has_signed(session, signer.key_id):
        audit.append(session, EventKind.PRINT_KEY_FIRST_USED, "system", key=signer.key_id)
    held.state, held.token, held.key_id = ReleaseState.RELEASED, signer.sign(claims), signer.key_id
    held.expires_at = claims.expires_at
    session.flush()
    _tell(session, held, EventKind.PRINT_RELEASED, client.actor)


def _withdraw(session: Session, application_id: UUID, because: EndReason, actor: str) -> None:
    for open_release in queries.opened(session, application_id):
        _end(session, open_release, ReleaseState.CANCELLED, because, actor)


def _end(session: Session, release: PrintRelease, state: ReleaseState, because: EndReason, actor: str) -> None:
    release.state, release.ended_at, release.ended_because = state, func.now(), because
    session.flush()
    _tell(session, release, _ENDS_BY_ITSELF.get(because, _ENDS[state]), actor)


def _tell(session: Session, release: PrintRelease, kind: EventKind, actor: str) -> None:
    audit.append(
        session,
        kind,
        actor,
        application_id=release.application_id,
        release=str(release.id),
        decision=str(release.decision_id),
        photo_sha256=release.photo_sha256,
        key=release.key_id,
    )
    told = {
        "id": str(release.id),
        "application_id": str(release.application_id),
        "photo_sha256": release.photo_sha256,
        "state": release.state.value,
        "expires_at": release.expires_at.isoformat(),
    }
    client = queries.client_of(release.application_id)
    outbox.tell(session, client, f"print_release.{kind.value.removeprefix('print_')}", told)
