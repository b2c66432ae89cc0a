"""`photogate profiles`: the policies on record, and changing which one decides."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from cli import rules
from photogate.applications import policies
from photogate.applications.profiles import load_profile
from photogate.errors import NotFound
from photogate.promotions import differences, queries, service
from photogate.promotions.service import Change
from photogate.promotions.tables import Slot

profiles = typer.Typer(help="The policies: list, compare, propose another, approve, roll back.", no_args_is_help=True)
profiles.command("approve")(rules.approve)
profiles.command("withdraw")(rules.withdraw)

Reference = Annotated[str, typer.Argument(help="name@version, as `photogate profiles list` shows it.")]


@profiles.command("list")
def list_() -> None:
    """Show every policy on record, what is live, and what waits for a second person."""
    with rules.recorded() as session:
        there = {slot: queries.in_force(session, slot) for slot in Slot}
        shown = Table("policy", "on record since", "now", "SHA-256")
        for kept in queries.policies(session):
            now = [slot.value for slot, force in there.items() if force and force.rules.policy == kept.reference]
            shown.add_row(kept.reference, f"{kept.created_at:%Y-%m-%d %H:%M}", ", ".join(now), kept.sha256[:12])
        Console().print(shown)
        rules.show_standing(session)


@profiles.command("show")
def show(reference: Reference) -> None:
    """Print a policy as it is on record."""
    with rules.recorded() as session:
        typer.echo(json.dumps(policies.recorded(session, reference).to_json(), indent=2))


@profiles.command("diff")
def diff(before: Reference, after: Reference) -> None:
    """Say in words what one policy asks differently from another."""
    with rules.recorded() as session:
        one, other = (policies.recorded(session, reference).to_json() for reference in (before, after))
    for difference in differences.of_profiles(one, other):
        typer.echo(str(difference))


@profiles.command("propose")
def propose(
    profile: Annotated[
        str, typer.Argument(help="A TOML file, the name of a profile that comes with Photogate, or name@version.")
    ],
    by: rules.By,
    because: rules.Because,
    *,
    shadow: rules.Shadow = False,
) -> None:
    """Propose that another policy decides; it does once a second admin approves."""
    with rules.asked_by(by) as (session, person):
        if "@" in profile:
            reference = profile
        elif Path(profile).is_file():
            reference = service.put_profile(session, Path(profile).read_text(encoding="utf-8")).reference
        elif profile.isidentifier():
            shipped = load_profile(profile)
            policies.record(session, shipped)
            reference = shipped.reference
        else:
            raise NotFound(f"There is no file {profile}.")
        rules.propose(session, person, Change(policy=reference), because, shadow=shadow)


@profiles.command("rollback")
def rollback(by: rules.By, because: rules.Because) -> None:
    """Propose the policy that was live before the one that is; the models stay."""
    with rules.asked_by(by) as (session, person):
        rules.propose(session, person, Change(policy=rules.earlier(session, "policy")), because, shadow=False)


@profiles.command("no-shadow")
def no_shadow(by: rules.By, because: rules.Because) -> None:
    """Propose that nothing judges beside what decides any more."""
    with rules.asked_by(by) as (session, person):
        rules.told(service.propose_no_shadow(session, person, because))
