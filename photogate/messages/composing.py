"""Messages made of what a decision says, in one language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from photogate.messages.catalogues import catalogue
from photogate.messages.languages import Language
from photogate.messages.words import (
    LAST_ONE,
    LAST_PHOTO,
    MORE_THAN_ONE,
    PHOTOS_LEFT,
    UNSAID,
    WORDS,
    Counted,
    Sentence,
    Words,
)
from photogate.screening.facts import Fact, Unit, facts
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict

PHOTO_NOT_USABLE, PHOTOS_LEFT_CODE = "PHOTO_NOT_USABLE", "PHOTOS_LEFT"
"""Codes of messages that stand for no reason."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the applicant reads of one reason; `action` is None where nothing can be done about it.

    `value` and `limit` are the figures in the text, in `unit`, and None together.
    """

    code: str
    title: str
    text: str
    action: str | None
    language: Language
    value: float | None = None
    limit: float | None = None
    unit: Unit | None = None


def messages(kept: Sequence[Mapping[str, Any]], verdict: Verdict, language: Language) -> tuple[Message, ...]:
    """What a decision tells the applicant: nothing of an approval, and of a case in review only that it is the last.

    Reasons that must not leave the house say nothing; a refusal of which nothing may be told is told in general words.
    """
    told = facts(kept)
    if verdict is Verdict.APPROVED:
        return ()
    if verdict is Verdict.IN_REVIEW:
        at_limit = (fact for fact in told if fact.code is ReasonCode.RESUBMISSION_LIMIT)
        return tuple(_message(fact, LAST_PHOTO, language, may_act=True) for fact in at_limit)
    return tuple(_refusals(told, language, may_act=verdict is Verdict.RESUBMISSION_REQUESTED))


def photos_left(left: int, language: Language) -> Message:
    """How many further photos the applicant may send; at least one."""
    shown = language.number(left)
    text = _said(LAST_ONE if left == 1 else MORE_THAN_ONE, language)
    title = _said(PHOTOS_LEFT, language, left).format(value=shown)
    return Message(PHOTOS_LEFT_CODE, title, text, None, language, left, None, Unit.PHOTOS)


def translated(sentence: str, language: Language) -> str:
    """One of the sentences in `words`."""
    return _said(sentence, language)


def _refusals(told: Sequence[Fact], language: Language, *, may_act: bool) -> Iterator[Message]:
    for fact in told:
        words = WORDS.get(fact.code, UNSAID)
        yield _message(fact, words, language, may_act=may_act or fact.code is ReasonCode.RESUBMISSION_LIMIT)
    if not told:
        action = _said(UNSAID.action, language) if may_act else None
        yield Message(PHOTO_NOT_USABLE, _said(UNSAID.title, language), _said(UNSAID.text, language), action, language)


def _message(fact: Fact, words: Words, language: Language, *, may_act: bool) -> Message:
    action = _said(words.action, language) if may_act else None
    text = _text(fact, words, language)
    return Message(
        fact.code.value, _said(words.title, language), text, action, language, fact.value, fact.limit, fact.unit
    )


def _text(fact: Fact, words: Words, language: Language) -> str:
    if words.measured is None or fact.value is None or fact.limit is None:
        return _said(words.text, language)
    counted = fact.limit if fact.unit is Unit.PHOTOS else fact.value
    value, limit = _figures(fact.value, fact.limit, fact.unit, language)
    return _said(words.measured, language, counted).format(value=value, limit=limit)


def _figures(value: float, limit: float, unit: Unit | None, language: Language) -> tuple[str, str]:
    if unit is Unit.SHARE_OF_HEIGHT:
        return language.told_apart(value, limit)
    return language.number(value), language.number(limit)


def _said(sentence: Sentence, language: Language, count: float = 1) -> str:
    spoken = catalogue(language)
    if isinstance(sentence, Counted):
        return spoken.ngettext(sentence.one, sentence.many, int(count))
    return spoken.gettext(sentence)
