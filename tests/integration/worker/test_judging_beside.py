"""Rules that decide nothing judge what was decided, after everything else, and change nothing about it."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from models.registry import Registry
from photogate.applications import policies
from photogate.promotions import models, shadows
from photogate.promotions.service import Change
from photogate.promotions.tables import ShadowJudgement, Slot
from photogate.screening.checks import RealPhoto
from photogate.screening.verdicts import Verdict
from tests.factories import PROFILE, jpeg
from tests.guards.tree import ROOT
from tests.integration.photogate.promoted import BETTER, approved, proposed, two_admins
from tests.unit.models.artifact_made import write_artifact
from worker import judging_beside, tasks
from worker.judging_beside import judge_beside
from worker.policy import facts, require_policy
from worker.shadowing import Shadowing

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()
NEVER = replace(PROFILE, name="never", real_photo=RealPhoto(approve_at=1.0, refuse_at=0.02))


@pytest.fixture
def at_hand(tools, monkeypatch):
    monkeypatch.setattr(judging_beside, "tools", lambda: tools)
    nothing_waits = SimpleNamespace(waiting=lambda stage: 0, publish=lambda photo_id, stage: True)
    monkeypatch.setitem(tools.__dict__, "publisher", nothing_waits)
    return tools


def beside(database, settings, change, *puts):
    require_policy(settings)
    with database.transaction() as session:
        for put, what in puts:
            put(session, what)
    ann, bob = two_admins(database)
    return approved(database, bob, proposed(database, ann, change, Slot.SHADOW))


def decided(desk, content=PORTRAIT):
    photo_id = desk.submit(content, tell=False)
    tasks.prepare(str(photo_id))
    return desk.decision(photo_id)


def judgements(database):
    with database.transaction() as session:
        return session.scalars(select(ShadowJudgement).order_by(ShadowJudgement.decided_at)).all()


def test_a_policy_judges_by_what_was_measured_without_a_picture(desk, at_hand, database, settings, monkeypatch):
    force = beside(database, settings, Change(policy=NEVER.reference), (policies.record, NEVER))
    made, other = decided(desk), decided(desk, jpeg())
    monkeypatch.setattr(judging_beside, "_crop", None)
    judge_beside()
    judge_beside()
    first, second = judgements(database)
    assert (first.decision_id, first.live, first.shadow) == (made.id, Verdict.APPROVED, Verdict.IN_REVIEW)
    assert [reason["code"] for reason in first.reasons] == ["LOW_CONFIDENCE"]
    assert (second.decision_id, second.differs) == (other.id, False)
    assert desk.decision(made.photo_id).verdict is Verdict.APPROVED
    with database.transaction() as session:
        [difference] = shadows.differences(session, force.promotion_id, limit=10)
        assert (difference.decision.id, difference.person) == (made.id, None)
        assert sum(one.photos for one in shadows.counts(session, force.promotion_id)) == 2


def test_a_model_scores_the_crop_beside_the_one_that_decided(desk, at_hand, database, settings, tmp_path):
    own = tmp_path / "own"
    write_artifact(own, version="1.0.0")
    at_hand.settings = settings.model_copy(update={"models_folder": own})
    unbound = replace(PROFILE, name="unbound", risk=None)
    change = Change(policy=unbound.reference, model="bright@1.0.0")
    puts = (policies.record, unbound), (models.record, facts("bright@1.0.0", Registry(own)))
    beside(database, settings, change, *puts)
    made = decided(desk)
    judge_beside()
    [said] = judgements(database)
    assert "bright@1.0.0" in said.models
    assert "bright@1.0.0" not in made.models
    assert said.p_real != desk.measured(made.photo_id)["p_real"]
    assert said.scores["p_real"] == said.p_real
    assert set(said.scores) == {"p_real", "p_ai_generated", "strangeness"}


def test_a_shadow_that_fails_leaves_no_mark_on_the_photo(desk, at_hand, database, settings, monkeypatch):
    beside(database, settings, Change(policy=NEVER.reference), (policies.record, NEVER))
    made = decided(desk)

    def breaks(*_):
        raise ValueError("a fault of the shadow's")

    monkeypatch.setattr(judging_beside, "_measured", breaks)
    with capture_logs() as logs:
        judge_beside()
    [said] = judgements(database)
    assert (said.shadow, said.differs, said.problem, said.scores) == (None, False, "ValueError", {})
    assert [line["event"] for line in logs] == ["not_judged_beside"]
    assert desk.decision(made.photo_id).verdict is Verdict.APPROVED


def test_a_worker_without_the_shadows_model_leaves_it_to_others(desk, at_hand, database, settings):
    beside(database, settings, Change(model=BETTER.reference), (models.record, BETTER))
    decided(desk)
    with capture_logs() as logs:
        judge_beside()
    assert judgements(database) == []
    assert BETTER.reference in logs[-1]["error"]


def test_photos_that_wait_go_first(desk, at_hand, database, settings):
    beside(database, settings, Change(policy=NEVER.reference), (policies.record, NEVER))
    decided(desk)
    at_hand.publisher.waiting = lambda stage: 1
    judge_beside()
    assert judgements(database) == []


def test_the_relay_asks_once_and_only_when_something_waits(desk, at_hand, database, settings):
    asked = []
    publisher = SimpleNamespace(waiting_in=lambda queue: len(asked), ask_beside=lambda: asked.append(1))
    shadowing = Shadowing(database, publisher)
    shadowing.turn()
    beside(database, settings, Change(policy=NEVER.reference), (policies.record, NEVER))
    shadowing.turn()
    assert asked == []
    decided(desk)
    shadowing.turn()
    shadowing.turn()
    assert asked == [1]
    judge_beside()
    asked.clear()
    shadowing.turn()
    assert asked == []
