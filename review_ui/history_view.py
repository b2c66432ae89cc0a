"""A case's history in words: events in order, decisions with their reasons and notes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from photogate.audit.tables import Event, EventKind
from photogate.screening.verdicts import Verdict
from review_ui.words import EVENTS, VERDICTS, Moment, actor, moment, plain_words

_PERSON = re.compile(r"user:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history; `tone` is the verdict's where it is a decision."""

    at: Moment
    what: str
    who: str
    tone: str = ""
    reasons: tuple[str, ...] = ()
    note: str = ""


def actors(events: Iterable[Event]) -> set[UUID]:
    """The people who appear in these events."""
    return {UUID(found[1]) for event in events if (found := _PERSON.fullmatch(event.actor))}


def history(events: Sequence[Event], notes: Mapping[UUID, str], names: Mapping[UUID, str]) -> tuple[HistoryEntry, ...]:
    """The events oldest first, each decision with what it says; notes and names by the ids of decisions and people."""
    written = {str(decision_id): note for decision_id, note in notes.items()}
    people = {str(user_id): name for user_id, name in names.items()}
    return tuple(_entry(event, written, people) for event in events)


def _entry(event: Event, notes: Mapping[str, str], people: Mapping[str, str]) -> HistoryEntry:
    at, who = moment(event.created_at), actor(event.actor, people)
    if event.kind is not EventKind.DECISION_MADE:
        return HistoryEntry(at, EVENTS[event.kind], who)
    verdict = Verdict(event.details["verdict"])
    return HistoryEntry(
        at,
        VERDICTS[verdict],
        who,
        tone=verdict.value,
        reasons=plain_words(event.details["reasons"]),
        note=notes.get(event.details["decision"], ""),
    )
