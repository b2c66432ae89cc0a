"""What came out when a decision was computed again, in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from photogate.applications.tables import DecisionRecord
from photogate.jobs.replays import RECORD_CHANGED, NotReplayed, Replayed, Told
from photogate.screening.verdicts import Verdict
from review_ui.words import VERDICTS, Moment, moment, plain_words

SCORES = {
    "p_real": "A real photo of a person",
    "strangeness": "Unusual",
    "p_ai_generated": "Made by a generator",
}
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Line:
    """One thing as it was recorded, and as it comes out now."""

    name: str
    then: str
    now: str


@dataclass(frozen=True, slots=True)
class ReplayView:
    """The answer; `lines` is empty when the decision could not be computed again."""

    decision_id: UUID
    application_id: UUID
    decided: Moment
    headline: str
    tone: str
    words: str
    lines: tuple[Line, ...]


def replay_view(made: DecisionRecord, answer: Replayed | NotReplayed) -> ReplayView:
    """The page about one decision."""
    headline, tone, words = _said(answer)
    lines = tuple(_lines(answer.then, answer.now)) if isinstance(answer, Replayed) else ()
    return ReplayView(made.id, made.application_id, moment(made.created_at), headline, tone, words, lines)


def _said(answer: Replayed | NotReplayed) -> tuple[str, str, str]:
    if isinstance(answer, NotReplayed):
        if answer.code == RECORD_CHANGED:
            return "The record of this decision was changed", "bad", answer.detail
        return "The decision cannot be computed again", "ask", answer.detail
    by = " and ".join(answer.models) or "no model, because none was asked then"
    if answer.agrees:
        return "The decision comes out the same", "good", f"Scored by {by}, judged by {answer.policy}."
    return "The decision does not come out the same", "bad", f"Scored by {by}, judged by {answer.policy}."


def _lines(then: Told, now: Told) -> Iterator[Line]:
    yield Line("Outcome", VERDICTS[Verdict(then.verdict)], VERDICTS[Verdict(now.verdict)])
    yield Line("Reasons", _reasons(then.reasons), _reasons(now.reasons))
    for name, words in SCORES.items():
        yield Line(words, _score(then.scores.get(name)), _score(now.scores.get(name)))


def _reasons(codes: Sequence[str]) -> str:
    return " ".join(plain_words(codes)) or "None"


def _score(value: float | None) -> str:
    return "not assessed" if value is None else f"{value:.{DIGITS}f}"
