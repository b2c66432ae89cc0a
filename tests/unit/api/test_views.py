"""What clients see, and what they never see."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.messages import ForApplicant
from api.refusals import InvalidRequest
from api.views import ApplicationView, CheckView, DecisionView, ReasonView, cursor_of, place_of
from photogate.applications.tables import ActorKind, Application, DecisionRecord, Photo
from photogate.messages.languages import LANGUAGES
from photogate.screening.reasons import NEVER_TOLD, Audience, Disposition, Reason, ReasonCode
from photogate.screening.verdicts import ApplicationStatus, Verdict
from tests.factories import PROFILE
from tests.unit.photogate.messages.made import REASONS, leaks


@pytest.mark.parametrize("code", sorted(set(ReasonCode) - NEVER_TOLD))
def test_every_public_reason_has_words_and_no_measured_value(code):
    reason = Reason(code, Disposition.RETRY, native=0.123, threshold=0.456, detail="inner words", model_version="m@1")
    [shown] = ReasonView.public([reason.to_json()])
    assert (shown.code, shown.message.endswith(".")) == (code, True)
    assert {"0.123", "0.456", "inner words", "m@1"} & set(str(shown.model_dump()).replace("'", " ").split()) == set()


def test_what_is_internal_and_what_says_nothing_of_its_audience_stays_inside():
    internal = Reason(ReasonCode.LOW_CONFIDENCE, Disposition.REVIEW, Audience.INTERNAL).to_json()
    unmarked = {name: value for name, value in internal.items() if name != "audience"}
    assert ReasonView.public([internal, unmarked]) == []


@given(kept=REASONS, verdict=st.sampled_from(Verdict), language=st.sampled_from(list(LANGUAGES.values())))
def test_nothing_internal_is_in_any_view(kept, verdict, language):
    now = datetime.now(UTC)
    photo = Photo(id=uuid4(), attempt=2, sha256="ab" * 32, review_key="kept")
    decision = DecisionRecord(
        id=uuid4(), photo=photo, photo_id=photo.id, verdict=verdict, reasons=kept, policy="demo@1", created_at=now
    )
    decision.actor_kind = ActorKind.POLICY
    status = ApplicationStatus(verdict)
    application = Application(id=uuid4(), client="ministry", status=status, created_at=now, updated_at=now)
    said = ForApplicant.of(status, photo, decision, PROFILE, language)
    check = {"verdict": verdict.value, "reasons": kept, "faces": 1, "ms": {}, "model": None, "quality": {}}
    views = (
        ApplicationView.of(application, "A-1", photo, decision, said),
        DecisionView.of(decision, language),
        CheckView.of({**check, "p_real": None, "p_ai_generated": None, "box": None, "landmarks": None}),
    )
    assert [leaks(kept, view.model_dump_json()) for view in views] == [[], [], []]


def test_a_cursor_leads_back_to_its_place():
    application_id = uuid4()
    assert place_of(cursor_of(application_id)) == application_id


@given(st.text(max_size=64))
def test_any_other_cursor_is_a_place_or_refused(cursor):
    with suppress(InvalidRequest):
        assert cursor_of(place_of(cursor))
