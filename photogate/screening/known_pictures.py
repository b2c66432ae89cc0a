"""Pictures that were seen before: known placeholders, refused ones, and those of other applicants."""

from collections.abc import Sequence
from dataclasses import dataclass

from photogate.screening.checks import Check, not_assessed
from photogate.screening.errors import ProfileError
from photogate.screening.likeness import FURTHEST_BITS, Likeness
from photogate.screening.measurements import Measurements
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode


@dataclass(frozen=True, slots=True)
class KnownPictures:
    """How like two pictures must be to be the same: their hashes differ by at most `most_bits` of 256.

    A known placeholder asks for a photo; people look at what they refused before, and at what another applicant sent.
    """

    most_bits: int

    def __post_init__(self) -> None:
        if type(self.most_bits) is not int or not 0 <= self.most_bits <= FURTHEST_BITS:
            raise ProfileError(f"most_bits {self.most_bits!r} must be a whole number within 0 and {FURTHEST_BITS}")

    @property
    def placeholder(self) -> Check:
        """Comes before the classifier's word: the bank says more exactly what the picture is."""
        return KnownPlaceholder(self.most_bits)

    @property
    def repeated(self) -> Sequence[Check]:
        """Come last: a picture that is no portrait need not be compared with others'."""
        return RefusedBefore(self.most_bits), DuplicatePicture(self.most_bits)


@dataclass(frozen=True, slots=True)
class KnownPlaceholder:
    """The picture must not be one of the bank of placeholders."""

    most_bits: int

    def judge(self, found: Measurements) -> Reason | None:
        """KNOWN_PLACEHOLDER asks for a photo, and the applicant may know why."""
        seen = found.seen.placeholder if found.seen else None
        return _reason(ReasonCode.KNOWN_PLACEHOLDER, Disposition.RETRY, Audience.PUBLIC, seen, self.most_bits)


@dataclass(frozen=True, slots=True)
class RefusedBefore:
    """The picture must not be one that a person refused, whoever sent it."""

    most_bits: int

    def judge(self, found: Measurements) -> Reason | None:
        """REFUSED_BEFORE, for reviewers alone: a second person may see what the first did not."""
        seen = found.seen.refused if found.seen else None
        return _reason(ReasonCode.REFUSED_BEFORE, Disposition.REVIEW, Audience.INTERNAL, seen, self.most_bits)


@dataclass(frozen=True, slots=True)
class DuplicatePicture:
    """The picture must not be another applicant's."""

    most_bits: int

    def judge(self, found: Measurements) -> Reason | None:
        """DUPLICATE_PICTURE, for reviewers alone: that somebody else sent it is nobody else's business."""
        if found.seen is None:
            return not_assessed("known_pictures")
        elsewhere = found.seen.elsewhere
        return _reason(ReasonCode.DUPLICATE_PICTURE, Disposition.REVIEW, Audience.INTERNAL, elsewhere, self.most_bits)


def _reason(
    code: ReasonCode, disposition: Disposition, audience: Audience, seen: Likeness | None, most_bits: int
) -> Reason | None:
    if seen is None or seen.bits > most_bits:
        return None
    return Reason(code, disposition, audience, native=float(seen.bits), threshold=float(most_bits))
