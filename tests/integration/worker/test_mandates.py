"""A worker decides under a mandate that it puts on record, and what waited for a person comes out the same again."""

from dataclasses import asdict, replace

import pytest

from models.artifacts import MANIFEST, Manifest
from models.registry import Registry
from photogate.applicants.master_keys import KeyFolder
from photogate.mandates import queries
from photogate.mandates.tables import Change, Standing
from photogate.promotions.refusals import BoundUnsupported
from photogate.screening.verdicts import Verdict
from tests.factories import PROFILE
from tests.guards.tree import ROOT
from worker import tasks
from worker.policy import require_policy
from worker.replay import Kept, replay

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()


def decision_about(desk, content):
    photo_id = desk.submit(content, tell=False)
    tasks.prepare(str(photo_id))
    return desk.decision(photo_id)


def standings(database):
    with database.transaction() as session:
        return queries.current(session)


def comes_out_the_same(database, settings, store, decision):
    with database.transaction() as session:
        kept = Kept(store, KeyFolder(settings.master_keys), Registry(settings.models_folder))
        return replay(session, kept, decision.id).agrees


def test_a_worker_begins_its_mandate_with_the_guarantee_of_its_classifier(settings, database):
    require_policy(settings)
    require_policy(settings)
    [begun] = standings(database)
    manifest = Manifest.read(Registry(settings.models_folder).find(settings.classifier) / MANIFEST)
    assert (begun.policy, begun.model) == (PROFILE.reference, manifest.reference)
    assert begun.mandate.guarantee == asdict(manifest.guarantee)
    assert begun.mandate.risk == asdict(PROFILE.risk)


def test_a_worker_does_not_start_under_a_bound_that_its_classifier_does_not_promise(settings, database, monkeypatch):
    stricter = replace(PROFILE, risk=replace(PROFILE.risk, placeholders_approved=0.0001))
    monkeypatch.setattr("worker.policy.load_profile", lambda _: stricter)
    with pytest.raises(BoundUnsupported, match=r"bounds .* 0\.010%, 0\.500%, 5\.000%; student@.* promises 1\.000%"):
        require_policy(settings)
    assert standings(database) == []


def test_a_sampled_approval_waits_and_is_replayed(desk, tools, settings, database, store, monkeypatch):
    watched = replace(PROFILE, name="watched", risk=replace(PROFILE.risk, sample_share=1.0))
    monkeypatch.setattr("worker.policy.load_profile", lambda _: watched)
    made = decision_about(desk, PORTRAIT)
    assert (made.verdict, [reason["code"] for reason in made.reasons]) == (Verdict.IN_REVIEW, ["QUALITY_SAMPLE"])
    assert comes_out_the_same(database, settings, store, made)


def test_what_a_suspended_model_would_approve_waits_and_is_replayed(desk, tools, settings, database, store):
    alone = decision_about(desk, PORTRAIT)
    assert alone.verdict is Verdict.APPROVED
    [begun] = standings(database)
    suspended = {"approvals_suspended": True, "refusals_suspended": False}
    told = {"decision_id": alone.id, "photo_id": alone.photo_id, "machine": Verdict.APPROVED}
    with database.transaction() as session:
        session.add(
            Standing(
                policy=begun.policy,
                model=begun.model,
                version=1,
                round=0,
                change=Change.JUDGED,
                **told,
                **suspended,
                **asdict(begun.tally),
            )
        )
    made = decision_about(desk, PORTRAIT)
    assert (made.verdict, [reason["code"] for reason in made.reasons]) == (Verdict.IN_REVIEW, ["AUTOMATION_SUSPENDED"])
    assert comes_out_the_same(database, settings, store, made)
    assert comes_out_the_same(database, settings, store, alone)
