"""What applicants read of a decision, and what they never read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photogate.messages.composing import PHOTO_NOT_USABLE, messages, photos_left
from photogate.messages.languages import ARABIC, ENGLISH, FRENCH, LANGUAGES
from photogate.screening.facts import Unit
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import Verdict
from tests.unit.photogate.messages.made import REASONS, leaks

REFUSALS = (Verdict.RESUBMISSION_REQUESTED, Verdict.REJECTED)
SMALL = Reason(ReasonCode.HEAD_SIZE, Disposition.RETRY, native=0.06, threshold=0.1)
CROWD = Reason(ReasonCode.MULTIPLE_FACES, Disposition.RETRY, native=3.0, threshold=1)
UNSURE = Reason(ReasonCode.LOW_CONFIDENCE, Disposition.REVIEW, Audience.INTERNAL, native=0.6, threshold=0.98)
AT_LIMIT = Reason(ReasonCode.RESUBMISSION_LIMIT, Disposition.REVIEW, native=6, threshold=6)


def said(reason, verdict=Verdict.RESUBMISSION_REQUESTED, language=ENGLISH):
    return messages([reason.to_json()], verdict, language)


def test_a_small_face_is_told_with_its_size_the_limit_and_what_to_do():
    [message] = said(SMALL)
    assert message.text.replace("\N{NO-BREAK SPACE}", " ") == (
        "The face takes 6 % of the photo's height; at least 10 % is needed."
    )
    assert message.action.startswith("Move closer to the camera")
    assert (message.value, message.limit, message.unit) == (0.06, 0.1, Unit.SHARE_OF_HEIGHT)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (FRENCH, "Le visage occupe 6\N{NARROW NO-BREAK SPACE}% de la hauteur"),
        (ARABIC, "يشغل الوجه ٦٪ من ارتفاع الصورة، والمطلوب ١٠٪ على الأقل."),
    ],
)
def test_figures_stand_in_the_language_s_own_numbers(language, words):
    assert words in said(SMALL, language=language)[0].text


def test_faces_are_counted():
    assert said(CROWD)[0].text.startswith("3 faces were found")
    assert "٣ وجوه" in said(CROWD, language=ARABIC)[0].text


def test_what_a_person_saw_and_nothing_measured_is_told_without_figures():
    [message] = said(Reason(ReasonCode.HEAD_SIZE, Disposition.RETRY))
    assert (message.value, message.limit, message.unit) == (None, None, None)
    assert "%" not in message.text


def test_no_score_of_a_model_is_told():
    placeholder = Reason(ReasonCode.PLACEHOLDER_IMAGE, Disposition.RETRY, native=0.0123, threshold=0.02)
    [message] = said(placeholder)
    assert (message.value, message.limit, "0.0123" in str(message)) == (None, None, False)


def test_a_rejection_asks_for_nothing():
    [message] = said(SMALL, Verdict.REJECTED)
    assert message.action is None


@pytest.mark.parametrize("verdict", REFUSALS)
def test_a_refusal_of_which_no_reason_may_be_told_is_told_in_general(verdict):
    [message] = said(UNSURE, verdict)
    assert message.code == PHOTO_NOT_USABLE
    assert (message.action is None) == (verdict is Verdict.REJECTED)


def test_an_approval_and_a_case_in_review_say_nothing():
    assert said(SMALL, Verdict.APPROVED) == said(CROWD, Verdict.IN_REVIEW) == ()


def test_the_limit_is_told_while_a_person_looks_and_when_it_is_final():
    [waiting], [final] = said(AT_LIMIT, Verdict.IN_REVIEW), said(AT_LIMIT, Verdict.REJECTED)
    assert (waiting.title, final.title) == ("This was the last photo", "No more photos can be sent")
    assert waiting.text == final.text == "This application may have 6 photos, and all of them were sent."
    assert "You do not have to do anything now" in waiting.action
    assert final.action.startswith("Ask the office")


def test_how_many_photos_are_left_is_counted_in_every_language():
    assert photos_left(1, ENGLISH).title == "You can send 1 more photo"
    assert photos_left(2, ARABIC).title == "يمكنك إرسال صورتين أخريين"
    assert len({photos_left(left, FRENCH).text for left in (1, 2, 5)}) == 2


@given(kept=REASONS, verdict=st.sampled_from(Verdict), language=st.sampled_from(list(LANGUAGES.values())))
def test_nothing_internal_is_in_any_message_and_every_refusal_says_something(kept, verdict, language):
    shown = messages(kept, verdict, language)
    assert leaks(kept, str(shown)) == []
    assert bool(shown) or verdict not in REFUSALS
    assert all(message.title and message.text and "{" not in message.title + message.text for message in shown)
