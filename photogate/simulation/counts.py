"""What is counted while cases are decided again; counts of two stretches of time add up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Self

from photogate.screening.decision import Decision, machine_verdict
from photogate.screening.reasons import ReasonCode
from photogate.screening.risk import REFUSED, Truth
from photogate.screening.verdicts import Verdict
from photogate.simulation.cases import Case

WAS, BECOMES = "was", "becomes"


@dataclass(slots=True)
class Expected:
    """How many placeholders and real faces there are, by the classifier's calibrated probabilities.

    And how many of them are approved and refused: `was` by the decisions on record, `becomes` by the rules on trial.
    """

    placeholders: float = 0.0
    reals: float = 0.0
    approved_was: float = 0.0
    approved_becomes: float = 0.0
    refused_was: float = 0.0
    refused_becomes: float = 0.0

    def add(self, p_real: float, was: Verdict, becomes: Verdict) -> None:
        """Count one photo as the share of a placeholder and of a real face that it is."""
        self.placeholders += 1 - p_real
        self.reals += p_real
        self.approved_was += (was is Verdict.APPROVED) * (1 - p_real)
        self.approved_becomes += (becomes is Verdict.APPROVED) * (1 - p_real)
        self.refused_was += (was in REFUSED) * p_real
        self.refused_becomes += (becomes in REFUSED) * p_real

    def __iadd__(self, other: Self) -> Self:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self


@dataclass(slots=True)
class Counts:
    """How often which verdict became which: by day, by client, and by what a person said or the photo shows.

    `said` and `judged` count what the machine says by itself, without those who wait for a person by chance. `reasons`
    counts cases by reason, before and after; `groups` by an attribute of the applicant and its value, and
    `judged_groups` the same of what photos show, as `judged` does. `left_out` cases were not scored by the model on
    trial, and are counted nowhere else.
    """

    days: Counter[tuple[date, Verdict, Verdict]] = field(default_factory=Counter)
    clients: Counter[tuple[str, Verdict, Verdict]] = field(default_factory=Counter)
    reasons: Counter[tuple[ReasonCode, str]] = field(default_factory=Counter)
    said: Counter[tuple[Verdict, Verdict, Verdict]] = field(default_factory=Counter)
    judged: Counter[tuple[Truth, Verdict, Verdict]] = field(default_factory=Counter)
    groups: Counter[tuple[str, str, Verdict, Verdict]] = field(default_factory=Counter)
    judged_groups: Counter[tuple[str, str, Truth, Verdict, Verdict]] = field(default_factory=Counter)
    expected: Expected = field(default_factory=Expected)
    left_out: int = 0

    @property
    def photos(self) -> int:
        """How many cases were counted."""
        return self.days.total()

    def add(self, day: date, case: Case, now: Decision) -> None:
        """Count one case of a day and what is decided about it now."""
        was, becomes = case.was, now.verdict
        self.days[day, was, becomes] += 1
        self.clients[case.client, was, becomes] += 1
        for group in case.attributes.items():
            self.groups[*group, was, becomes] += 1
        for code in {reason.code for reason in case.reasons}:
            self.reasons[code, WAS] += 1
        for code in {reason.code for reason in now.reasons}:
            self.reasons[code, BECOMES] += 1
        if case.found.p_real is not None:
            self.expected.add(case.found.p_real, was, becomes)
        self.judge(case, now)

    def judge(self, case: Case, now: Decision) -> None:
        """Count what a person said of one case, if somebody did, beside what the machine says by itself."""
        if case.said is None:
            return
        alone = machine_verdict(case.reasons), machine_verdict(now.reasons)
        self.said[case.said.verdict, *alone] += 1
        if (shows := case.said.shows) is not None:
            self.judged[shows, *alone] += 1
            for group in case.attributes.items():
                self.judged_groups[*group, shows, *alone] += 1

    def __iadd__(self, other: Self) -> Self:
        for name in (*_COUNTERS, "expected"):
            mine = getattr(self, name)
            mine += getattr(other, name)
        self.left_out += other.left_out
        return self

    def to_json(self) -> dict[str, Any]:
        """The form that is kept; `from_json` reads it back."""
        kept: dict[str, Any] = {
            name: [[*map(str, key), count] for key, count in getattr(self, name).items()] for name in _COUNTERS
        }
        expected = [getattr(self.expected, each.name) for each in fields(Expected)]
        return kept | {"expected": expected, "left_out": self.left_out}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote."""
        read: dict[str, Any] = {name: _read(kept.get(name, ()), kinds) for name, kinds in _COUNTERS.items()}
        return cls(**read, expected=Expected(*kept["expected"]), left_out=kept.get("left_out", 0))


_COUNTERS: Mapping[str, tuple[Any, ...]] = {
    "days": (date.fromisoformat, Verdict, Verdict),
    "clients": (str, Verdict, Verdict),
    "reasons": (ReasonCode, str),
    "said": (Verdict, Verdict, Verdict),
    "judged": (Truth, Verdict, Verdict),
    "groups": (str, str, Verdict, Verdict),
    "judged_groups": (str, str, Truth, Verdict, Verdict),
}
"""What each key is made of, to read it back."""


def _read(rows: Iterable[list[Any]], kinds: tuple[Any, ...]) -> Counter[Any]:
    return Counter({tuple(kind(part) for kind, part in zip(kinds, row, strict=False)): row[-1] for row in rows})
