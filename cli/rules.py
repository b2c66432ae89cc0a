"""What `photogate profiles` and `photogate models` have in common: proposing, approving, withdrawing, rolling back."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from photogate.access.tables import User
from photogate.access.users import find_user
from photogate.applicants.master_keys import KeyFolder
from photogate.database import Database
from photogate.errors import Conflict, NotFound
from photogate.promotions import queries, service
from photogate.promotions.queries import Rules
from photogate.promotions.service import Change
from photogate.promotions.tables import Promotion, Slot
from photogate.settings import get_settings

By = Annotated[str, typer.Option(help="The e-mail address of the admin who answers for it.")]
Because = Annotated[str, typer.Option(help="Why; auditors read it, and it must name no applicant.")]
Shadow = Annotated[bool, typer.Option("--shadow", help="To judge beside what decides, without deciding.")]
Number = Annotated[UUID, typer.Argument(metavar="PROPOSAL", help="Its id, as `list` shows it.")]


@contextmanager
def asked_by(email: str) -> Iterator[tuple[Session, User]]:
    """A transaction of the person with this address; raises NotFound."""
    with recorded() as session:
        person = find_user(session, email)
        if person is None:
            raise NotFound("There is no enabled user with this e-mail address.")
        yield session, person


@contextmanager
def recorded() -> Iterator[Session]:
    """A transaction on the database that the settings name."""
    with closing(Database(get_settings().database_url)) as database, database.transaction() as session:
        yield session


def propose(session: Session, person: User, change: Change, because: str, *, shadow: bool) -> None:
    """Propose a change and say what a second person types to approve it."""
    wanted = service.propose(session, person, change, because, Slot.SHADOW if shadow else Slot.LIVE)
    told(wanted)


def told(wanted: Promotion) -> None:
    """Say what was proposed."""
    typer.echo(f"Proposed as {wanted.id}: {named(queries.rules_of(wanted))}. A second admin approves it.")


def named(rules: Rules | None) -> str:
    """Rules in one line."""
    if rules is None:
        return "nothing judges beside what decides"
    return " with ".join(part for part in (rules.policy, rules.model, rules.camera) if part)


def approve(proposal: Number, by: By, because: Because) -> None:
    """Put a proposal in force, as somebody else than its author."""
    with asked_by(by) as (session, person):
        there = service.approve(session, person, proposal, because, KeyFolder(get_settings().master_keys))
    typer.echo(f"In force now: {named(there.rules if there else None)}.")


def withdraw(proposal: Number, by: By, because: Because) -> None:
    """Take a proposal back, or decline it."""
    with asked_by(by) as (session, person):
        service.withdraw(session, person, proposal, because)
    typer.echo("Withdrawn.")


def earlier(session: Session, part: str) -> str:
    """The newest other `policy` or `model` that was live before the one that is; raises Conflict."""
    before: Sequence[Rules] = [
        rules
        for settled in queries.approved(session, Slot.LIVE, limit=1000)
        if (rules := queries.rules_of(settled.promotion))
    ]
    for rules in before:
        if (other := str(getattr(rules, part))) != getattr(before[0], part):
            return other
    raise Conflict(f"There is no earlier {part} to go back to.")


def show_standing(session: Session) -> None:
    """What is live, what judges beside it, and what waits for a second person."""
    for slot, words in ((Slot.LIVE, "Live"), (Slot.SHADOW, "Beside it")):
        there = queries.in_force(session, slot)
        if there:
            typer.echo(f"{words}: {named(there.rules)}, promotion {there.number} since {there.since:%Y-%m-%d %H:%M}.")
    waiting = queries.waiting(session)
    if waiting:
        shown = Table("proposal", "to", "what", "because", title="Waiting for a second admin", title_justify="left")
        for one in waiting:
            words = "decide" if one.slot is Slot.LIVE else "judge beside"
            shown.add_row(str(one.id), words, named(queries.rules_of(one)), one.because)
        Console().print(shown)
