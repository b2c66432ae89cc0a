"""`photogate audit`: the event log, its checkpoints and proofs, and verifying them offline."""

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from cli.replaying import replay
from photogate.settings import get_settings

audit = typer.Typer(
    help="The event log: checkpoints, proofs, exports, and verifying them offline.", no_args_is_help=True
)
audit.command("replay")(replay)

HOLDS, DOES_NOT_HOLD, CANNOT_BE_TOLD = 0, 1, 2

Keys = Annotated[Path | None, typer.Option(dir_okay=False, help="The log's public key; else the export's own.")]


@audit.command("new-key")
def new_key(
    name: Annotated[str, typer.Argument(help="The log's or the witness's name, such as photogate.example/log.")],
    path: Annotated[Path, typer.Argument(help="Where the private key goes; it is never replaced.")],
    witness: Annotated[bool, typer.Option("--witness", help="Make the key of a witness.")] = False,
) -> None:
    """Write a key that signs checkpoints and, beside it as PATH.pub, the one that verifies them."""
    from photogate.audit import notes

    typer.echo(notes.new_key(path, name, notes.Kind.WITNESS if witness else notes.Kind.LOG))


@audit.command("checkpoint")
def checkpoint(size: Annotated[int | None, typer.Option(min=1, help="An earlier one.")] = None) -> None:
    """Print the last checkpoint; keep it where nobody who runs the database can change it."""
    from photogate.audit import checkpoints
    from photogate.database import Database

    with Database(get_settings().database_url).transaction() as session:
        found = checkpoints.latest(session) if size is None else checkpoints.of_size(session, size)
    typer.echo(found, nl=False)


@audit.command("proof")
def proof(event: Annotated[UUID, typer.Argument(help="The event's id.")]) -> None:
    """Print the proof that an event is in the log, for `photogate audit verify`."""
    from photogate.audit import proofs
    from photogate.database import Database

    with Database(get_settings().database_url).transaction() as session:
        found = proofs.prove_inclusion(session, event)
    typer.echo(json.dumps(found.as_json(), indent=2))


@audit.command("consistency")
def consistency(
    old_size: Annotated[int, typer.Argument(min=1, help="The size of an earlier checkpoint.")],
    size: Annotated[int, typer.Argument(min=1, help="The size of a later one.")],
) -> None:
    """Print the proof that the later log begins with the earlier one, for `photogate audit verify`."""
    from photogate.audit import proofs
    from photogate.database import Database

    with Database(get_settings().database_url).transaction() as session:
        found = proofs.prove_consistency(session, old_size, size)
    typer.echo(json.dumps(found.as_json(), indent=2))


@audit.command("rebase")
def rebase() -> None:
    """Have a database that was restored on another server log on from where it was; as the tables' owner."""
    from photogate.audit.rebasing import rebase
    from photogate.database import Database

    with Database(get_settings().owner_database_url).transaction() as session:
        moved = rebase(session)
    typer.echo("Nothing had to be done." if moved is None else f"The log goes on; {moved} events wait for their place.")


@audit.command("export")
def export(folder: Annotated[Path, typer.Argument(help="A folder that does not exist yet.")]) -> None:
    """Write the log up to its last checkpoint, with all that is needed to verify it offline."""
    from cli.auditing import export_log

    typer.echo(export_log(get_settings(), folder))


@audit.command("verify")
def verify(
    what: Annotated[Path, typer.Argument(exists=True, help="An export's folder, or a proof's file.")],
    key: Keys = None,
    against: Annotated[
        list[Path] | None, typer.Option(exists=True, dir_okay=False, help="Checkpoints that were kept elsewhere.")
    ] = None,
    witnesses: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="Public keys of witnesses, one on each line.")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="An older export: names the event if hashes were rewritten."),
    ] = None,
) -> None:
    """Verify offline that an export is the log that was signed, or name the first event that is not.

    Ends with 0 when it is, with 1 when it is not, with 2 when it cannot be told.
    """
    from cli.auditing import Grounds, Refused, verify_export, verify_proof
    from photogate.errors import PhotogateError

    try:
        checkpoints = against or []
        if what.is_dir():
            said = verify_export(what, Grounds(key, checkpoints, witnesses, earlier))
        else:
            said = verify_proof(what, key, checkpoints)
    except Refused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(DOES_NOT_HOLD) from None
    except PhotogateError as error:
        typer.echo(error.detail, err=True)
        raise typer.Exit(CANNOT_BE_TOLD) from None
    typer.echo(said)


@audit.command("witness")
def witness(
    key: Annotated[Path, typer.Option(dir_okay=False, help="The witness's private key.")],
    log_key: Annotated[Path, typer.Option(dir_okay=False, help="The log's public key.")],
    seen: Annotated[Path, typer.Option(dir_okay=False, help="Where the last checkpoint that was signed is kept.")],
    api_key: Annotated[str, typer.Option(envvar="PHOTOGATE_API_KEY", help="A key with the scope audit.read.")],
) -> None:
    """Fetch the last checkpoint, sign it if the log only grew since the one that was seen last, and hand it in."""
    from cli.witnessing import Witness

    typer.echo(Witness(get_settings().api_url, api_key, key, log_key, seen).sign())
