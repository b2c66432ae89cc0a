"""`photogate release`: the signing keys of print releases. A release itself is verified by `python -m printing`."""

from pathlib import Path
from typing import Annotated

import typer

from photogate.releases.keys import key_set, new_key, published_keys
from photogate.settings import get_settings

release = typer.Typer(help="Print releases: make a signing key, print the keys for printers.", no_args_is_help=True)


@release.command("new-key")
def make_key(path: Annotated[Path, typer.Argument(help="Where the private key goes; it is never replaced.")]) -> None:
    """Write a new Ed25519 signing key and, beside it, the public key."""
    typer.echo(f"The public key is {new_key(path)}; publish it a day before the key signs.")


@release.command("keys")
def keys() -> None:
    """Print the key set that printers save, as `/v1/print-keys` serves it."""
    settings = get_settings()
    typer.echo(key_set(published_keys(settings.signing_key_file, settings.published_keys_folder)))
