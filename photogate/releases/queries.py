"""What is asked about print releases; whoever holds a release's application may change the release."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, exists, func, select, update
from sqlalchemy.orm import Session

from photogate.applications.tables import Application
from photogate.errors import NotFound
from photogate.releases.tables import PrintRelease, ReleaseState

OPEN = PrintRelease.ended_at.is_(None)


def alive(session: Session, application_id: UUID) -> PrintRelease | None:
    """The one release of an application that is held, released or issued, locked so that nobody else ends it."""
    living = PrintRelease.state.in_([ReleaseState.HELD, ReleaseState.RELEASED, ReleaseState.ISSUED])
    return session.scalar(
        select(PrintRelease).where(PrintRelease.application_id == application_id, living).with_for_update()
    )


def release(session: Session, client: str, release_id: UUID, *, lock: bool = False) -> PrintRelease:
    """One release; raises NotFound, also for another client's."""
    wanted = (
        select(PrintRelease)
        .join(Application, Application.id == PrintRelease.application_id)
        .where(PrintRelease.id == release_id, Application.client == client)
        .execution_options(populate_existing=True)
    )
    found = session.scalar(wanted.with_for_update(of=PrintRelease) if lock else wanted)
    if found is None:
        raise NotFound("There is no such print release.")
    return found


def opened(session: Session, application_id: UUID) -> Sequence[PrintRelease]:
    """What is held or released of an application, locked."""
    of_this = select(PrintRelease).where(PrintRelease.application_id == application_id, OPEN)
    return session.scalars(of_this.with_for_update()).all()


def overdue(session: Session, at: datetime, *, limit: int) -> Sequence[PrintRelease]:
    """What is held or released past its time, locked; what somebody else works on is left to them."""
    late = select(PrintRelease).where(OPEN, PrintRelease.expires_at <= at).order_by(PrintRelease.expires_at)
    return session.scalars(late.limit(limit).with_for_update(skip_locked=True)).all()


def ended_since(session: Session, expires_after: datetime) -> Sequence[UUID]:
    """The signed releases that have ended, although their tokens hold beyond `expires_after`."""
    return session.scalars(
        select(PrintRelease.id).where(
            PrintRelease.ended_at.is_not(None), PrintRelease.token.is_not(None), PrintRelease.expires_at > expires_after
        )
    ).all()


def has_signed(session: Session, key_id: str) -> bool:
    """Whether any release was signed with this key."""
    return bool(session.scalar(select(exists().where(PrintRelease.key_id == key_id))))


def client_of(application_id: UUID) -> ScalarSelect[str]:
    """Whose application this is, as a part of a larger question."""
    return select(Application.client).where(Application.id == application_id).scalar_subquery()


def close_issued(session: Session, application_id: UUID) -> None:
    """Note that a card was issued; retention goes on counting from the last change before."""
    held = update(Application).where(Application.id == application_id)
    session.execute(held.values(issued_at=func.now(), updated_at=Application.updated_at))
