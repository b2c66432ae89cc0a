"""`photogate release`: the signing keys of print releases. A release itself is verified by `python -m printing`."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from photogate.releases.keys import key_set, new_key, published_keys
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict
from photogate.settings import get_settings

release = typer.Typer(
    help="Print releases: signing keys, the keys for printers, approvals that are taken back.", no_args_is_help=True
)


@release.command("new-key")
def make_key(path: Annotated[Path, typer.Argument(help="Where the private key goes; it is never replaced.")]) -> None:
    """Write a new Ed25519 signing key and, beside it, the public key."""
    typer.echo(f"The public key is {new_key(path)}; publish it a day before the key signs.")


@release.command("keys")
def keys() -> None:
    """Print the key set that printers save, as `/v1/print-keys` serves it."""
    settings = get_settings()
    typer.echo(key_set(published_keys(settings.signing_key_file, settings.published_keys_folder)))


@release.command("take-back")
def take_back(
    application: Annotated[UUID, typer.Argument(help="The application's id.")],
    by: Annotated[str, typer.Option(help="The e-mail address of the person who decides this.")],
    reason: Annotated[list[ReasonCode], typer.Option(help="Why, as reviewers say it; give it once for each reason.")],
    ask_again: Annotated[bool, typer.Option("--ask-again", help="Ask for another photo instead.")] = False,
) -> None:
    """Take the approval of a photo back; what was held or released for print on it is withdrawn."""
    from photogate.access.tables import Role
    from photogate.access.users import find_user
    from photogate.database import Database
    from photogate.errors import NotFound
    from photogate.reviews import service as reviews

    verdict = Verdict.RESUBMISSION_REQUESTED if ask_again else Verdict.REJECTED
    with Database(get_settings().database_url).transaction() as session:
        person = find_user(session, by)
        if person is None or person.role is Role.AUDITOR:
            raise NotFound("There is no enabled user with this e-mail address who may decide.")
        reviews.take_back(session, application, person, verdict, reason)
    typer.echo("The approval is taken back; printers that saved the list before can still print for a day at most.")
