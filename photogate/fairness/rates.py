"""How often each group is treated wrongly by two sets of rules, on the same photos."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from photogate.screening import exact
from photogate.screening.risk import REFUSED, Truth
from photogate.screening.verdicts import Verdict

Judged = Mapping[tuple[str, str, Truth, Verdict, Verdict], int]
"""How many photos: by attribute, its value, what the photo shows, and what the machine says alone, before and after."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many errors among so many photos, and the rates that leaves standing, with 95 % confidence."""

    errors: int
    judged: int

    @property
    def value(self) -> float:
        """The rate that was seen."""
        return self.errors / self.judged

    @property
    def interval(self) -> tuple[float, float]:
        """The lowest and the highest."""
        return exact.interval(self.errors, self.judged)


@dataclass(frozen=True, slots=True)
class GroupErrors:
    """Errors of one kind in one group: placeholders approved, or real faces refused.

    `differs` is how probable it would be by chance that the group's rate differs as much from that of everybody else
    who has another value of the attribute, `worsens` that the rules make it so much worse; both over all groups.
    """

    attribute: str
    value: str
    of: Truth
    was: Rate
    becomes: Rate
    differs: float
    worsens: float

    @property
    def key(self) -> tuple[str, str, Truth]:
        """Which group and which kind of error this is."""
        return self.attribute, self.value, self.of

    @property
    def rise(self) -> float:
        """By how much the rate rises, as a share of the group."""
        return self.becomes.value - self.was.value

    def to_json(self) -> dict[str, Any]:
        """The form that programs read."""
        of = {"attribute": self.attribute, "value": self.value, "of": self.of.value}
        rates = {name: _plain(rate) for name, rate in (("was", self.was), ("becomes", self.becomes))}
        return {**of, **rates, "differs_by_chance": self.differs, "worsens_by_chance": self.worsens}


def group_errors(judged: Judged, least_cases: int = 1) -> Sequence[GroupErrors]:
    """Every group with so many judged photos or more of a kind, the largest rise first."""
    counted = _counted(judged)
    groups = {key: found for key, found in counted.items() if found.judged >= least_cases}
    differs = exact.holm([_differs(key, counted) for key in groups])
    worsens = exact.holm([exact.worsens(found.newly_wrong, found.newly_right) for found in groups.values()])
    found = (
        GroupErrors(*key, Rate(one.was, one.judged), Rate(one.becomes, one.judged), *chances)
        for (key, one), chances in zip(groups.items(), zip(differs, worsens, strict=True), strict=True)
    )
    return sorted(found, key=lambda one: (-one.rise, one.attribute, one.value))


def _plain(rate: Rate) -> dict[str, Any]:
    return {"errors": rate.errors, "judged": rate.judged, "between": list(rate.interval)}


class _Found(NamedTuple):
    """What was counted of one group and kind: wrong before, wrong after, and what is wrong or right only now."""

    judged: int
    was: int
    becomes: int
    newly_wrong: int
    newly_right: int


_Key = tuple[str, str, Truth]


def _counted(judged: Judged) -> dict[_Key, _Found]:
    numbers: dict[_Key, Counter[str]] = {}
    for (attribute, value, shows, was, becomes), count in judged.items():
        before, after = is_wrong(shows, was), is_wrong(shows, becomes)
        said = {"judged": True, "was": before, "becomes": after}
        said |= {"newly_wrong": after and not before, "newly_right": before and not after}
        numbers.setdefault((attribute, value, shows), Counter()).update(
            {name: count * is_so for name, is_so in said.items()}
        )
    return {key: _Found(*(numbers[key][name] for name in _Found._fields)) for key in sorted(numbers)}


def is_wrong(shows: Truth, verdict: Verdict) -> bool:
    """Whether the machine errs: a placeholder is approved, or a real face refused; what goes to people is neither."""
    return verdict is Verdict.APPROVED if shows is Truth.PLACEHOLDER else verdict in REFUSED


def _differs(key: _Key, counted: Mapping[_Key, _Found]) -> float:
    attribute, value, shows = key
    others = _whole(
        found for (its, which, of), found in counted.items() if (its, of) == (attribute, shows) and which != value
    )
    mine = counted[key]
    return exact.differ(mine.becomes, mine.judged, *others)


def _whole(groups: Iterable[_Found]) -> tuple[int, int]:
    found = list(groups)
    return sum(one.becomes for one in found), sum(one.judged for one in found)
