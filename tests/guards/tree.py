"""What the guards read: the committed files and the compose file."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


def committed() -> list[Path]:
    """Every file that git knows of and that is still there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def committed_text() -> Iterator[tuple[Path, str]]:
    """Every committed file that is text, with its content."""
    for path in committed():
        try:
            yield path.relative_to(ROOT), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue


def compose_services() -> dict[str, dict[str, Any]]:
    """The services of docker-compose.yml by name, anchors resolved."""
    services: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    return services
