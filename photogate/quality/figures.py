"""Who agrees with whom, and who errs how often: counted from what people said, in a stretch of time."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from photogate.quality.agreement import Agreement, Rate

_GOLDEN = text("""
    SELECT said.user_id, said.created_at, said.verdict::text, known.answer::text
    FROM review_verdicts AS said
    JOIN review_tasks AS shown ON shown.id = said.task_id AND shown.golden_for IS NOT NULL
    CROSS JOIN LATERAL (
        SELECT answer FROM golden_cases WHERE photo_id = shown.photo_id ORDER BY created_at DESC LIMIT 1
    ) AS known
    WHERE said.created_at >= :since AND said.created_at < :until
    ORDER BY said.created_at
""")
_PAIRS = text("""
    SELECT
        one.user_id, one.verdict::text, one.created_at, other.user_id, other.verdict::text, other.created_at,
        settled.verdict::text
    FROM review_verdicts AS other
    JOIN review_verdicts AS one ON one.task_id = other.task_id AND one.round = other.round AND one.seat = 'first'
    LEFT JOIN review_verdicts AS settled
        ON settled.task_id = other.task_id AND settled.round = other.round AND settled.seat = 'adjudicator'
    WHERE other.seat = 'second' AND other.created_at >= :since AND other.created_at < :until
    ORDER BY other.created_at
""")
_MODELS = text("""
    SELECT
        policy, model,
        count(*) FILTER (WHERE shows = 'placeholder' AND machine = 'approved'),
        count(*) FILTER (WHERE shows = 'placeholder'),
        count(*) FILTER (WHERE shows = 'real' AND machine IN ('rejected', 'resubmission_requested')),
        count(*) FILTER (WHERE shows = 'real')
    FROM (
        SELECT DISTINCT ON (policy, model, photo_id) policy, model, shows, machine
        FROM mandate_standings
        WHERE change = 'judged' AND created_at >= :since AND created_at < :until
        ORDER BY policy, model, photo_id, version DESC
    ) AS judged
    GROUP BY policy, model ORDER BY policy, model
""")
APPROVED = "approved"


class Answer(NamedTuple):
    """What somebody said of a golden case, and what they should have said."""

    by: UUID
    at: datetime
    verdict: str
    known: str

    @property
    def is_wrong(self) -> bool:
        """Whether the one approves and the other refuses; which kind of refusal it is, is no error."""
        return (self.verdict == APPROVED) is not (self.known == APPROVED)


class Pair(NamedTuple):
    """What two people said of one case, and what settled it where they disagreed."""

    first: UUID
    first_verdict: str
    first_at: datetime
    second: UUID
    second_verdict: str
    second_at: datetime
    settled: str | None

    @property
    def words(self) -> Iterator["Word"]:
        """Each of the two, once it is known who was right."""
        final = self.settled or (self.first_verdict if self.first_verdict == self.second_verdict else None)
        if final is not None:
            yield Word(self.first, self.first_at, is_overruled=self.first_verdict != final)
            yield Word(self.second, self.second_at, is_overruled=self.second_verdict != final)


@dataclass(frozen=True, slots=True)
class Word:
    """One of two verdicts on a settled case."""

    by: UUID
    at: datetime
    is_overruled: bool


@dataclass(frozen=True, slots=True)
class Reviewer:
    """One person's figures.

    `approved_wrongly` counts golden cases that should be refused, `refused_wrongly` those that should be approved;
    `agreement` is with the known answers, as approved or not; `overruled` how often what they said, first or second,
    was not what came of it.
    """

    id: UUID
    approved_wrongly: Rate
    refused_wrongly: Rate
    agreement: Agreement
    overruled: Rate


@dataclass(frozen=True, slots=True)
class Model:
    """One model's errors under one policy, by people's word on the sample."""

    policy: str
    model: str
    placeholders_approved: Rate
    reals_refused: Rate


@dataclass(frozen=True, slots=True)
class Drift:
    """One person's errors stretch by stretch; None in a stretch without any verdict that could be one."""

    golden: Sequence[Rate | None]
    overruled: Sequence[Rate | None]


@dataclass(frozen=True, slots=True)
class Quality:
    """All of it; `edges` are the days, in UTC, on which stretches begin, and the day after the last one."""

    edges: Sequence[date]
    agreement: Agreement
    reviewers: Sequence[Reviewer]
    models: Sequence[Model]
    drift: Mapping[UUID, Drift]


def quality(session: Session, edges: Sequence[date], of: UUID | None = None) -> Quality:
    """What people said between the first edge and the last; `of` one person only, if one is named."""
    since, until = (datetime.combine(edge, time(), UTC) for edge in (edges[0], edges[-1]))
    between = {"since": since, "until": until}
    answers = [answer for row in session.execute(_GOLDEN, between) if (answer := Answer(*row)).by == (of or answer.by)]
    pairs = [Pair(*row) for row in session.execute(_PAIRS, between)]
    words = [word for pair in pairs for word in pair.words if word.by == (of or word.by)]
    mine = [pair for pair in pairs if of is None or of in {pair.first, pair.second}]
    people = sorted({*(answer.by for answer in answers), *(word.by for word in words)})
    return Quality(
        edges=edges,
        agreement=Agreement.of((pair.first_verdict, pair.second_verdict) for pair in mine),
        reviewers=[_reviewer(person, answers, words) for person in people],
        models=[] if of else _models(session, between),
        drift={person: _drift(person, edges, answers, words) for person in people},
    )


def _reviewer(person: UUID, answers: Sequence[Answer], words: Sequence[Word]) -> Reviewer:
    given = [answer for answer in answers if answer.by == person]
    bad, good = ([one for one in given if (one.known == APPROVED) is fit] for fit in (False, True))
    alike = Agreement.of((_approval(one.verdict), _approval(one.known)) for one in given)
    return Reviewer(person, _wrong(bad), _wrong(good), alike, _overruled([one for one in words if one.by == person]))


def _approval(verdict: str) -> str:
    return APPROVED if verdict == APPROVED else "refused"


def _wrong(answers: Sequence[Answer]) -> Rate:
    return Rate.of(sum(answer.is_wrong for answer in answers), len(answers))


def _overruled(words: Sequence[Word]) -> Rate:
    return Rate.of(sum(word.is_overruled for word in words), len(words))


def _drift(person: UUID, edges: Sequence[date], answers: Sequence[Answer], words: Sequence[Word]) -> Drift:
    golden: list[list[Answer]] = [[] for _ in edges[1:]]
    said: list[list[Word]] = [[] for _ in edges[1:]]
    for answer in answers:
        if answer.by == person:
            golden[_stretch(answer.at, edges)].append(answer)
    for word in words:
        if word.by == person:
            said[_stretch(word.at, edges)].append(word)
    return Drift(
        [_wrong(stretch) if stretch else None for stretch in golden],
        [_overruled(stretch) if stretch else None for stretch in said],
    )


def _stretch(at: datetime, edges: Sequence[date]) -> int:
    """A first verdict may be older than the first edge, if the second is not: it counts where the pair begins."""
    return max(0, sum(edge <= at.astimezone(UTC).date() for edge in edges[:-1]) - 1)


def _models(session: Session, between: Mapping[str, datetime]) -> Sequence[Model]:
    """The last word about a photo counts, once."""
    return [
        Model(policy, model, Rate.of(approved, placeholders), Rate.of(refused, reals))
        for policy, model, approved, placeholders, refused, reals in session.execute(_MODELS, between)
    ]
