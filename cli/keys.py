"""`photogate key`: API keys for clients."""

from typing import Annotated

import typer

from photogate.access import keys
from photogate.access.tables import Scope
from photogate.database import Database
from photogate.settings import get_settings

key = typer.Typer(help="API keys of clients.", no_args_is_help=True)

ACTOR = "user:command-line"


@key.command("create")
def create(
    client: Annotated[str, typer.Argument(help="The client's name; its keys see its own applications only.")],
    scope: Annotated[list[Scope], typer.Option(help="What the key may do; give it once for each scope.")],
) -> None:
    """Make a key and print it, this once."""
    with Database(get_settings().database_url).transaction() as session:
        typer.echo(keys.create_key(session, client, scope, actor=ACTOR))


@key.command("revoke")
def revoke(prefix: Annotated[str, typer.Argument(help="The part between the two underscores.")]) -> None:
    """End a key at once."""
    with Database(get_settings().database_url).transaction() as session:
        keys.revoke_key(session, prefix, actor=ACTOR)
