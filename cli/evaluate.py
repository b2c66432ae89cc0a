"""`photogate evaluate`: measure models on pictures whose truth is known."""

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

if TYPE_CHECKING:
    from cli.evaluating import Evaluated, SideBySide
    from models.evaluation.compare import Difference

BAD_INPUT = 2
_PIPED_COLUMNS = 160


def evaluate(
    models: Annotated[list[str], typer.Argument(metavar="MODEL…", help="name@version, name, or an artifact's folder.")],
    *,
    data: Annotated[Path, typer.Option(help="Folder of pictures with a manifest.csv.")],
    split: Annotated[str, typer.Option(help="Which of its pictures: test, calibration or train.")] = "test",
    compare: Annotated[bool, typer.Option("--compare", help="Put several models side by side.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for report.html and report.json.")] = Path("evaluation"),
    profile: Annotated[str, typer.Option(help="The issuer profile whose decisions are counted.")] = "default",
    robustness: Annotated[int, typer.Option(min=0, help="Pictures to make worse step by step; 0 for none.")] = 200,
    drawn: Annotated[int, typer.Option(min=0, help="Placeholders to draw of each kind; 0 for none.")] = 20,
    labelled: Annotated[int, typer.Option(min=0, help="Labelled faces to take from other splits; 0 for none.")] = 800,
) -> None:
    """Measure a model on pictures that it never saw, and write a report."""
    _require(models, several=compare)
    if find_spec("matplotlib") is None:
        typer.echo(
            "The report is drawn with matplotlib, which is not installed: it comes with photogate[train].", err=True
        )
        raise typer.Exit(BAD_INPUT)
    from cli import evaluating
    from models.artifacts import ArtifactError
    from models.evaluation.evaluation import Wanted
    from models.evaluation.pictures import EvaluationError
    from photogate.screening.errors import ProfileError

    try:
        wanted = Wanted(data, evaluating.split_called(split), robustness, drawn, labelled)
        if compare:
            _show_comparison(evaluating.evaluate_several(models, wanted, profile, out, _track))
        else:
            _show(evaluating.evaluate_one(models[0], wanted, profile, out, _track))
    except (ArtifactError, EvaluationError, ProfileError) as error:
        typer.echo(f"{str(error)[:1].upper()}{str(error)[1:].rstrip('.')}.", err=True)
        raise typer.Exit(BAD_INPUT) from None
    except OSError as error:
        typer.echo(f"The report cannot be written to {out}: {error.strerror}.", err=True)
        raise typer.Exit(BAD_INPUT) from None


def _require(models: list[str], *, several: bool) -> None:
    if several and len(models) == 1:
        typer.echo("A comparison needs two models or more.", err=True)
        raise typer.Exit(BAD_INPUT)
    if not several and len(models) > 1:
        typer.echo(f"{len(models)} models were named; --compare puts several side by side.", err=True)
        raise typer.Exit(BAD_INPUT)


def _show(evaluated: "Evaluated") -> None:
    found = evaluated.found
    shipped = found.points[0]
    table = Table("Figure", "Value", "", header_style="bold", box=None)
    for name, rate in (
        ("APCER: others accepted", shipped.apcer),
        ("BPCER: real faces refused", shipped.bpcer),
        ("automatic under the profile", found.routed.automatic),
        ("wrong of these", found.routed.wrong),
    ):
        table.add_row(name, f"{rate.value:.2%}", f"{rate.wrong} of {rate.of}, 95 % {rate.low:.2%} to {rate.high:.2%}")
    table.add_row("ROC-AUC", f"{found.roc.area:.5f}", "")
    table.add_row("ECE", f"{found.ece:.2%}", "")
    table.add_row(
        "ms a picture",
        f"{found.cost.total_ms:.1f}",
        f"the model alone {found.cost.score_ms:.1f}, of the processor {found.cost.score_cpu_ms:.1f}",
    )
    for part in found.sources[:3]:
        if part.at[0].wrong:
            table.add_row(f"worst: {part.name}", f"{part.at[0].value:.2%}", f"{part.at[0].wrong} of {part.at[0].of}")
    _console().print(table)
    _tell(evaluated)


def _show_comparison(found: "SideBySide") -> None:
    table = Table("Model", "APCER", "BPCER", "AUC", "automatic", "ms", header_style="bold", box=None)
    for row in found.rows:
        shipped, clear = row.compared.points[0], row.compared.against_first
        table.add_row(
            row.model,
            f"{shipped.apcer.value:.2%}{_difference(clear.get('apcer'), '.2%')}",
            f"{shipped.bpcer.value:.2%}{_difference(clear.get('bpcer'), '.2%')}",
            f"{row.compared.roc.area:.5f}{_difference(clear.get('auc'), '.5f')}",
            f"{row.routed.automatic.value:.1%}",
            f"{row.cost.score_cpu_ms:.1f}",
        )
    _console().print(table)
    _console().print(f"In brackets: the paired 95 % interval of the difference to {found.rows[0].model}.")
    _tell(found)


def _difference(found: "Difference | None", form: str) -> str:
    return f" ({found.low:+{form}} to {found.high:+{form}})" if found else ""


def _tell(found: "Evaluated | SideBySide") -> None:
    skipped = found.ground.pictures.skipped
    for file in skipped:
        typer.echo(f"Skipped {file.file}: {file.why}", err=True)
    typer.echo(f"Report: {found.written.html}, figures: {found.written.json}")


def _console() -> Console:
    wide = Console()
    return wide if wide.is_terminal else Console(width=_PIPED_COLUMNS)


def _track(steps: Iterable[Any], total: int, name: str) -> Iterable[Any]:
    return track(steps, name, total=total, console=Console(stderr=True), transient=True)
