"""What an issuer lets the machine decide alone: how often it may be wrong, and whether people's verdicts agree."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from photogate.screening.confidence import ErrorBound, Trials
from photogate.screening.errors import ProfileError
from photogate.screening.reasons import ReasonCode
from photogate.screening.sampling import is_drawn, require_seed, require_share
from photogate.screening.verdicts import Verdict

_HIGHEST_RATE = 0.5
_NO_REAL_PHOTO = {ReasonCode.PLACEHOLDER_IMAGE, ReasonCode.FACE_NOT_FOUND}
_NOBODY_CAN_TELL = {ReasonCode.FILE_UNREADABLE, ReasonCode.AI_GENERATED_SUSPECTED, ReasonCode.DIGITALLY_EDITED}
REFUSED = {Verdict.REJECTED, Verdict.RESUBMISSION_REQUESTED}


class Truth(StrEnum):
    """What a photo shows, as a person said."""

    PLACEHOLDER = "placeholder"
    REAL = "real"


def truth(verdict: Verdict, codes: Collection[ReasonCode]) -> Truth | None:
    """What a person's verdict says of the photo; None where it does not settle whether a real face was photographed.

    A portrait with closed eyes is refused, and is a real face.
    """
    if verdict is Verdict.APPROVED:
        return Truth.REAL
    if _NOBODY_CAN_TELL & set(codes):
        return None
    return Truth.PLACEHOLDER if _NO_REAL_PHOTO & set(codes) else Truth.REAL


@dataclass(frozen=True, slots=True)
class Tally:
    """The sampled photos of each class, and how many of them the machine would have treated wrongly by itself."""

    placeholders: int = 0
    placeholders_approved: int = 0
    reals: int = 0
    reals_refused: int = 0

    def counting(self, shows: Truth | None, machine: Verdict, times: int = 1) -> "Tally":
        """With one more photo about which the machine had said `machine`; with one less where `times` is -1."""
        if shows is Truth.PLACEHOLDER:
            wrong = machine is Verdict.APPROVED
            return replace(
                self,
                placeholders=self.placeholders + times,
                placeholders_approved=self.placeholders_approved + times * wrong,
            )
        if shows is Truth.REAL:
            wrong = machine in REFUSED
            return replace(self, reals=self.reals + times, reals_refused=self.reals_refused + times * wrong)
        return self


@dataclass(frozen=True, slots=True)
class Estimate:
    """A running estimate of one error rate: between `low` and `high`, whenever one looks."""

    at_most: float
    errors: int
    judged: int
    low: float
    high: float
    is_refuted: bool

    @classmethod
    def of(cls, bound: ErrorBound, trials: Trials) -> "Estimate":
        """What these trials say of a bound."""
        low, high = bound.interval(trials)
        return cls(bound.at_most, trials.errors, trials.judged, low, high, bound.is_refuted(trials))


@dataclass(frozen=True, slots=True)
class Estimates:
    """Both estimates, which hold together."""

    placeholders_approved: Estimate
    reals_refused: Estimate


@dataclass(frozen=True, slots=True)
class Risk:
    """The bound in force: of placeholders at most so many are approved, of real faces refused, but for `delta`.

    A share `sample_share` of the applications, drawn by their id and `sample_seed` before anything is measured, is
    confirmed by people before the machine's verdict holds; 0 draws none. Each class takes half of delta, so that both
    bounds hold together.
    """

    placeholders_approved: float
    reals_refused: float
    delta: float
    sample_share: float
    sample_seed: str

    def __post_init__(self) -> None:
        for name in ("placeholders_approved", "reals_refused", "delta"):
            value = getattr(self, name)
            if not _is_number(value) or not 0 < value < _HIGHEST_RATE:
                raise ProfileError(f"{name} {value} must lie between 0 and {_HIGHEST_RATE}")
        require_share("sample_share", self.sample_share)
        require_seed("sample_seed", self.sample_seed)

    def draws(self, application_id: UUID) -> bool:
        """Whether an application belongs to the sample: always the same answer, and nothing of the photo is in it."""
        return is_drawn(application_id.bytes, share=self.sample_share, seed=self.sample_seed)

    @property
    def bounds(self) -> tuple[ErrorBound, ErrorBound]:
        """What is claimed of placeholders, and of real faces."""
        each = self.delta / 2
        return ErrorBound(self.placeholders_approved, each), ErrorBound(self.reals_refused, each)

    def estimates(self, tally: Tally) -> Estimates:
        """What people's verdicts say of both bounds by now."""
        placeholders, reals = self.bounds
        return Estimates(
            Estimate.of(placeholders, Trials(tally.placeholders_approved, tally.placeholders)),
            Estimate.of(reals, Trials(tally.reals_refused, tally.reals)),
        )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
