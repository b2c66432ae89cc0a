"""What clients see, and what they never see."""

from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.refusals import InvalidRequest
from api.views import ReasonView, cursor_of, place_of
from photogate.screening.reasons import Audience, Disposition, Reason, ReasonCode


@pytest.mark.parametrize("code", ReasonCode)
def test_every_public_reason_has_words_and_no_measured_value(code):
    reason = Reason(code, Disposition.RETRY, native=0.123, threshold=0.456, detail="inner words", model_version="m@1")
    [shown] = ReasonView.public([reason.to_json()])
    assert (shown.code, shown.message.endswith(".")) == (code, True)
    assert {"0.123", "0.456", "inner words", "m@1"} & set(str(shown.model_dump()).replace("'", " ").split()) == set()


def test_what_is_internal_and_what_says_nothing_of_its_audience_stays_inside():
    internal = Reason(ReasonCode.LOW_CONFIDENCE, Disposition.REVIEW, Audience.INTERNAL).to_json()
    unmarked = {name: value for name, value in internal.items() if name != "audience"}
    assert ReasonView.public([internal, unmarked]) == []


def test_a_cursor_leads_back_to_its_place():
    application_id = uuid4()
    assert place_of(cursor_of(application_id)) == application_id


@given(st.text(max_size=64))
def test_any_other_cursor_is_a_place_or_refused(cursor):
    with suppress(InvalidRequest):
        assert cursor_of(place_of(cursor))
