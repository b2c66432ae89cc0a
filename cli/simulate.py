"""`photogate simulate`: what other rules would have decided about the photos of the last days."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.orm import Session

from cli.rules import recorded
from cli.simulation_tables import tables
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.errors import NotFound
from photogate.fairness.rates import group_errors
from photogate.promotions import queries
from photogate.promotions.policy import live_profile
from photogate.screening.profile import IssuerProfile, parse_profile
from photogate.settings import get_settings
from photogate.simulation.counts import Counts
from photogate.simulation.service import Archive, Question, simulate
from photogate.simulation.summary import Summary

PROCESSES = 2


def simulate_(
    profile: Annotated[
        str | None,
        typer.Argument(help="A file PROFILE.toml, a profile's name, or NAME@VERSION on record; else the live one."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(help="NAME@VERSION of a model: by its scores, of the photos that it decided or judged beside."),
    ] = None,
    days: Annotated[int, typer.Option(help="So many days, today included, in UTC.")] = 90,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, for programs.")] = False,
) -> None:
    """Decide the photos of the last days again by other rules, and show what changes; nothing is decided by it."""
    settings = get_settings()
    archive = Archive(settings.database_url, settings.master_keys)
    with recorded() as session:
        on_trial = model and queries.model(session, model).reference
        question = Question.last(days, _profile(session, profile), datetime.now(UTC).date(), on_trial)
    counts = _counted(archive, question)
    found, groups = Summary.of(counts, question.profile, days), group_errors(counts.judged_groups)
    if as_json:
        asked = {"profile": question.profile.reference, "model": model}
        period = {"from": str(question.since), "to": str(question.until)}
        errors = {"group_errors": [one.to_json() for one in groups]}
        typer.echo(json.dumps({**asked, **period, **found.to_json(), **errors}))
        return
    for table in tables(question, found, groups):
        Console().print(table)


def _profile(session: Session, named: str | None) -> IssuerProfile:
    """The profile in a file, on record, that comes with Photogate, or that is live; raises NotFound, ProfileError."""
    if named is None:
        return live_profile(session, get_settings().issuer_profile)
    if named.endswith(".toml"):
        if not Path(named).is_file():
            raise NotFound(f"There is no file {named}.")
        return parse_profile(Path(named).read_text())
    if "@" in named:
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
