"""Which cases two people look at, and when two people mean the same."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from photogate.screening.errors import ProfileError
from photogate.screening.reasons import Reason, ReasonCode
from photogate.screening.risk import REFUSED, truth
from photogate.screening.sampling import is_drawn, require_seed, require_share
from photogate.screening.verdicts import Verdict

Kind = TypeVar("Kind", bound=StrEnum)


class Group(StrEnum):
    """Cases that have something in common: what was drawn for the sample, and what the first person says."""

    SAMPLED = "sampled"
    APPROVED_AGAINST_MACHINE = "approved_against_machine"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Said:
    """What one person says of a photo."""

    verdict: Verdict
    codes: tuple[ReasonCode, ...] = ()

    def agrees_with(self, other: "Said") -> bool:
        """Whether both come to the same verdict, and see the same in the photo: a face, none, or who can tell.

        Two people may refuse a portrait for different flaws; that the one sees a face and the other a cartoon is no
        agreement.
        """
        return self.verdict is other.verdict and truth(self.verdict, self.codes) is truth(other.verdict, other.codes)

    def joined_by(self, other: "Said") -> "Said":
        """What both say together: each reason once."""
        return Said(self.verdict, tuple(dict.fromkeys((*self.codes, *other.codes))))


@dataclass(frozen=True, slots=True)
class FourEyes:
    """A second person is asked where one of the reasons was given, by machine or person, in the groups, and by chance.

    A share `share` of the cases is drawn by the application's id and the seed.
    """

    reasons: tuple[ReasonCode, ...]
    groups: tuple[Group, ...]
    share: float
    seed: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "reasons", _members("reason", ReasonCode, self.reasons))
        object.__setattr__(self, "groups", _members("group of cases", Group, self.groups))
        require_share("share", self.share)
        require_seed("seed", self.seed)
        if not self.reasons and not self.groups and not self.share:
            raise ProfileError("four_eyes asks for nobody: name a reason, a group of cases or a share, or leave it out")

    def asks_beforehand(self, application_id: UUID, found: Iterable[Reason]) -> bool:
        """Whether two people look at a case whatever the first of them says."""
        codes = {reason.code for reason in found}
        drawn = is_drawn(application_id.bytes, share=self.share, seed=self.seed)
        return drawn or self._names(codes) or (Group.SAMPLED in self.groups and ReasonCode.QUALITY_SAMPLE in codes)

    def asks_after(self, application_id: UUID, found: Collection[Reason], machine: Verdict, said: Said) -> bool:
        """Whether what the first person says of a case, where the machine alone says `machine`, needs a second word."""
        against = said.verdict is Verdict.APPROVED and machine in REFUSED
        return (
            self.asks_beforehand(application_id, found)
            or self._names(said.codes)
            or (against and Group.APPROVED_AGAINST_MACHINE in self.groups)
            or (said.verdict is Verdict.REJECTED and Group.REJECTED in self.groups)
        )

    def _names(self, codes: Iterable[ReasonCode]) -> bool:
        return not set(self.reasons).isdisjoint(codes)


def _members(noun: str, kind: type[Kind], written: object) -> tuple[Kind, ...]:
    """The members of these names, as a record or a profile lists them."""
    if not isinstance(written, list | tuple):
        raise ProfileError(f"four_eyes wants a list of each {noun}, and not {written!r}")
    unknown = [name for name in written if name not in list(kind)]
    if unknown:
        raise ProfileError(f"{unknown[0]!r} is no {noun} that is known")
    return tuple(kind(name) for name in written)
