"""Asking for a simulation, and doing what was asked: a row is the job, whoever has its lease does it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.applications.policies import digest_of
from photogate.applications.tables import Policy
from photogate.audit import service as audit
from photogate.audit.tables import EventKind
from photogate.database import new_id
from photogate.errors import Conflict, NotFound
from photogate.screening.profile import read_profile
from photogate.simulation.counts import Counts
from photogate.simulation.service import Question
from photogate.simulation.tables import Simulation

MOST_OPEN = 10
MOST_ATTEMPTS = 3
LEASE = timedelta(seconds=60)


class LeaseLost(Exception):
    """Somebody else does this simulation now."""


def ask(session: Session, person: User, question: Question) -> Simulation:
    """Have a simulation made soon; raises Conflict when many wait already."""
    waiting = session.scalars(select(func.count()).where(Simulation.finished_at.is_(None))).one()
    if waiting >= MOST_OPEN:
        raise Conflict(f"{waiting} simulations wait already; ask again when one of them is done.")
    asked = Simulation(
        id=new_id(),
        asked_by=person.id,
        profile=question.profile.to_json(),
        model=question.model,
        since=question.since,
        until=question.until,
    )
    session.add(asked)
    audit.append(
        session,
        EventKind.SIMULATION_ASKED,
        f"user:{person.id}",
        simulation=str(asked.id),
        policy=question.profile.reference,
        sha256=digest_of(question.profile),
        model=question.model,
        since=str(question.since),
        until=str(question.until),
    )
    return asked


def newest(session: Session, *, limit: int) -> Sequence[Simulation]:
    """The simulations that were asked for last."""
    return session.scalars(select(Simulation).order_by(Simulation.asked_at.desc(), Simulation.id).limit(limit)).all()


def simulation(session: Session, simulation_id: UUID) -> Simulation:
    """One simulation; raises NotFound."""
    found = session.get(Simulation, simulation_id)
    if found is None:
        raise NotFound("There is no such simulation.")
    return found


def references(session: Session) -> Sequence[str]:
    """The policies on record, the newest first."""
    return session.scalars(select(Policy.reference).order_by(Policy.created_at.desc(), Policy.reference)).all()


def question_of(asked: Simulation) -> Question:
    """What was asked; raises ProfileError when this version cannot read the profile any more."""
    return Question(read_profile(asked.profile), asked.since, asked.until, asked.model)


def take(session: Session) -> Simulation | None:
    """The simulation that waits longest and that nobody does, for as long as the lease lasts; None where none waits."""
    free = Simulation.lease_until.is_(None) | (Simulation.lease_until < func.now())
    taken = session.scalar(
        select(Simulation)
        .where(Simulation.finished_at.is_(None), free)
        .order_by(Simulation.asked_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if taken is not None:
        taken.attempts += 1
        taken.lease_until = func.now() + LEASE
        session.flush()
        session.refresh(taken)
    return taken


def move_on(session: Session, taken: Simulation, days_done: int) -> None:
    """Say how far the work is, and that whoever does it lives; raises LeaseLost."""
    _write(session, taken, days_done=days_done, lease_until=func.now() + LEASE)


def finish(session: Session, taken: Simulation, counts: Counts) -> None:
    """Keep what came out; raises LeaseLost."""
    _write(session, taken, counts=counts.to_json(), finished_at=func.now())


def give_up(session: Session, taken: Simulation, refusal: str) -> None:
    """Keep, in one sentence, why nothing came out; raises LeaseLost."""
    _write(session, taken, refusal=refusal, finished_at=func.now())


def _write(session: Session, taken: Simulation, **values: object) -> None:
    """The number of attempts is the fence: it rises with every lease."""
    still: ColumnElement[bool] = (Simulation.attempts == taken.attempts) & Simulation.finished_at.is_(None)
    moved = update(Simulation).where(Simulation.id == taken.id, still).values(**values).returning(Simulation.id)
    if not session.scalars(moved, execution_options={"synchronize_session": False}).all():
        raise LeaseLost
