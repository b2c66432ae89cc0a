"""`photogate models`: which models there are, whether they are what they say, and which of them serve."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli.model_rules import add_to
from photogate.settings import get_settings

if TYPE_CHECKING:
    from models.known import Pulled
    from models.registry import Registry

models = typer.Typer(
    help="The models: list, verify, pull, combine; propose another, measure it, approve it, roll back.",
    no_args_is_help=True,
)
add_to(models)

BAD_INPUT = 2


@models.command("list")
def list_models() -> None:
    """List every model, which version serves, and what its thresholds promise."""
    from cli.model_views import models_table
    from models.known import KNOWN

    registry, pulled = _registry()
    Console().print(models_table(registry.listed(), pulled.present()))
    missing = Table("can be pulled", "size", "what for", box=None)
    for name, known in KNOWN.items():
        missing.add_row(name, known.size, known.purpose)
    Console().print(missing)


@models.command()
def verify(
    references: Annotated[
        list[str] | None, typer.Argument(help="name or name@version; every model unless given.")
    ] = None,
) -> None:
    """Check every file's SHA-256, start every network, and compare the policy with what the model promises."""
    from cli.model_views import verified_lines
    from models.artifacts import ArtifactError
    from photogate.applications.profiles import load_profile

    registry, pulled = _registry()
    limits = load_profile(get_settings().issuer_profile).real_photo
    wanted = references or [listed.reference for listed in registry.listed()]
    failed = False
    for reference in wanted:
        try:
            for line in verified_lines(reference, registry, limits):
                typer.echo(line)
        except ArtifactError as error:
            failed = True
            typer.echo(f"{reference}: {error}", err=True)
    for name in [] if references else pulled.present():
        try:
            pulled.path(name)
            typer.echo(f"{name}: as it was pulled.")
        except ArtifactError as error:
            failed = True
            typer.echo(f"{name}: {error}", err=True)
    if failed:
        raise typer.Exit(1)


@models.command()
def pull(
    name: Annotated[str, typer.Argument(help="yunet, retinaface_resnet50 or resnet50; see `photogate models list`.")],
    where: Annotated[str, typer.Argument(help="A path, or an https:// address of its publisher.")],
    sha256: Annotated[str, typer.Option(help="The SHA-256 that its publisher names.")],
) -> None:
    """Fetch the weights of an alternative; nothing is kept whose SHA-256 differs."""
    from cli.download import DownloadFailed, fetched
    from models.artifacts import ArtifactError

    _, pulled = _registry()
    try:
        path = pulled.keep(name, where, sha256, fetched)
    except (ArtifactError, DownloadFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    typer.echo(f"{name} is in {path}.")


@models.command()
def promote(reference: Annotated[str, typer.Argument(help="The exact name@version that shall serve.")]) -> None:
    """Let one version serve where nothing decides yet, from the next start of a worker on; refused unless it verifies.

    What decides is changed by `photogate models propose` and a second person.
    """
    from cli import promoting
    from models.artifacts import ArtifactError

    registry, _ = _registry()
    try:
        before = promoting.promote(get_settings(), registry, reference)
    except ArtifactError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    typer.echo(f"{reference} serves from the next start of a worker on (before: {before or 'none'}).")


@models.command()
def combine(
    ensemble: Annotated[str, typer.Argument(metavar="NAME@VERSION", help="What the new ensemble is called.")],
    members: Annotated[list[str], typer.Argument(metavar="MEMBER…", help="name or name@version; =2 counts it twice.")],
    *,
    data: Annotated[
        Path, typer.Option(help="Folder of pictures with a manifest.csv, whose calibration split is read.")
    ],
    alpha: Annotated[float, typer.Option(min=0.0001, max=0.5, help="Placeholders approved at most.")] = 0.01,
    beta: Annotated[float, typer.Option(min=0.0001, max=0.5, help="Real faces refused at most.")] = 0.005,
    confidence: Annotated[float, typer.Option(min=0.5, max=0.9999, help="That both hold.")] = 0.95,
) -> None:
    """Let several models answer as one: calibrate them together and keep the ensemble in the models' folder."""
    try:
        from cli import combining
        from models.calibration.risk_control import Aims, CannotPromise
    except ModuleNotFoundError as missing:
        typer.echo(f"Combining models needs {missing.name}: pip install 'photogate[train]'.", err=True)
        raise typer.Exit(BAD_INPUT) from None
    from models.artifacts import ArtifactError
    from models.evaluation.pictures import EvaluationError

    try:
        combined = combining.combine(ensemble, members, data, Aims(alpha, beta, confidence))
    except (ArtifactError, CannotPromise, EvaluationError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    for file in combined.skipped:
        typer.echo(f"Skipped {file.file}: {file.why}", err=True)
    manifest = combined.manifest
    typer.echo(f"{manifest.reference} answers for {', '.join(member.model for member in manifest.members)}.")
    typer.echo(manifest.guarantee.sentence if manifest.guarantee else "It promises nothing.")


def _registry() -> tuple["Registry", "Pulled"]:
    from models.known import Pulled
    from models.registry import Registry

    folder = get_settings().models_folder
    return Registry(folder), Pulled(folder)
