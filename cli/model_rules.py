"""`photogate models propose | approve | withdraw | rollback | diff`: changing which model decides."""

from typing import Annotated

import typer

from cli import rules
from photogate.promotions import differences, models
from photogate.promotions.models import ModelFacts
from photogate.promotions.service import Change
from photogate.promotions.tables import ModelRole
from photogate.settings import get_settings

Reference = Annotated[str, typer.Argument(help="The exact name@version.")]


def propose(reference: Reference, by: rules.By, because: rules.Because, *, shadow: rules.Shadow = False) -> None:
    """Propose that another model decides, once it verifies here; it does when a second admin approves."""
    told = _verified(reference)
    with rules.asked_by(by) as (session, person):
        models.record(session, told)
        change = Change(model=reference) if told.role is ModelRole.CLASSIFIER else Change(camera=reference)
        rules.propose(session, person, change, because, shadow=shadow)


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


def add_to(app: typer.Typer) -> None:
    """Put these commands beside those that need no database."""
    for command in (propose, rollback, diff, rules.approve, rules.withdraw):
        app.command(command.__name__)(command)


def _verified(reference: str) -> ModelFacts:
    from models.registry import Registry, verify
    from worker.policy import facts

    registry = Registry(get_settings().models_folder)
    verify(registry.find(reference), registry)
    return facts(registry.exactly(reference), registry)
