"""`photogate user`: people who work in the review pages."""

import sys
from typing import Annotated

import typer

from photogate.access import users
from photogate.access.tables import Role
from photogate.database import Database
from photogate.errors import NotFound
from photogate.settings import Settings, get_settings

user = typer.Typer(help="People who work in the review pages.", no_args_is_help=True)

ACTOR = "user:command-line"
Email = Annotated[str, typer.Argument(help="The person's e-mail address.")]


@user.command("create")
def create(
    email: Email,
    name: Annotated[str, typer.Option(help="The name that colleagues and auditors read.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.REVIEWER,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read a password from standard input; else print a sign-in link.")
    ] = False,
) -> None:
    """Add a person; without a password, print a link that signs them in once."""
    settings, password = get_settings(), _password() if password_stdin else None
    with Database(settings.database_url).transaction() as session:
        added = users.create_user(session, email, name, role, password, actor=ACTOR)
        if password is None:
            typer.echo(link_to(settings, users.create_link(session, added, actor=ACTOR)))


@user.command("link")
def link(email: Email) -> None:
    """Print a link that signs this person in once, within 24 hours."""
    settings = get_settings()
    with Database(settings.database_url).transaction() as session:
        found = users.find_user(session, email)
        if found is None:
            raise NotFound("There is no enabled user with this e-mail address.")
        typer.echo(link_to(settings, users.create_link(session, found, actor=ACTOR)))


@user.command("role")
def change_role(
    email: Email, role: Annotated[Role, typer.Argument(help="What the person may do from now on.")]
) -> None:
    """Give a person another role, from their next request on."""
    with Database(get_settings().database_url).transaction() as session:
        users.change_role(session, email, role, actor=ACTOR)


@user.command("disable")
def disable(email: Email) -> None:
    """Shut a person out, from their next request on."""
    with Database(get_settings().database_url).transaction() as session:
        users.disable_user(session, email, actor=ACTOR)


def link_to(settings: Settings, token: str) -> str:
    """The address behind which `token` signs somebody in."""
    return f"{settings.review_url.rstrip('/')}/sign-in/link?token={token}"


def _password() -> str:
    return sys.stdin.readline().rstrip("\r\n")
