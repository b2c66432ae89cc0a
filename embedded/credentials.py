"""Secrets of the embedded services: random for each data directory, in files that only their owner reads."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Replace the file as a whole; nobody else may read it, not even for a moment."""
    fresh = path.with_name(f"{path.name}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)


def kept(path: Path, fresh: str) -> str:
    """The secret in this file, which begins with `fresh` in it."""
    if not path.exists():
        write_private(path, fresh)
    return path.read_text()
