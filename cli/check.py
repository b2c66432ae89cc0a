"""`photogate check`: screen files and folders on this machine, exactly as a worker would."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from photogate.settings import get_settings

if TYPE_CHECKING:
    from cli.checking import Checked
    from photogate.screening.measurements import Measurements

COLOURS = {"approved": "green", "in_review": "yellow", "resubmission_requested": "magenta", "refused": "red"}
NO_SUCH_PATH = 2
INTERRUPTED = 130
PIPED_COLUMNS = 240


def check(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders; a folder stands for all files in it.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")] = False,
    draw: Annotated[Path | None, typer.Option(help="Folder for copies with box and scores drawn onto them.")] = None,
) -> None:
    """Screen photos on this machine and print verdict, reasons and scores; nothing is kept or sent anywhere."""
    for path in paths:
        if not path.exists():
            typer.echo(f"There is no file or folder {legible(path)}.", err=True)
            raise typer.Exit(NO_SUCH_PATH)
    try:
        checked = _drawn(_checked(paths), draw) if draw else _checked(paths)
        if as_json:
            _print_lines(checked)
        else:
            _console().print(_table(checked))
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _checked(paths: list[Path]) -> Iterator["Checked"]:
    """Check one file after the other, with a progress bar on standard error."""
    from cli.checking import Checker, files_under

    files = list(files_under(paths))
    columns = TextColumn("Checking"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with (
        Checker(get_settings()) as checker,
        Progress(*columns, console=Console(stderr=True), transient=True) as progress,
    ):
        for file in progress.track(files):
            yield checker.check(file)


def _drawn(checked: Iterator["Checked"], folder: Path) -> Iterator["Checked"]:
    """Pass everything through, and leave a drawing of each photo behind."""
    from cli.drawing import annotated

    for one in checked:
        if one.review_copy is not None:
            place = folder / one.file.place
            target = place if place.suffix.lower() in {".jpg", ".jpeg"} else place.with_name(f"{place.name}.jpg")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(annotated(one.review_copy, one.report))
        yield one


def _print_lines(checked: Iterator["Checked"]) -> None:
    for one in checked:
        # Line by line: whoever reads the other end need not wait for the last file.
        print(json.dumps(one.report.to_json(file=legible(one.file.path))), flush=True)  # noqa: T201 - the command's output


def _console() -> Console:
    """As wide as the terminal; where nobody is looking, wide enough for any name."""
    wide = Console()
    return wide if wide.is_terminal else Console(width=PIPED_COLUMNS)


def _table(checked: Iterator["Checked"]) -> Table:
    table = Table(
        "File", "Verdict", "Reasons", "p(real)", "Faces", "Weakest measure", "ms", header_style="bold", box=None
    )
    for one in checked:
        report = one.report
        found = report.found
        table.add_row(
            Text(legible(one.file.path), overflow="fold"),
            Text(report.verdict, COLOURS.get(report.verdict, "")),
            ", ".join(report.codes),
            "" if found.p_real is None else f"{found.p_real:.4f}",
            "" if found.faces is None else str(len(found.faces)),
            _weakest(found),
            f"{sum(found.ms.values()):.0f}" if found.ms else "",
        )
    return table


def _weakest(found: "Measurements") -> str:
    """The quality measure with the lowest score, with the score; 0 is bad, 100 good."""
    assessed = [(measure.score, name) for name, measure in found.quality.items() if measure.score is not None]
    score, name = min(assessed, default=(0, ""))
    return f"{name.replace('_', ' ')} {score:.0f}" if assessed else ""


def legible(path: Path) -> str:
    """A file's name without what would confuse a terminal: control characters and bytes that are no text."""
    return "".join(letter if letter.isprintable() else "�" for letter in str(path))
