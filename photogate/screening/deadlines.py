"""By when whoever is next has to act, as the issuer sees it."""

from dataclasses import dataclass, fields

from photogate.screening.errors import ProfileError

_LONGEST_DAYS = 3_650


@dataclass(frozen=True, slots=True)
class Deadlines:
    """How many days applicants have to send the photo that was asked for, and issuers to print one that is approved.

    After `hold_days` somebody asks whether a legal hold is still needed.
    """

    applicant_days: int
    issuer_days: int
    hold_days: int

    def __post_init__(self) -> None:
        for field in fields(self):
            days = getattr(self, field.name)
            if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= _LONGEST_DAYS:
                raise ProfileError(f"{field.name} {days} must be a whole number between 1 and {_LONGEST_DAYS}")


USUAL = Deadlines(applicant_days=60, issuer_days=90, hold_days=180)
"""What is shown where a profile says nothing; then nothing expires."""
