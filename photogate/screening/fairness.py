"""What an issuer asks of a change of rules: that no group of applicants is treated worse by it than so much."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from photogate.screening.errors import ProfileError

_HIGHEST_RATE = 0.5
_MOST_DAYS = 3_660
_MOST_ATTRIBUTES, _MOST_VALUES, _MOST_CHARS = 8, 20, 40


@dataclass(frozen=True, slots=True)
class Fairness:
    """A promotion may raise no group's error rate by more than `worsens_at_most`, as a share of the group.

    A rise counts when it is no chance at the level `alpha`, over all groups together, in a group of which people
    judged `least_cases` photos or more within the last `days`. `attributes` are what clients may say of an applicant,
    each with the values that it can have.
    """

    worsens_at_most: float
    alpha: float
    least_cases: int
    attributes: Mapping[str, Sequence[str]]
    days: int = 365

    def __post_init__(self) -> None:
        if not _is_number(self.worsens_at_most) or not 0 <= self.worsens_at_most < _HIGHEST_RATE:
            raise ProfileError(f"worsens_at_most {self.worsens_at_most} must lie within 0 and {_HIGHEST_RATE}")
        if not _is_number(self.alpha) or not 0 < self.alpha < _HIGHEST_RATE:
            raise ProfileError(f"alpha {self.alpha} must lie between 0 and {_HIGHEST_RATE}")
        if not _is_count(self.least_cases):
            raise ProfileError(f"least_cases {self.least_cases} must be a whole number from 1 on")
        if not _is_count(self.days) or self.days > _MOST_DAYS:
            raise ProfileError(f"days {self.days} must be a whole number from 1 to {_MOST_DAYS}")
        _require_vocabulary(self.attributes)


def _require_vocabulary(attributes: object) -> None:
    if not isinstance(attributes, Mapping) or not 1 <= len(attributes) <= _MOST_ATTRIBUTES:
        raise ProfileError(f"attributes must name 1 to {_MOST_ATTRIBUTES} attributes, each with its values")
    for name, values in attributes.items():
        if not isinstance(name, str) or not name.isidentifier() or len(name) > _MOST_CHARS:
            raise ProfileError(f"the attribute {name!r} must be called by letters, digits and underscores")
        if (
            not isinstance(values, list | tuple)
            or not 1 < len(values) <= _MOST_VALUES
            or not all(map(_is_word, values))
        ):
            raise ProfileError(f"the attribute {name} must have 2 to {_MOST_VALUES} values, each a short text")
        if len(set(values)) < len(values):
            raise ProfileError(f"the attribute {name} has a value twice")


def _is_word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _MOST_CHARS and value.isprintable() and value == value.strip()


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
