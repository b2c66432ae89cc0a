"""`photogate known-pictures`: the bank of known placeholders."""

import hashlib
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.orm import Session

from models.decoding import PhotoError
from models.fingerprints import perceptual_hash
from photogate.access.tables import User
from photogate.access.users import find_user
from photogate.database import Database
from photogate.errors import NotFound, Unprocessable
from photogate.pictures import bank, clusters
from photogate.settings import Settings, get_settings
from worker.crops import to_png
from worker.sandbox import Sandbox, SandboxLimits, detector_of

known_pictures = typer.Typer(help="Pictures that stand in for a photo, and are known.", no_args_is_help=True)

MOST_LISTED = 1_000

By = Annotated[str, typer.Option(help="The e-mail address of the reviewer or admin who answers for it.")]
Because = Annotated[str, typer.Option(help="Why; auditors read it.")]


@known_pictures.command("add")
def add(file: Annotated[Path, typer.Argument(help="A picture that shows nobody.")], by: By, because: Because) -> None:
    """Add the picture of a file, as a worker would crop it, and print its id."""
    settings = get_settings()
    content = _content(file)
    crop, perceptual = _seen(settings, content)
    with Database(settings.database_url).transaction() as session:
        digest = hashlib.sha256(content).hexdigest()
        added = bank.add_from_file(session, perceptual, crop, digest, _person(session, by), because)
    typer.echo(added.id)


@known_pictures.command("list")
def list_() -> None:
    """Show the bank, where each picture is from, and how often it came."""
    shown = Table("id", "from", "added by", "because", "seen", "removed")
    with Database(get_settings().database_url).transaction() as session:
        seen = clusters.sightings(session)
        for known in clusters.bank(session, limit=MOST_LISTED):
            found = seen.get(known.id, clusters.Sightings())
            times = f"{found.times} times by {found.applicants} applicants"
            removed = f"by {known.remover.name}: {known.removed_because}" if known.remover else ""
            shown.add_row(str(known.id), known.source.value, known.adder.name, known.because, times, removed)
    Console().print(shown)


@known_pictures.command("remove")
def remove(
    picture: Annotated[UUID, typer.Argument(help="Its id, as `photogate known-pictures list` shows it.")],
    by: By,
    because: Because,
) -> None:
    """Take a picture out of the bank; who added it and why stays on record."""
    with Database(get_settings().database_url).transaction() as session:
        bank.remove(session, picture, _person(session, by), because)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Unprocessable(f"The file {file} cannot be read: {error.strerror}.") from error


def _seen(settings: Settings, content: bytes) -> tuple[bytes, bytes]:
    """The crop as PNG and its hash; raises Unprocessable for what is no picture, or a plain one."""
    sandbox = Sandbox(SandboxLimits.of(settings), detector_of(settings))
    try:
        crop = sandbox.prepare(content).crop
    except PhotoError as error:
        raise Unprocessable(error.detail) from error
    finally:
        sandbox.close()
    taken = perceptual_hash(crop)
    if taken is None:
        raise Unprocessable("The picture is too plain to be told from others.")
    return to_png(crop), taken.direct


def _person(session: Session, email: str) -> User:
    person = find_user(session, email)
    if person is None:
        raise NotFound("There is no enabled user with this e-mail address.")
    return person
