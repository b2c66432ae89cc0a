"""`photogate models propose | measure | approve | withdraw | rollback | diff`: changing which model decides."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track
from sqlalchemy.orm import Session

from cli import rules
from photogate.errors import Conflict
from photogate.fairness import labelled
from photogate.promotions import differences, models, service
from photogate.promotions.models import ModelFacts
from photogate.promotions.queries import Rules
from photogate.promotions.service import Change
from photogate.promotions.tables import ModelRole
from photogate.settings import get_settings

Reference = Annotated[str, typer.Argument(help="The exact name@version.")]


def propose(reference: Reference, by: rules.By, because: rules.Because, *, shadow: rules.Shadow = False) -> None:
    """Propose that another model decides, once it verifies here; it does when a second admin approves."""
    told = _verified(reference)
    with rules.asked_by(by) as (session, person):
        models.record(session, told)
        rules.propose(session, person, _change(told), because, shadow=shadow)


def rollback(by: rules.By, because: rules.Because) -> None:
    """Propose the model that was live before the one that is; the policy stays."""
    with rules.asked_by(by) as (session, person):
        rules.propose(session, person, Change(model=rules.earlier(session, "model")), because, shadow=False)


def diff(before: Reference, after: Reference) -> None:
    """Say in words what two models on record promise differently."""
    with rules.recorded() as session:
        one, other = (models.recorded(session, name, ModelRole.CLASSIFIER).facts for name in (before, after))
    for difference in differences.of_models(one, other):
        typer.echo(str(difference))


def measure(
    labels: Annotated[Path, typer.Argument(help="A CSV of photos: file, label (real or placeholder), their groups.")],
    by: rules.By,
    model: Annotated[str | None, typer.Option(help="The exact name@version of another model.")] = None,
) -> None:
    """Measure labelled photos with the models that decide, and with another, for the gate of fairness."""
    from cli.measuring import measured

    with rules.asked_by(by) as (session, _):
        wanted = _measuring(session, model)
    console = Console(stderr=True)
    found = measured(get_settings(), labels, wanted, lambda photos: track(photos, "Measuring", console=console))
    with rules.asked_by(by) as (session, person):
        for one in found:
            row = labelled.record(session, person, one)
            typer.echo(f"{len(row.photos):,} photos of {row.name}, SHA-256 {row.sha256}, measured by {row.model}.")


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those that need no database."""
    for command in (propose, rollback, diff, measure, rules.approve, rules.withdraw):
        app.command(command.__name__)(command)


def _measuring(session: Session, model: str | None) -> list[Rules]:
    """The live rules, and those with another model; each model verifies here and is on record. Raises Conflict."""
    there = service.live(session)
    if there is None:
        raise Conflict("Nothing decides yet: a worker adopts what the settings name at its first start.")
    change = _change(_verified(model)) if model else Change()
    wanted = list(dict.fromkeys([there.rules, change.of(there.rules)]))
    for name in {name for one in wanted for name in (one.model, one.camera) if name}:
        models.record(session, _verified(name))
    return wanted


def _change(model: ModelFacts) -> Change:
    is_classifier = model.role is ModelRole.CLASSIFIER
    return Change(model=model.reference) if is_classifier else Change(camera=model.reference)


def _verified(reference: str) -> ModelFacts:
    from models.registry import Registry, verify
    from worker.policy import facts

    registry = Registry(get_settings().models_folder)
    verify(registry.find(reference), registry)
    return facts(registry.exactly(reference), registry)
