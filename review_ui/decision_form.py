"""The decision form: what was ticked and typed, and what is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from photogate.errors import Unprocessable
from photogate.screening.reasons import PLAIN_WORDS, REVIEWER_CODES, ReasonCode
from photogate.screening.verdicts import Verdict

MAX_NOTE_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Choice:
    """One reason that can be ticked."""

    code: str
    words: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class DecisionForm:
    """The form as it is shown; `problem` says why it is shown again."""

    ticked: frozenset[ReasonCode] = frozenset()
    note: str = ""
    problem: str = ""

    @property
    def choices(self) -> Iterator[Choice]:
        """The reasons for a refusal, most frequent first."""
        for code in REVIEWER_CODES:
            yield Choice(code.value, PLAIN_WORDS[code].rstrip("."), code in self.ticked)

    @property
    def clean_note(self) -> str:
        """The note with plain line ends; browsers send a carriage return with each."""
        return self.note.replace("\r\n", "\n").strip()

    def check(self, verdict: Verdict) -> None:
        """Raise Unprocessable for what the form itself does not allow; the reasons are the service's to judge."""
        if verdict is Verdict.APPROVED and self.ticked:
            raise Unprocessable("An approval has no reasons. Untick them, or refuse the photo.")
        if len(self.clean_note) > MAX_NOTE_LENGTH:
            raise Unprocessable(f"The note can have {MAX_NOTE_LENGTH:,} characters at most.")

    def refused(self, problem: str) -> Self:
        """The same form with what is wrong."""
        return replace(self, problem=problem)
