"""`photogate demo`: the whole house on one machine, with the samples going through it."""

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from cli.samples import Outcome, SampleRun, read_expected
from embedded.stack import Ports, Stack
from photogate.access import users
from photogate.access.keys import create_key
from photogate.access.tables import Role, Scope
from photogate.database import Database
from photogate.screening.measurements import Measurements

SAMPLES = Path("samples")
DIRECTORY = Path(".photogate/demo")
PEOPLE = {
    Role.REVIEWER: "reviewer@demo.example",
    Role.AUDITOR: "auditor@demo.example",
    Role.ADMIN: "admin@demo.example",
}
ACTOR = "user:demo"

STAGES = ("decode", "detect", "crop", "quality", "review_copy", "classify")

console = Console()


def demo(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Stop after the table; exit 0 only if all is as expected.")
    ] = False,
    directory: Annotated[Path, typer.Option(help="Where the demo keeps its data.")] = DIRECTORY,
    api_port: Annotated[int, typer.Option(help="The API's port.")] = 8000,
    review_port: Annotated[int, typer.Option(help="The review pages' port.")] = 8001,
) -> None:
    """Start everything on this machine, submit samples/ through the API and show what is decided."""
    begun = time.monotonic()
    with Stack(directory, Ports(api=api_port, review=review_port)) as stack:
        with console.status("Starting …") as status:
            stack.start(lambda step: status.update(f"Starting {step} …"))
        started = time.monotonic()
        outcomes = _submit_samples(stack)
        decided = time.monotonic()
        console.print(_table(outcomes))
        is_fine = all(outcome.is_as_expected for outcome in outcomes)
        _summarise(directory, startup_s=started - begun, decided_s=decided - started, ok=is_fine)
        console.print(
            f"Up in {started - begun:.1f} s, {len(outcomes)} samples decided in {decided - started:.1f} s, "
            f"{'all as expected' if is_fine else '[bold red]not all as expected[/]'}."
        )
        if once:
            raise typer.Exit(0 if is_fine else 1)
        _keep_serving(stack)


def _submit_samples(stack: Stack) -> list[Outcome]:
    database = Database(stack.settings.database_url)
    with database.transaction() as session:
        key = create_key(session, "demo", [Scope.PHOTO_WRITE, Scope.APPLICATION_READ, Scope.PRINT_RELEASE], actor=ACTOR)
    samples = read_expected(SAMPLES)
    with (
        httpx.Client(base_url=stack.settings.api_url, headers={"Authorization": f"Bearer {key}"}, timeout=30) as api,
        Progress(TextColumn("Samples"), BarColumn(), MofNCompleteColumn(), console=console, transient=True) as progress,
    ):
        bar = progress.add_task("samples", total=len(samples))
        return SampleRun(api, database, SAMPLES).outcomes(samples, lambda: progress.advance(bar))


def _table(outcomes: Sequence[Outcome]) -> Table:
    table = Table(header_style="bold", box=None)
    for heading in ("", "File", "Verdict", "Reasons", "p(real)", "Faces", "ms per stage"):
        table.add_column(heading, no_wrap=heading not in {"Verdict", "Reasons"}, overflow="fold")
    table.caption = f"ms per stage: {'/'.join(STAGES)}"
    table.caption_justify = "left"
    for outcome in outcomes:
        wanted = [] if outcome.is_as_expected else [f"[red]expected {outcome.expected.verdict}[/]"]
        table.add_row(
            "[green]✓[/]" if outcome.is_as_expected else "[bold red]✗[/]",
            outcome.expected.file,
            "\n".join([outcome.verdict, *wanted]),
            "\n".join(outcome.reasons),
            *_figures(outcome.found),
        )
    return table


def _figures(found: Measurements | None) -> tuple[str, str, str]:
    if found is None or found.p_real is None or found.faces is None:
        return "", "", ""
    return f"{found.p_real:.4f}", str(len(found.faces)), "/".join(f"{found.ms[stage]:.0f}" for stage in STAGES)


def _summarise(directory: Path, *, startup_s: float, decided_s: float, ok: bool) -> None:
    summary = {"startup_s": round(startup_s, 2), "decided_s": round(decided_s, 2), "ok": ok}
    (directory / "summary.json").write_text(json.dumps(summary) + "\n")


def _keep_serving(stack: Stack) -> None:
    settings = stack.settings
    console.print(f"\nAPI           {settings.api_url}/docs\nReview pages  {settings.review_url}")
    with Database(settings.database_url).transaction() as session:
        for role, email in PEOPLE.items():
            user = users.find_user(session, email) or users.create_user(
                session, email, f"Demo {role}", role, actor=ACTOR
            )
            link = users.create_link(session, user, actor=ACTOR)
            console.print(f"Sign in once as {role:<9} {settings.review_url}/sign-in/link?token={link}")
    console.print("\nServing until Ctrl-C.")
    try:
        stack.watch()
    except KeyboardInterrupt:
        console.print("Stopping …")
