"""What an issuer's policy would make of the scores: who is approved, who is asked again, who goes to people."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from models.evaluation.errors import Rate
from models.evaluation.measured import Measured
from models.preparation import Prepared


class Route(StrEnum):
    """Where a picture goes without anybody looking, or to people."""

    APPROVED = "approved"
    REFUSED = "refused"
    TO_PEOPLE = "to people"


Policy = Callable[[Prepared, float, float | None], Route]
"""Sends one prepared picture with its p_real and its strangeness on its way."""


@dataclass(frozen=True, slots=True)
class Routed:
    """How many pictures of each class went where."""

    real: dict[Route, int]
    other: dict[Route, int]

    @property
    def automatic(self) -> Rate:
        """The share that nobody needs to look at; here what is counted is no error."""
        automatic = self._count(Route.APPROVED) + self._count(Route.REFUSED)
        return Rate.counted(automatic, automatic + self._count(Route.TO_PEOPLE))

    @property
    def wrong(self) -> Rate:
        """Of what is automatic, the share decided wrongly: real faces refused, anything else approved."""
        automatic = self._count(Route.APPROVED) + self._count(Route.REFUSED)
        return Rate.counted(self.real[Route.REFUSED] + self.other[Route.APPROVED], automatic)

    @property
    def real_refused(self) -> Rate:
        """BPCER of the policy."""
        return Rate.counted(self.real[Route.REFUSED], sum(self.real.values()))

    @property
    def other_approved(self) -> Rate:
        """APCER of the policy."""
        return Rate.counted(self.other[Route.APPROVED], sum(self.other.values()))

    @property
    def real_to_people(self) -> Rate:
        """Real faces that wait for a person."""
        return Rate.counted(self.real[Route.TO_PEOPLE], sum(self.real.values()))

    def _count(self, route: Route) -> int:
        return self.real[route] + self.other[route]


def routed(measured: Measured, policy: Policy) -> Routed:
    """Send every measured picture on its way."""
    real, other = dict.fromkeys(Route, 0), dict.fromkeys(Route, 0)
    pictures = measured.pictures
    strangeness = [None] * len(pictures) if measured.strangeness is None else measured.strangeness.tolist()
    scored = zip(pictures.examples, pictures.prepared, measured.p_real.tolist(), strangeness, strict=True)
    for example, photo, p_real, strange in scored:
        (real if example.is_real else other)[policy(photo, p_real, strange)] += 1
    return Routed(real, other)
