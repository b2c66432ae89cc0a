"""`photogate release`: making signing keys, and checking a release offline at the printer."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from photogate.releases.token import new_key, verify

release = typer.Typer(help="Print releases: make a signing key, verify a token offline.", no_args_is_help=True)

ExistingFile = typer.Argument(exists=True, dir_okay=False, readable=True)


@release.command("new-key")
def make_key(path: Annotated[Path, typer.Argument(help="Where the private key goes; it is never replaced.")]) -> None:
    """Write a new Ed25519 signing key and, beside it, the public key for the printer."""
    typer.echo(f"The public key for the printer is {new_key(path)}")


@release.command("verify")
def check(
    token: Annotated[str, typer.Argument(help="The release token, or @FILE to read it from a file.")],
    photo: Annotated[Path, ExistingFile],
    key: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The public key (PEM).")],
) -> None:
    """Check offline that TOKEN is genuine, not expired and made for exactly the bytes of PHOTO."""
    written = Path(token[1:]).read_text(encoding="ascii") if token.startswith("@") else token
    claims = verify(written.strip(), photo.read_bytes(), key.read_bytes())
    typer.echo(json.dumps(asdict(claims), default=str, indent=2))
