"""`photogate golden`: photos whose answer is known, mixed into reviewers' queues."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from photogate.access.users import find_user
from photogate.database import Database
from photogate.errors import NotFound
from photogate.quality import golden as cases
from photogate.screening.four_eyes import Said
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.settings import get_settings

golden = typer.Typer(help="Photos whose answer is known, mixed into reviewers' queues.", no_args_is_help=True)


@golden.command("add")
def add(
    application: Annotated[UUID, typer.Argument(help="A settled application; its last photo becomes golden.")],
    answer: Annotated[Verdict, typer.Argument(help="What people should say of it.")],
    provenance: Annotated[str, typer.Option(help="How the answer is known; auditors read it.")],
    by: Annotated[str, typer.Option(help="The e-mail address of the admin who answers for it.")],
    reason: Annotated[list[ReasonCode] | None, typer.Option(help="Why it should be refused; may be repeated.")] = None,
) -> None:
    """Make a photo golden, or say better what its answer is."""
    with Database(get_settings().database_url).transaction() as session:
        person = find_user(session, by)
        if person is None:
            raise NotFound("There is no enabled user with this e-mail address.")
        cases.add(session, application, Said(answer, tuple(reason or ())), provenance, person)


@golden.command("list")
def list_() -> None:
    """Show every golden case with its answer, where that comes from, and who has been shown it."""
    shown = Table("photo", "answer", "how it is known", "by", "since", "shown to")
    with Database(get_settings().database_url).transaction() as session:
        times = cases.times_shown(session)
        for case in cases.current(session):
            answer = " ".join([case.answer.value, *case.codes])
            since, people = f"{case.created_at:%Y-%m-%d}", str(times.get(case.photo_id, 0))
            shown.add_row(str(case.photo_id), answer, case.provenance, case.person.email, since, people)
    Console().print(shown)
