"""`photogate audit replay`: whether a decision comes out the same again."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table

from photogate.settings import Settings, get_settings

if TYPE_CHECKING:
    from worker.replay import Outcome, Replay

ACTOR = "user:command-line"
DISAGREES, REFUSED = 1, 2


def replay(decision: Annotated[str, typer.Argument(help="The decision's id.")]) -> None:
    """Score the kept crop again with the models of then, decide again under the policy of then, and compare.

    Ends with 0 when both agree within 0.0001, with 1 when they do not, with 2 when it cannot be told.
    """
    from cli.sentences import sentence_for
    from worker.replay import RecordChanged

    try:
        found = _replayed(get_settings(), decision)
    except Exception as error:
        sentence = sentence_for(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        raise typer.Exit(DISAGREES if isinstance(error, RecordChanged) else REFUSED) from None
    Console().print(_table(found))
    typer.echo(_verdict(found))
    raise typer.Exit(0 if found.agrees else DISAGREES)


def _replayed(settings: Settings, decision: str) -> "Replay":
    """Replay one decision and leave a trace: whoever replays looks at what a person sent."""
    from models.registry import Registry
    from photogate.applicants.master_keys import KeyFolder
    from photogate.audit import service as audit
    from photogate.audit.tables import EventKind
    from photogate.database import Database
    from photogate.storage import S3PhotoStore
    from worker.replay import Kept, replay

    decision_id = _id(decision)
    kept = Kept(S3PhotoStore(settings), KeyFolder(settings.master_keys), Registry(settings.models_folder))
    with Database(settings.database_url).transaction() as session:
        found = replay(session, kept, decision_id)
        audit.append(
            session,
            EventKind.DECISION_REPLAYED,
            ACTOR,
            application_id=found.application_id,
            decision=str(decision_id),
            agrees=found.agrees,
        )
    return found


def _id(decision: str) -> UUID:
    from photogate.errors import NotFound

    try:
        return UUID(decision)
    except ValueError:
        raise NotFound("There is no such decision: a decision's id is a UUID.") from None


def _table(found: "Replay") -> Table:
    table = Table("", "then", "now", header_style="bold", box=None)
    for name, score in found.then.scores.items():
        table.add_row(name, _number(score), _number(found.now.scores[name]))
    table.add_row("verdict", found.then.verdict.value, found.now.verdict.value)
    table.add_row("reasons", _codes(found.then), _codes(found.now))
    return table


def _number(score: float | None) -> str:
    return "not assessed" if score is None else f"{score:.6f}"


def _codes(outcome: "Outcome") -> str:
    return ", ".join(reason.code.value for reason in outcome.reasons) or "none"


def _verdict(found: "Replay") -> str:
    by = " and ".join(found.models) or "no model, for none was asked"
    outcome = "The decision comes out the same" if found.agrees else "The decision does NOT come out the same"
    return f"{outcome}, scored by {by} and judged by {found.policy}."
