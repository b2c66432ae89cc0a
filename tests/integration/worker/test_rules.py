"""A worker takes up what two people promoted, without a restart, and decides under nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from models.registry import Registry
from photogate.applications import policies
from photogate.applications.tables import Stage
from photogate.promotions import models, service
from photogate.promotions.service import Change
from photogate.screening.checks import RealPhoto
from photogate.screening.verdicts import Verdict
from tests.factories import PROFILE
from tests.guards.tree import ROOT
from tests.integration.photogate.promoted import BETTER, approved, proposed, two_admins
from tests.unit.models.artifact_made import write_artifact
from worker import tasks
from worker.policy import facts, require_policy

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()
NEVER = replace(PROFILE, name="never", real_photo=RealPhoto(approve_at=1.0, refuse_at=0.02))


def decided(desk):
    photo_id = desk.submit(PORTRAIT, tell=False)
    tasks.prepare(str(photo_id))
    return photo_id


def promote(database, change, *puts):
    ann, bob = two_admins(database)
    with database.transaction() as session:
        for put, what in puts:
            put(session, what)
    approved(database, bob, proposed(database, ann, change))


def test_a_policy_that_is_promoted_decides_from_the_next_photo_on(desk, tools, database):
    assert desk.decision(decided(desk)).policy == PROFILE.reference
    promote(database, Change(policy=NEVER.reference), (policies.record, NEVER))
    again = decided(desk)
    assert desk.machine_decisions().get(again) is None, "nothing is decided under rules that are no longer live"
    assert (desk.photo(again).lease_until, desk.photo(again).attempts) == (None, 0)
    tasks.prepare(str(again))
    made = desk.decision(again)
    assert (made.policy, made.verdict) == (NEVER.reference, Verdict.IN_REVIEW)


def test_a_model_that_is_promoted_scores_from_the_next_photo_on(desk, tools, database, settings, monkeypatch, tmp_path):
    own = tmp_path / "own"
    write_artifact(own, version="1.0.0")
    monkeypatch.setattr(tools, "settings", settings.model_copy(update={"models_folder": own}))
    unbound = replace(PROFILE, name="unbound", risk=None, usual_photo=None)
    monkeypatch.setattr("worker.policy.load_profile", lambda _: unbound)
    first = desk.decision(decided(desk))
    assert "bright@1.0.0" not in first.models
    promote(database, Change(model="bright@1.0.0"), (models.record, facts("bright@1.0.0", Registry(own))))
    photo_id = decided(desk)
    tasks.prepare(str(photo_id))
    assert "bright@1.0.0" in desk.decision(photo_id).models


def test_a_worker_without_the_model_decides_under_no_other_and_says_so(desk, tools, database):
    decided(desk)
    promote(database, Change(model=BETTER.reference), (models.record, BETTER))
    photo_id = decided(desk)
    with capture_logs() as logs:
        tasks.prepare(str(photo_id))
    assert desk.machine_decisions().get(photo_id) is None
    photo = desk.photo(photo_id)
    assert (photo.stage, photo.lease_until, photo.attempts) == (Stage.PREPARE, None, 0)
    assert any(f"{BETTER.reference} decides" in line.get("error", "") for line in logs)


def test_a_model_of_the_same_name_with_other_content_is_not_the_one_that_was_promoted(
    desk, tools, database, settings, tmp_path, monkeypatch
):
    own = tmp_path / "own"
    write_artifact(own, version="1.0.0")
    there = facts("bright@1.0.0", Registry(own))
    monkeypatch.setattr(tools, "settings", settings.model_copy(update={"models_folder": own}))
    monkeypatch.setattr("worker.policy.load_profile", lambda _: replace(PROFILE, name="unbound", risk=None))
    decided(desk)
    promote(database, Change(model="bright@1.0.0"), (models.record, replace(there, sha256="00" * 32)))
    photo_id = decided(desk)
    with capture_logs() as logs:
        tasks.prepare(str(photo_id))
    assert desk.machine_decisions().get(photo_id) is None
    assert any("is not the one that is on record" in line.get("error", "") for line in logs)


def test_settings_do_not_overrule_what_is_live(settings, database, tools, desk):
    require_policy(settings)
    promote(database, Change(policy=NEVER.reference), (policies.record, NEVER))
    with capture_logs() as logs:
        assert require_policy(settings).rules.policy == NEVER.reference
    assert [line["event"] for line in logs] == ["profile_not_live"]
    assert desk.decision(decided(desk)).policy == NEVER.reference


def test_knowing_what_is_live_costs_no_statement_a_photo(desk, tools, database):
    decided(desk)
    photo_id = desk.submit(PORTRAIT, tell=False)
    statements = []

    def count(_conn, _cursor, statement, *_rest):
        statements.append(statement)

    event.listen(tools.database.engine, "before_cursor_execute", count)
    tasks.prepare(str(photo_id))
    event.remove(tools.database.engine, "before_cursor_execute", count)
    assert not [statement for statement in statements if statement.startswith("SELECT promotion")]
    assert len(statements) <= 5


def test_a_model_in_the_operators_folder_is_on_record_by_all_of_its_artifact(tmp_path):
    write_artifact(tmp_path, version="1.0.0")
    one = facts("bright@1.0.0", Registry(tmp_path))
    manifest = next(tmp_path.rglob("manifest.json"))
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("}", " }", 1), encoding="utf-8")
    assert facts("bright@1.0.0", Registry(Path(tmp_path))).sha256 != one.sha256


@pytest.fixture(autouse=True)
def _no_gate(monkeypatch):
    """What a gate would say of these profiles is told elsewhere."""
    monkeypatch.setattr(service, "require_fair", lambda *_: None)
