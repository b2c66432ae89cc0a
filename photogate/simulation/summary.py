"""What the counts of a simulation come to, for people and for programs."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from photogate.screening.profile import IssuerProfile
from photogate.screening.risk import REFUSED
from photogate.screening.verdicts import Verdict
from photogate.simulation.counts import BECOMES, WAS, Counts

Group = TypeVar("Group", str, date)


class Shift(NamedTuple):
    """A number as it was, and as it becomes."""

    was: float = 0
    becomes: float = 0


Verdicts = Mapping[Verdict, Shift]
"""How many photos got each verdict."""


@dataclass(frozen=True, slots=True)
class ExpectedErrors:
    """Errors of one kind by the calibrated probabilities, among so many photos; `allowed` is None without a bound."""

    among: float
    allowed: float | None
    errors: Shift


@dataclass(frozen=True, slots=True)
class Summary:
    """What would have been decided instead of what was.

    `judged` is how many photos people judged; `approved_refused` how many of them the machine approves and people
    refused, `refused_approved` the other way round. `left_out` photos were not scored by the model on trial.
    """

    photos: int
    left_out: int
    changed: int
    verdicts: Verdicts
    moved: Mapping[tuple[Verdict, Verdict], int]
    reviews_a_day: Shift
    judged: int
    approved_refused: Shift
    refused_approved: Shift
    placeholders_approved: ExpectedErrors
    reals_refused: ExpectedErrors
    reasons: Mapping[str, Shift]
    clients: Mapping[str, Verdicts]
    groups: Mapping[str, Verdicts]
    days: Mapping[date, Verdicts]

    @classmethod
    def of(cls, counts: Counts, profile: IssuerProfile, days: int) -> "Summary":
        """What counts of so many days come to, under the bound of the profile that was tried."""
        moved = _moved(counts)
        verdicts = _verdicts(moved)
        review = verdicts[Verdict.IN_REVIEW]
        return cls(
            photos=counts.photos,
            left_out=counts.left_out,
            changed=sum(count for (was, becomes), count in moved.items() if was is not becomes),
            verdicts=verdicts,
            moved=moved,
            reviews_a_day=Shift(review.was / days, review.becomes / days),
            judged=sum(counts.said.values()),
            approved_refused=_contradicted(counts, lambda said, machine: said in REFUSED and machine is _APPROVED),
            refused_approved=_contradicted(counts, lambda said, machine: said is _APPROVED and machine in REFUSED),
            placeholders_approved=_placeholders(counts, profile),
            reals_refused=_reals(counts, profile),
            reasons=_reasons(counts),
            clients=_grouped(counts.clients),
            groups=_grouped(_named(counts)),
            days=_grouped(counts.days),
        )

    def to_json(self) -> dict[str, Any]:
        """The form that programs read."""
        return {
            "photos": self.photos,
            "left_out": self.left_out,
            "changed": self.changed,
            "verdicts": _plain(self.verdicts),
            "moved": [{"was": was, "becomes": becomes, "photos": n} for (was, becomes), n in self.moved.items()],
            "reviews_a_day": self.reviews_a_day._asdict(),
            "judged_by_people": self.judged,
            "approved_although_refused_by_people": self.approved_refused._asdict(),
            "refused_although_approved_by_people": self.refused_approved._asdict(),
            "placeholders_approved": _errors(self.placeholders_approved),
            "real_faces_refused": _errors(self.reals_refused),
            "reasons": {code: shift._asdict() for code, shift in self.reasons.items()},
            "clients": {client: _plain(verdicts) for client, verdicts in self.clients.items()},
            "groups": {group: _plain(verdicts) for group, verdicts in self.groups.items()},
            "days": {day.isoformat(): _plain(verdicts) for day, verdicts in self.days.items()},
        }


_APPROVED = Verdict.APPROVED


def _moved(counts: Counts) -> Counter[tuple[Verdict, Verdict]]:
    moved: Counter[tuple[Verdict, Verdict]] = Counter()
    for (_, was, becomes), count in counts.days.items():
        moved[was, becomes] += count
    return moved


def _verdicts(moved: Mapping[tuple[Verdict, Verdict], int]) -> Verdicts:
    return {
        verdict: Shift(
            sum(count for (was, _), count in moved.items() if was is verdict),
            sum(count for (_, becomes), count in moved.items() if becomes is verdict),
        )
        for verdict in Verdict
    }


def _grouped(counted: Mapping[tuple[Group, Verdict, Verdict], int]) -> dict[Group, Verdicts]:
    groups: dict[Group, Counter[tuple[Verdict, Verdict]]] = {}
    for (group, was, becomes), count in counted.items():
        groups.setdefault(group, Counter())[was, becomes] += count
    return {group: _verdicts(groups[group]) for group in sorted(groups)}


def _named(counts: Counts) -> dict[tuple[str, Verdict, Verdict], int]:
    counted = counts.groups.items()
    return {(f"{attribute}: {value}", was, becomes): count for (attribute, value, was, becomes), count in counted}


def _contradicted(counts: Counts, is_against: Callable[[Verdict, Verdict], bool]) -> Shift:
    counted = counts.said.items()
    return Shift(
        sum(count for (said, was, _), count in counted if is_against(said, was)),
        sum(count for (said, _, becomes), count in counted if is_against(said, becomes)),
    )


def _placeholders(counts: Counts, profile: IssuerProfile) -> ExpectedErrors:
    found, risk = counts.expected, profile.risk
    errors = Shift(found.approved_was, found.approved_becomes)
    allowed = None if risk is None else risk.placeholders_approved * found.placeholders
    return ExpectedErrors(found.placeholders, allowed, errors)


def _reals(counts: Counts, profile: IssuerProfile) -> ExpectedErrors:
    found, risk = counts.expected, profile.risk
    errors = Shift(found.refused_was, found.refused_becomes)
    return ExpectedErrors(found.reals, None if risk is None else risk.reals_refused * found.reals, errors)


def _reasons(counts: Counts) -> dict[str, Shift]:
    """The most frequent ones first."""
    codes = {code: Shift(counts.reasons[code, WAS], counts.reasons[code, BECOMES]) for code, _ in counts.reasons}
    return dict(sorted(codes.items(), key=lambda item: (-max(item[1]), item[0])))


def _plain(verdicts: Verdicts) -> dict[str, dict[str, float]]:
    return {verdict.value: shift._asdict() for verdict, shift in verdicts.items()}


def _errors(found: ExpectedErrors) -> dict[str, Any]:
    return {"among": found.among, "allowed": found.allowed, "expected": found.errors._asdict()}
