"""By what a change of rules was found to be fair: which photos, and the rates of which groups."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from photogate.fairness.rates import GroupErrors
from photogate.screening.fairness import Fairness


class Source(StrEnum):
    """Who says to which groups a photo belongs: clients, of their applicants, or the labels of nobody's photos."""

    APPLICANTS = "applicants"
    LABELLED = "labelled"


@dataclass(frozen=True, slots=True)
class Data:
    """Labelled photos by name and SHA-256, and the SHA-256 of what was measured on them by the models of both rules."""

    name: str
    sha256: str
    measured: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Photos that both rules judged and of which the truth is known, and the errors of every group of enough of them.

    `left_out` photos were judged by people and not scored by the models of both.
    """

    source: Source
    photos: int
    groups: Sequence[GroupErrors]
    left_out: int = 0
    data: Data | None = None

    def besides(self, other: "Evidence") -> "Evidence":
        """This evidence on the groups of which the other tells nothing."""
        told = {one.key for one in other.groups}
        return replace(self, groups=[one for one in self.groups if one.key not in told])

    def to_json(self) -> dict[str, Any]:
        """The form that is kept with a promotion."""
        counted = {"source": self.source.value, "photos": self.photos, "left_out": self.left_out}
        named = {"data": asdict(self.data)} if self.data else {}
        return {**counted, **named, "groups": [one.to_json() for one in self.groups]}


def kept(found: Iterable[Evidence], limits: Fairness) -> Mapping[str, Any]:
    """The evidence and the limits that it kept, as they are kept with a promotion."""
    asked = {name: value for name, value in asdict(limits).items() if name != "attributes"}
    return {"limits": asked, "evidence": [one.to_json() for one in found]}
