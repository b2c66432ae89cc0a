"""A decision computed again from its timeline: agreement, disagreement, or why nobody can tell."""

import pytest
from redis import Redis
from sqlalchemy import select

from photogate.access.tables import Role
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import Conflict
from photogate.jobs.replays import Replayed, Replays, Told
from tests.factories import PORTRAIT, decided
from tests.integration.review_ui.standing_in import standing_in

THEN = Told({"p_real": 0.999, "p_ai_generated": 0.1, "strangeness": None}, "approved", [])
SAME = Replayed(agrees=True, policy="default@1", models=["student@1"], then=THEN, now=THEN)
UNSURE = Told({**THEN.scores, "p_real": 0.4}, "in_review", ["LOW_CONFIDENCE"])
OTHER = Replayed(agrees=False, policy="default@1", models=["student@1"], then=THEN, now=UNSURE)


class RecordChanged(Conflict):
    code = "RECORD_CHANGED"


@pytest.fixture
def auditor(person):
    return person("aud", Role.AUDITOR)


@pytest.fixture
def replays(settings):
    both_ends = Replays(settings.redis_url)
    yield both_ends
    both_ends.close()


@pytest.fixture
def worker(settings, replays):
    """A worker for one replay: `with worker(answer) as taken`; an error in the place of an answer is its refusal."""
    with Redis.from_url(settings.redis_url) as redis:
        yield lambda answer: standing_in(redis, "replay:*", replays, answer)


def replays_on_record(database):
    with database.transaction() as session:
        return session.scalars(select(Event).where(Event.kind == EventKind.DECISION_REPLAYED)).all()


def test_the_timeline_has_a_button_and_the_answer_stands_beside_what_was_recorded(auditor, worker, database):
    made = decided(database, PORTRAIT)
    auditor.open(f"/audit/applications/{made.application_id}")
    with worker(SAME) as taken:
        auditor.press("Compute it again")
    assert taken == [made.id]
    for words in ("The decision comes out the same.", "student@1, judged by default@1", "0.999000", "not assessed"):
        assert words in auditor.page.text
    [event] = replays_on_record(database)
    assert event.details == {"decision": str(made.id), "agrees": True}
    assert event.application_id == made.application_id
    assert event.actor.startswith("user:")
    assert "Decision computed again" in auditor.open(f"/audit/applications/{made.application_id}").text


@pytest.mark.parametrize(
    ("answer", "headline", "tone", "recorded"),
    [
        (OTHER, "The decision does not come out the same.", "bad", 1),
        (Conflict("The crop is not kept any more."), "The decision cannot be computed again.", "ask", 0),
        (RecordChanged("The log says otherwise."), "The record of this decision was changed.", "bad", 0),
    ],
)
def test_what_does_not_come_out_the_same_says_so_and_why(auditor, worker, database, answer, headline, tone, recorded):
    made = decided(database, PORTRAIT)
    auditor.open(f"/audit/applications/{made.application_id}")
    with worker(answer):
        auditor.press("Compute it again")
    assert f"<b>{headline}</b>" in auditor.page.text
    assert f'class="notice {tone}"' in auditor.page.text
    assert getattr(answer, "detail", "0.400000") in auditor.page.text
    assert len(replays_on_record(database)) == recorded


def test_without_a_worker_the_page_says_so(app, auditor, database, monkeypatch):
    made = decided(database, PORTRAIT)
    auditor.open(f"/audit/applications/{made.application_id}")
    hurried = app.state.program.settings.model_copy(update={"check_timeout_s": 0.05})
    object.__setattr__(app.state.program, "settings", hurried)
    auditor.press("Compute it again")
    assert auditor.page.status_code == 200
    assert "No worker answered within 0.05 seconds" in auditor.page.text


def test_what_a_person_decided_has_no_button(auditor, ada, case, database):
    case_id = case()
    ada.open(f"/cases/{case_id}")
    ada.press("Claim")
    ada.press("Approve")
    auditor.open("/audit")
    application = auditor.page.text.split("/audit/applications/")[1].split('"')[0]
    page = auditor.open(f"/audit/applications/{application}").text
    assert page.count("Compute it again") == 1


def test_only_auditors_have_decisions_computed_again(ada, auditor, database):
    made = decided(database, PORTRAIT)
    path = f"/audit/decisions/{made.id}/replay"
    ada.open("/")
    assert ada.http.post(path, data={"form_token": ada.form_token()}).status_code == 403
    assert auditor.http.post(path).status_code == 403
    token = auditor.open("/audit") and auditor.form_token()
    assert auditor.http.post(f"/audit/decisions/{new_id()}/replay", data={"form_token": token}).status_code == 404
    assert replays_on_record(database) == []
