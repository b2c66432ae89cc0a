"""A worker computes a decision again for a page that waits."""

import pytest

from photogate.database import new_id
from photogate.jobs.publisher import Publisher
from photogate.jobs.replays import NotReplayed, Replayed, Replays
from tests.guards.tree import ROOT
from worker import replaying, tasks

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()


@pytest.fixture
def replays(settings):
    both_ends = Replays(settings.redis_url)
    yield both_ends
    both_ends.close()


@pytest.fixture
def decision(desk, tools):
    photo_id = desk.submit(PORTRAIT, tell=False)
    tasks.prepare(str(photo_id))
    return desk.decision(photo_id)


def test_a_running_worker_answers_with_both_outcomes(launch, replays, settings, decision):
    launch("worker", "--queues", "checks", "--concurrency", "1")
    publisher = Publisher(settings.redis_url)
    found = replays.ask(publisher, decision.id, timeout_s=20)
    assert isinstance(found, Replayed)
    assert (found.agrees, found.policy, set(found.models)) == (True, decision.policy, set(decision.models))
    assert found.then.verdict == found.now.verdict == decision.verdict.value
    assert found.now.scores == pytest.approx(found.then.scores, abs=1e-4)
    nowhere = replays.ask(publisher, new_id(), timeout_s=20)
    assert nowhere == NotReplayed("NOT_FOUND", "There is no such decision.")


def test_a_replay_that_nobody_waits_for_any_more_is_let_go(tools, monkeypatch):
    monkeypatch.setattr(replaying, "tools", lambda: tools)
    replaying.replay_decision(str(new_id()))
