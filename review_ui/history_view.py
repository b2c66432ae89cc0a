"""A case's history in words: events in order, decisions with their reasons and notes."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from photogate.audit.tables import Event, EventKind
from photogate.screening.verdicts import Verdict
from review_ui.words import EVENTS, VERDICTS, Moment, actor, moment, plain_words

_PERSON = re.compile(r"user:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One line of the history; `tone` is the verdict's where it is a decision, `before` what others had said of it."""

    at: Moment
    what: str
    who: str
    tone: str = ""
    reasons: tuple[str, ...] = ()
    note: str = ""
    before: tuple["HistoryEntry", ...] = ()


def actors(events: Iterable[Event]) -> set[UUID]:
    """The people who appear in these events."""
    written = [name for event in events for name in (event.actor, *(one["by"] for one in _said(event)))]
    return {UUID(found[1]) for name in written if (found := _PERSON.fullmatch(name))}


def _said(event: Event) -> list[dict[str, Any]]:
    """What each person said, where several took part."""
    said: list[dict[str, Any]] = event.details.get("said", []) if event.kind is EventKind.DECISION_MADE else []
    return said


def history(events: Sequence[Event], notes: Mapping[UUID, str], names: Mapping[UUID, str]) -> tuple[HistoryEntry, ...]:
    """The events oldest first, each decision with what it says; notes and names by the ids of rows and people."""
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
        before=tuple(_voice(one, at, notes, people) for one in _said(event)[:-1]),
    )


def _voice(one: Mapping[str, Any], at: Moment, notes: Mapping[str, str], people: Mapping[str, str]) -> HistoryEntry:
    """What somebody had said before the last word."""
    verdict = Verdict(one["verdict"])
    who, note = actor(one["by"], people), notes.get(one["verdict_id"], "")
    return HistoryEntry(at, VERDICTS[verdict], who, verdict.value, plain_words(one["reasons"]), note)
