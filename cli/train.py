"""`photogate train`: train a network by a recipe."""

from pathlib import Path
from typing import Annotated, Any

import typer

CANNOT_TRAIN = 2
INTERRUPTED = 130


def train(
    recipe: Annotated[str, typer.Argument(help="A recipe's name, or the path of a TOML file.")],
    *,
    data: Annotated[list[Path], typer.Option(help="Folder with manifest.csv and its pictures; give several.")],
    out: Annotated[Path | None, typer.Option(help="Folder of the run; runs/RECIPE without it.")] = None,
    pictures: Annotated[Path | None, typer.Option(help="Folder for decoded pictures, shared by several runs.")] = None,
    minutes: Annotated[float | None, typer.Option(min=0, help="End after so long, wherever the recipe is.")] = None,
    threads: Annotated[int | None, typer.Option(min=1, help="Threads for the network; all cores without it.")] = None,
    changes: Annotated[list[str] | None, typer.Option("--set", help="Change a recipe's value: key=value.")] = None,
) -> None:
    """Train a network; a run that was stopped goes on from its last whole epoch when started again."""
    try:
        from models.training.errors import TrainingError
        from models.training.loop import Asked
        from models.training.loop import train as run
        from models.training.recipe import Recipe
    except ModuleNotFoundError as missing:
        typer.echo(f"Training needs {missing.name}: pip install 'photogate[train]'.", err=True)
        raise typer.Exit(CANNOT_TRAIN) from None

    folder = out or Path("runs") / Path(recipe).stem
    try:
        asked = Asked(tuple(data), folder, pictures or folder / "pictures", minutes, threads)
        metrics = run(Recipe.read(recipe, changes or ()), asked)
    except TrainingError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(CANNOT_TRAIN) from None
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    if metrics:  # one of several processes speaks for all
        _tell(metrics, folder)


def _tell(metrics: dict[str, Any], folder: Path) -> None:
    for file in metrics["unreadable"]:
        typer.echo(f"Left out, as it cannot be read: {file}", err=True)
    for leak in metrics["leaking"]:
        typer.echo(f"Left out, as it would give away a held-out picture: {leak}", err=True)
    kept = metrics["kept"]
    outcome = f"epoch {kept['epoch']} kept, validation accuracy {kept['accuracy']:.2%}" if kept else "nothing learnt"
    ended = f"{metrics['network']} ended by {metrics['ended_by']} after {metrics['epochs']} whole epochs"
    typer.echo(f"{ended}: {outcome}, in {folder}.")
