"""The `photogate` command: one line a command here, the command itself in a file of its own, loaded when it runs."""

import importlib
import sys
from collections.abc import Sequence
from typing import NamedTuple

import typer


class Command(NamedTuple):
    """Where a command is, as `module:name`, and its line in the list of commands."""

    where: str
    does: str


COMMANDS = {
    "check": Command("cli.check:check", "Screen files and folders and print the verdicts."),
    "evaluate": Command(
        "cli.evaluate:evaluate", "Measure models on pictures whose truth is known, and write a report."
    ),
    "data": Command("cli.data:data", "Folders of pictures for training and evaluation."),
    "demo": Command("cli.demo:demo", "Start everything on this machine and send the samples through it."),
    "worker": Command("cli.worker:worker", "Work on photos until SIGTERM."),
    "relay": Command("cli.worker:relay", "Speak up for photos that are due, until SIGTERM."),
    "models": Command(
        "cli.models:models",
        "The models: list, verify, pull, combine; propose another, measure it, approve it, roll back.",
    ),
    "train": Command("cli.train:train", "Train a network by a recipe."),
    "migrate": Command("cli.migrate:migrate", "Bring the database to this version's schema."),
    "audit": Command("cli.audit:audit", "The event log: checkpoints, proofs, exports; verify them, replay decisions."),
    "key": Command("cli.keys:key", "API keys of clients."),
    "user": Command("cli.users:user", "People who work in the review pages."),
    "privacy": Command("cli.privacy:privacy", "Applicants' data: erase, hold, export, and the keys above it."),
    "profiles": Command("cli.profiles:profiles", "The policies: list, compare, propose another, approve, roll back."),
    "mandates": Command("cli.mandates:mandates", "What models may decide alone, and letting them again."),
    "simulate": Command("cli.simulate:simulate_", "What other rules would have decided about the last days' photos."),
    "known-pictures": Command(
        "cli.known_pictures:known_pictures", "Known placeholders: add one from a file, list, remove."
    ),
    "golden": Command("cli.golden:golden", "Photos whose answer is known, mixed into reviewers' queues."),
    "release": Command("cli.release:release", "Print releases: signing keys, and approvals that are taken back."),
    "webhooks": Command("cli.webhooks:webhooks", "Where clients are told of their print releases."),
}


def program(arguments: Sequence[str]) -> typer.Typer:
    """The command line, of which only the command that `arguments` ask for is loaded."""
    wanted = next((argument for argument in arguments if not argument.startswith("-")), None)
    app = typer.Typer(
        help="The gate between applicants' photos and the ID-card printer.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    for name, command in COMMANDS.items():
        if name == wanted:
            _add(app, name, command)
        else:
            app.command(name, help=command.does)(_not_loaded)
    return app


def _add(app: typer.Typer, name: str, command: Command) -> None:
    module, _, attribute = command.where.partition(":")
    loaded = getattr(importlib.import_module(module), attribute)
    if isinstance(loaded, typer.Typer):
        app.add_typer(loaded, name=name)
    else:
        app.command(name)(loaded)


def _not_loaded() -> None:
    """Stand in the list of commands; the one that runs is always loaded."""


def main() -> None:
    """Run one command; an error that was to be expected is one sentence on standard error and exit code 1."""
    arguments = sys.argv[1:]
    try:
        program(arguments)(arguments)
    except Exception as error:
        from cli.sentences import sentence_for

        sentence = sentence_for(error)
        if sentence is None:
            raise
        typer.echo(sentence, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
