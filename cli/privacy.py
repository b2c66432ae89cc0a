"""`photogate privacy`: erasure, legal hold, export, retention, orphans and master keys."""

from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import Progress

from photogate.applicants.master_keys import KeyFolder, new_master_key
from photogate.applicants.queries import by_reference
from photogate.database import Database
from photogate.errors import Conflict
from photogate.privacy import erasure, export, holds, orphans, retention, rotation
from photogate.privacy.holdings import Holdings, holdings
from photogate.promotions.policy import live_profile
from photogate.settings import get_settings
from photogate.storage import S3PhotoStore

privacy = typer.Typer(help="Applicants' data: erase, hold, export, and the keys above it.", no_args_is_help=True)

ACTOR = "user:command-line"
Client = Annotated[str, typer.Argument(help="The client's name, as its API keys have it.")]
Reference = Annotated[str, typer.Argument(help="The applicant as that client knows them.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Change nothing, and say what would go.")]


@privacy.command("erase")
def erase(client: Client, reference: Reference, dry_run: DryRun = False) -> None:
    """Destroy an applicant's key and pictures for ever."""
    settings = get_settings()
    with Database(settings.database_url).transaction() as session:
        applicant = by_reference(session, KeyFolder(settings.master_keys), client, reference, hold=True)
        if dry_run:
            erasure.require_no_hold(applicant)
            typer.echo(f"Would erase {_listed(holdings(session, applicant))}.")
            return
        made = erasure.erase(session, applicant, ACTOR)
    left = erasure.remove_objects(S3PhotoStore(settings), made.held.objects)
    typer.echo(f"Erased {_listed(made.held)}; {left} objects are left to the next search for orphans.")
    typer.echo("Proof: " + " ".join(map(str, made.event_ids)))


@privacy.command("hold")
def hold(client: Client, reference: Reference, reason: Annotated[str, typer.Option(help="Why; kept sealed.")]) -> None:
    """Keep everything about an applicant until the hold is released."""
    settings = get_settings()
    kms = KeyFolder(settings.master_keys)
    with Database(settings.database_url).transaction() as session:
        holds.hold(session, kms, by_reference(session, kms, client, reference, hold=True), reason, ACTOR)


@privacy.command("release-hold")
def release_hold(client: Client, reference: Reference) -> None:
    """Let retention and erasure have their way again."""
    settings = get_settings()
    with Database(settings.database_url).transaction() as session:
        applicant = by_reference(session, KeyFolder(settings.master_keys), client, reference, hold=True)
        holds.release_hold(session, applicant, ACTOR)


@privacy.command("export")
def export_(
    client: Client, reference: Reference, path: Annotated[Path, typer.Argument(help="The zip file to write.")]
) -> None:
    """Write all that is held about an applicant, opened, into a zip file."""
    settings = get_settings()
    kms = KeyFolder(settings.master_keys)
    with Database(settings.database_url).transaction() as session:
        begun = export.begin(session, kms, by_reference(session, kms, client, reference), ACTOR)
    with _new_file(path) as file, Progress(transient=True) as progress:
        for piece in progress.track(export.stream(S3PhotoStore(settings), begun), total=len(begun.pictures) + 2):
            file.write(piece)
    typer.echo(f"Written to {path}, with {len(begun.pictures)} pictures.")


def _new_file(path: Path) -> BinaryIO:
    try:
        return path.open("xb")
    except OSError as error:
        raise Conflict(f"{path} cannot be written: {error.strerror}.") from error


@privacy.command("sweep")
def sweep() -> None:
    """Remove what has run out under the issuer's profile, as the relay does by itself."""
    settings = get_settings()
    database, store = Database(settings.database_url), S3PhotoStore(settings)
    with database.transaction() as session:
        profile = live_profile(session, settings.issuer_profile)
    with Progress(transient=True) as progress:
        batches = list(progress.track(retention.sweep(database, store, profile), total=None))
    objects, erased = sum(batch.objects for batch in batches), sum(batch.applicants for batch in batches)
    typer.echo(f"{objects} objects ran out, {erased} applicants were erased.")


@privacy.command("orphans")
def orphans_(
    remove: Annotated[bool, typer.Option("--remove", help="Remove them; without this they are only named.")] = False,
) -> None:
    """Find objects that no row names and rows whose object is gone; objects younger than a day are left alone."""
    settings = get_settings()
    database, store = Database(settings.database_url), S3PhotoStore(settings)
    with Progress(transient=True) as progress:
        found = [
            orphan.name
            for piece in progress.track(orphans.search(database, store), total=None)
            for orphan in piece.orphans
        ]
        lost = list(progress.track(orphans.missing(database, store), total=None))
    for name in found:
        typer.echo(f"orphan  {name}")
    for name in lost:
        typer.echo(f"missing {name}")
    left = erasure.remove_objects(store, found) if remove else len(found)
    typer.echo(f"{len(found)} orphans, {len(found) - left} removed; {len(lost)} objects missing.")


@privacy.command("new-master-key")
def new_key() -> None:
    """Add a master key to the folder of master keys; the programs wrap with it from their next use on."""
    typer.echo(new_master_key(get_settings().master_keys))


@privacy.command("rotate-master-key")
def rotate() -> None:
    """Add a master key and wrap every applicant's key with it."""
    settings = get_settings()
    database, kms = Database(settings.database_url), KeyFolder(settings.master_keys)
    newest = new_master_key(settings.master_keys)
    with database.transaction() as session:
        outdated = rotation.outdated(session, newest)
    with Progress(transient=True) as progress:
        bar = progress.add_task("keys wrapped anew", total=outdated)
        for rewrapped in rotation.rewrap(database, kms, ACTOR):
            progress.advance(bar, rewrapped)
    typer.echo(f"{newest} wraps everything now; `photogate privacy destroy-old-master-keys` ends what came before.")


@privacy.command("destroy-old-master-keys")
def destroy_old() -> None:
    """Delete every master key but the newest; applicants erased until now are unreadable in every backup then."""
    settings = get_settings()
    with Database(settings.database_url).transaction() as session:
        destroyed = rotation.destroy_old(session, KeyFolder(settings.master_keys), ACTOR)
    typer.echo(f"Destroyed {', '.join(destroyed) or 'none'}.")


def _listed(held: Holdings) -> str:
    applications, objects = len(held.applications), len(held.objects)
    return f"{applications} applications, {held.photos} photos, {held.notes} notes and {objects} objects"
