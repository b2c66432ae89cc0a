"""Everything that shapes a run besides the pictures, as a TOML file says it."""

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from models.training.errors import TrainingError

RECIPES = Path(__file__).with_name("recipes")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """One run's hyperparameters; a file leaves out what stays as it is here. docs/training.md explains each.

    A number of 0 means that the thing is not done (`patience`, `clip_norm`, `head_only_epochs`) or not limited
    (`views_per_epoch`: every picture once; `validation_pictures`: all of them).
    """

    network: str
    input_px: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]

    views: Literal["source", "service"]
    sampling: Literal["pictures", "sources"]
    validation: Literal["a_fifth", "calibration"]
    hard_examples: bool = False
    generated_are_faces: bool = False
    drawings: int = 0
    renders: int = 0
    views_per_epoch: int = 0
    validation_pictures: int = 0

    epochs: int
    batch: int
    optimizer: Literal["adam", "adamw"]
    learning_rate: float
    weight_decay: float = 0.0
    schedule: Literal["constant", "plateau", "one_cycle"]
    plateau_patience: int = 10
    plateau_factor: float = 0.1
    label_smoothing: float = 0.0
    balanced_loss: bool = False
    clip_norm: float = 0.0
    mixed_precision: bool = False
    average: bool = False
    patience: int = 0
    min_delta: float = 0.0
    keep: Literal["best_accuracy", "best_loss", "last"]
    head_only_epochs: int = 0
    start_from: str = ""
    start_sha256: str = ""
    seed: int = 2611

    @classmethod
    def read(cls, name: str, changes: Iterable[str] = ()) -> Self:
        """Read a recipe that comes with the code by its name, or any other by its path; raises `TrainingError`.

        A change is `key=value` with the value as TOML writes it, or a bare word.
        """
        path = Path(name) if name.endswith(".toml") else RECIPES / f"{name}.toml"
        try:
            written = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise TrainingError(f"There is no recipe {name!r}; there are {', '.join(recipe_names())}.") from None
        except (OSError, ValueError) as error:
            raise TrainingError(f"The recipe {path} cannot be read: {error}.") from error
        return cls.of({**written, **dict(map(_change, changes))}, f"The recipe {name}")

    @classmethod
    def of(cls, written: Mapping[str, Any], what: str) -> Self:
        """Check names, types and choices; raises `TrainingError` that begins with `what`."""
        known = {field.name for field in fields(cls)}
        needed = {field.name for field in fields(cls) if field.default is MISSING}
        if unknown := sorted(written.keys() - known):
            raise TrainingError(f"{what} has a key that means nothing: {unknown[0]!r}.")
        if missing := sorted(needed - written.keys()):
            raise TrainingError(f"{what} does not say {missing[0]!r}.")
        kinds = get_type_hints(cls)
        fitting: dict[str, Any] = {key: _fitting(kinds[key], value, f"{what}: {key}") for key, value in written.items()}
        return cls(**fitting)

    def as_json(self) -> dict[str, Any]:
        """What JSON keeps of it; `of` reads it back."""
        return {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(self).items()}

    def differences(self, other: "Recipe") -> list[str]:
        """The keys in which two recipes are not the same."""
        return [key for key, value in asdict(self).items() if value != getattr(other, key)]


def recipe_names() -> list[str]:
    """The recipes that come with the code."""
    return sorted(path.stem for path in RECIPES.glob("*.toml"))


def _change(written: str) -> tuple[str, Any]:
    key, separator, value = written.partition("=")
    if not separator:
        raise TrainingError(f"A change is written key=value, not {written!r}.")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()


def _fitting(kind: object, value: object, what: str) -> object:
    """The value as the field's type; a whole number also stands for a number, a list for a tuple."""
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise TrainingError(f"{what} is one of {', '.join(get_args(kind))}, not {value!r}.")
        return value
    if get_origin(kind) is tuple:
        return _three_numbers(value, what)
    if kind is float and type(value) is int:
        value = float(value)
    if type(value) is not kind:
        raise TrainingError(f"{what} is {_A_WORD_FOR[kind]}, not {value!r}.")
    if isinstance(value, float) and not math.isfinite(value):
        raise TrainingError(f"{what} is a finite number, not {value!r}.")
    if isinstance(value, int | float) and value < 0:
        raise TrainingError(f"{what} is not below zero, as {value!r} is.")
    return value


def _three_numbers(value: object, what: str) -> tuple[float, ...]:
    if not isinstance(value, list | tuple) or len(value) != 3 or not all(type(n) in {int, float} for n in value):  # noqa: PLR2004 - red, green, blue
        raise TrainingError(f"{what} is three numbers, one for each of red, green and blue, not {value!r}.")
    return tuple(float(number) for number in value)


_A_WORD_FOR: Mapping[object, str] = {int: "a whole number", float: "a number", bool: "true or false", str: "text"}
