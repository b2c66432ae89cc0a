"""What the applicant would read: the ticked reasons, in words and beside the photo, in any of the languages."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session

from photogate.applications import attempts
from photogate.applications.tables import DecisionRecord
from photogate.messages.composing import Message, messages
from photogate.messages.languages import LANGUAGES, Language
from photogate.reviews.reasons import given
from photogate.screening.reasons import ReasonCode
from photogate.screening.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Preview:
    """The messages in one language, and the address of the annotated picture, None where there is no picture."""

    language: Language
    messages: tuple[Message, ...]
    picture: str | None


def preview(session: Session, ground: DecisionRecord, codes: Collection[ReasonCode], language: Language) -> Preview:
    """What the applicant would read if a person refused the photo for these reasons.

    At the limit of photos a refusal is a rejection. Raises Unprocessable without a reason.
    """
    is_last = attempts.is_last(session, ground.photo_id, ground.policy)
    verdict = Verdict.REJECTED if is_last else Verdict.RESUBMISSION_REQUESTED
    shown = said(session, ground, verdict, list(codes), language)
    asked = {"language": language.tag, "verdict": verdict.value, "reasons": [code.value for code in codes]}
    picture = f"/pictures/{ground.photo_id}/annotated.svg?{urlencode(asked, doseq=True)}"
    return Preview(language, shown, picture)


def said(
    session: Session, ground: DecisionRecord, verdict: Verdict, codes: Sequence[ReasonCode], language: Language
) -> tuple[Message, ...]:
    """The messages of a verdict that a person may give; raises Unprocessable, ResubmissionLimit."""
    return messages([reason.to_json() for reason in given(session, verdict, codes, ground)], verdict, language)


def spoken(tag: str) -> Language:
    """The language that was chosen; the first one for a tag that is none of ours."""
    return LANGUAGES.get(tag) or next(iter(LANGUAGES.values()))
