"""`photogate simulate`: what other rules would have decided about the photos of the last days."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.simulation_tables import tables
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.database import Database
from photogate.errors import NotFound
from photogate.fairness.rates import group_errors
from photogate.screening.profile import IssuerProfile, parse_profile
from photogate.settings import get_settings
from photogate.simulation.counts import Counts
from photogate.simulation.service import Archive, Question, simulate
from photogate.simulation.summary import Summary

PROCESSES = 2


def simulate_(
    profile: Annotated[str, typer.Argument(help="A file PROFILE.toml, a profile's name, or NAME@VERSION on record.")],
    days: Annotated[int, typer.Option(help="So many days, today included, in UTC.")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")] = False,
) -> None:
    """Decide the photos of the last days again by other rules, and show what changes; nothing is decided by it."""
    settings = get_settings()
    archive = Archive(settings.database_url, settings.master_keys)
    question = Question.last(days, _profile(profile, settings.database_url), datetime.now(UTC).date())
    counts = _counted(archive, question)
    found, groups = Summary.of(counts, question.profile, days), group_errors(counts.judged_groups)
    if as_json:
        asked = {"profile": question.profile.reference, "from": str(question.since), "to": str(question.until)}
        typer.echo(json.dumps({**asked, **found.to_json(), "group_errors": [one.to_json() for one in groups]}))
        return
    for table in tables(question, found, groups):
        Console().print(table)


def _profile(named: str, database_url: str) -> IssuerProfile:
    """The profile in a file, on record, or one that comes with Photogate; raises NotFound, ProfileError."""
    if named.endswith(".toml"):
        if not Path(named).is_file():
            raise NotFound(f"There is no file {named}.")
        return parse_profile(Path(named).read_text())
    if "@" in named:
        with Database(database_url).transaction() as session:
            return policies.recorded(session, named)
    return load_profile(named)


def _counted(archive: Archive, question: Question) -> Counts:
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task("days", total=len(question.days))
        return simulate(
            archive,
            question,
            lambda done, whole: bars.update(bar, completed=done, total=whole),
            processes=PROCESSES,
        )
