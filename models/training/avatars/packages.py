"""Which packages hold pictures for training, and how they come from the registry."""

import json
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from models.training.errors import TrainingError

_HERE = Path(__file__).parent
_NPM_QUIETLY = ("--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps", "--loglevel=error")
_MINUTES_S = 1200


class AvatarError(TrainingError):
    """The packages cannot be had or drawn."""


@dataclass(frozen=True, slots=True)
class Emoji:
    """A package of ready pictures named by code point, and how many of what to take."""

    package: str
    version: str
    licence: str
    pictures: str
    people: int
    faces: int
    animals: int
    things: int


@dataclass(frozen=True, slots=True)
class Drawn:
    """A package that draws, and how many pictures to ask it for, of each of its styles."""

    package: str
    version: str
    licence: str
    each: int


@dataclass(frozen=True, slots=True)
class Packages:
    """The whole list; `runtime` is what the drawing ones need beside them."""

    runtime: tuple[str, ...]
    emoji_names: str
    emoji: tuple[Emoji, ...]
    drawn: tuple[Drawn, ...]

    @property
    def all(self) -> tuple[Emoji | Drawn, ...]:
        """Every package that pictures come from."""
        return self.emoji + self.drawn

    @property
    def specifications(self) -> list[str]:
        """What npm is asked to install: every package at its version."""
        return [*self.runtime, *(f"{package.package}@{package.version}" for package in self.all)]


def packages() -> Packages:
    """Read packages.toml."""
    table = tomllib.loads((_HERE / "packages.toml").read_text(encoding="utf-8"))
    return Packages(
        runtime=tuple(table["runtime"]),
        emoji_names=table["emoji_names"],
        emoji=tuple(Emoji(**entry) for entry in table["emoji"]),
        drawn=tuple(Drawn(**entry) for entry in table["drawn"]),
    )


def install(wanted: Packages, place: Path) -> None:
    """Let npm put the packages under place/node_modules, their scripts unrun; AvatarError where it cannot."""
    place.mkdir(parents=True, exist_ok=True)
    (place / "package.json").write_text(json.dumps({"name": "avatars", "private": True, "type": "module"}))
    _run([_program("npm"), "install", *_NPM_QUIETLY, *wanted.specifications], place)


def draw(package: Drawn, place: Path) -> list[Path]:
    """Let one installed package draw; the SVG files, in the order of their names."""
    script, out = place / "draw.mjs", place / "drawn" / package.package.replace("/", "-")
    shutil.copyfile(_HERE / "draw.mjs", script)  # node looks for packages beside the script
    _run([_program("node"), script.name, package.package, str(package.each), str(out)], place)
    return sorted(out.glob("*/*.svg"))


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise AvatarError(f"{name} is needed to fetch and draw avatars and is not installed")
    return found


def _run(command: list[str], place: Path) -> None:
    try:
        done = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=_MINUTES_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AvatarError(f"{Path(command[0]).name} did not finish: {error}") from None
    if done.returncode:
        said = next((line for line in done.stderr.splitlines() if "rror" in line), "no reason given")
        raise AvatarError(f"{Path(command[0]).name} failed: {said.strip()}")
