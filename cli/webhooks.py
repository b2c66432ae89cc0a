"""`photogate webhooks`: where clients are told what became of their print releases."""

from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Column, Table

from photogate.applicants.master_keys import KeyFolder
from photogate.database import Database
from photogate.outbox import endpoints
from photogate.settings import get_settings

webhooks = typer.Typer(help="Addresses at which clients are told of their print releases.", no_args_is_help=True)

ACTOR = "user:command-line"


@webhooks.command("add")
def add(
    client: Annotated[str, typer.Argument(help="The client's name, as its API keys have it.")],
    url: Annotated[str, typer.Argument(help="The address, beginning with https://.")],
) -> None:
    """Tell a client at this address, and print the secret that signs what is sent, this once."""
    settings = get_settings()
    with Database(settings.database_url).transaction() as session:
        kms, allow_private = KeyFolder(settings.master_keys), settings.webhook_private_addresses
        added = endpoints.add(session, kms, client, url, allow_private=allow_private, actor=ACTOR)
    typer.echo(f"{added.id} {added.secret}")


@webhooks.command("list")
def list_() -> None:
    """Show every address in use, and what waits for it or was given up."""
    shown = Table(Column("id", no_wrap=True), "client", "address", "since", "waiting", "given up")
    with Database(get_settings().database_url).transaction() as session:
        for endpoint, waiting, given_up in endpoints.standings(session):
            since = f"{endpoint.created_at:%Y-%m-%d}"
            shown.add_row(str(endpoint.id), endpoint.client, endpoint.url, since, str(waiting), str(given_up))
    Console().print(shown)


@webhooks.command("remove")
def remove(endpoint: Annotated[UUID, typer.Argument(help="Its id, as `photogate webhooks list` shows it.")]) -> None:
    """Send nothing to this address any more."""
    with Database(get_settings().database_url).transaction() as session:
        endpoints.remove(session, endpoint, actor=ACTOR)
