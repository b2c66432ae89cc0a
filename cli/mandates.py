"""`photogate mandates`: what models may decide alone, and letting them again."""

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from photogate.access.users import find_user
from photogate.database import Database
from photogate.errors import NotFound
from photogate.mandates import queries, service
from photogate.mandates.tables import Standing
from photogate.screening.risk import Estimate, Risk
from photogate.settings import get_settings

mandates = typer.Typer(help="What models may decide alone, and what people's verdicts say of it.", no_args_is_help=True)


@mandates.command("list")
def list_() -> None:
    """Show the bound of every model under every policy, and the running estimates."""
    shown = Table("policy", "model", "placeholders approved", "real faces refused", "decides alone")
    with Database(get_settings().database_url).transaction() as session:
        for stood in queries.current(session):
            seen = Risk(**stood.mandate.risk).estimates(stood.tally)
            estimates = _words(seen.placeholders_approved), _words(seen.reals_refused)
            shown.add_row(stood.policy, stood.model, *estimates, _alone(stood))
    Console().print(shown)


@mandates.command("resume")
def resume(
    policy: Annotated[str, typer.Argument(help="Its name@version, as `photogate mandates list` shows it.")],
    model: Annotated[str, typer.Argument(help="Its name@version.")],
    by: Annotated[str, typer.Option(help="The e-mail address of the admin who answers for it.")],
    because: Annotated[str, typer.Option(help="Why the model may be trusted again; auditors read it.")],
) -> None:
    """Let a model decide alone again, with an empty tally."""
    with Database(get_settings().database_url).transaction() as session:
        person = find_user(session, by)
        if person is None:
            raise NotFound("There is no enabled user with this e-mail address.")
        service.resume(session, policy, model, person, because)


def _words(seen: Estimate) -> str:
    return f"{seen.errors} of {seen.judged}: {seen.low:.2%} to {seen.high:.2%}, allowed {seen.at_most:.2%}"


def _alone(stood: Standing) -> str:
    suspended = {"approvals": stood.approvals_suspended, "refusals": stood.refusals_suspended}
    return ", ".join(part for part, is_suspended in suspended.items() if not is_suspended) or "nothing"
