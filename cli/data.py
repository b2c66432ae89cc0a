"""`photogate data`: folders of pictures for training and evaluation."""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import track

if TYPE_CHECKING:
    from models.training.errors import TrainingError

data = typer.Typer(help="Folders of pictures for training and evaluation.", no_args_is_help=True)

FAULTS_FOUND, BAD_INPUT = 1, 2


@data.command("check")
def check(
    folder: Annotated[Path, typer.Option("--data", help="Folder of pictures with a manifest.csv.")],
) -> None:
    """Check a folder: its table, every picture, and that nothing is in two splits."""
    from models.training.inspection import inspect
    from models.training.manifest import ManifestError

    try:
        found = inspect(folder, lambda rows, total: _track(rows, total, "Looking at pictures"))
    except ManifestError as error:
        _refuse(error)
    for note in found.notes:
        typer.echo(f"Note: {note}.")
    for fault in found.faults:
        typer.echo(f"{fault}.", err=True)
    splits = ", ".join(f"{count} {split}" for split, count in found.splits.items())
    if found.faults:
        plural = "s" if len(found.faults) > 1 else ""
        typer.echo(f"{len(found.faults)} fault{plural} in {found.pictures} pictures ({splits}).", err=True)
        raise typer.Exit(FAULTS_FOUND)
    typer.echo(f"{found.pictures} pictures are in order: {splits}.")


@data.command("avatars")
def avatars(
    out: Annotated[Path, typer.Option(help="A new or empty folder for the pictures and their manifest.csv.")],
    work: Annotated[Path | None, typer.Option(help="Where npm installs; a temporary folder unless given.")] = None,
) -> None:
    """Gather placeholders from avatar and emoji libraries of the npm registry (needs npm and node)."""
    from models.training.avatars.gather import gather
    from models.training.avatars.packages import AvatarError, packages

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        typer.echo(f"{out} exists and is not an empty folder.", err=True)
        raise typer.Exit(BAD_INPUT)
    with tempfile.TemporaryDirectory() as temporary:
        try:
            rows = gather(packages(), out, work or Path(temporary), lambda files, name: _track(files, len(files), name))
        except AvatarError as error:
            _refuse(error)
        except OSError as error:
            typer.echo(f"The pictures cannot be written to {out}: {error.strerror}.", err=True)
            raise typer.Exit(BAD_INPUT) from None
    typer.echo(f"{len(rows)} pictures of {len({row.source_repo for row in rows})} styles are in {out}.")


def _refuse(error: "TrainingError") -> NoReturn:
    words = str(error)
    typer.echo(f"{words[:1].upper()}{words[1:].rstrip('.')}.", err=True)
    raise typer.Exit(BAD_INPUT)


def _track(steps: Iterable[Any], total: int, name: str) -> Iterable[Any]:
    return track(steps, name, total=total, console=Console(stderr=True), transient=True)
