"""By what a change of rules was found to be fair: which photos, and the rates of which groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from photogate.fairness.rates import GroupErrors
from photogate.screening.fairness import Fairness


class Source(StrEnum):
    """Who says to which groups a photo belongs: clients, of their applicants, or the labels of nobody's photos."""

    APPLICANTS = "applicants"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Photos that both rules judged and of which the truth is known, and the errors of every group of enough of them.

    `left_out` photos were judged by people and not scored by the models of both.
    """

    source: Source
    photos: int
    groups: Sequence[GroupErrors]
    left_out: int = 0

    def to_json(self) -> dict[str, Any]:
        """The form that is kept with a promotion."""
        counted = {"source": self.source.value, "photos": self.photos, "left_out": self.left_out}
        return {**counted, "groups": [one.to_json() for one in self.groups]}


def kept(found: Iterable[Evidence], limits: Fairness) -> Mapping[str, Any]:
    """The evidence and the limits that it kept, as they are kept with a promotion."""
    asked = {name: value for name, value in asdict(limits).items() if name != "attributes"}
    return {"limits": asked, "evidence": [one.to_json() for one in found]}
