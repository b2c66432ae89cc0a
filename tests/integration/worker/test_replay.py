"""A decision comes out the same years later, or the replay says in one sentence why nobody can tell."""

import json
import shutil
from contextlib import closing

import pytest
import typer
from sqlalchemy import select
from sqlalchemy.engine import make_url
from typer.testing import CliRunner

from cli.replaying import replay as command
from embedded.provision import connect
from models.artifacts import WEIGHTS
from models.registry import Registry
from photogate.applicants.master_keys import KeyFolder
from photogate.applicants.service import Erased
from photogate.applicants.tables import Applicant
from photogate.applications.policies import PolicyUnreadable
from photogate.applications.tables import Policy
from photogate.audit.tables import Event, EventKind
from photogate.database import new_id
from photogate.errors import NotFound
from photogate.privacy.erasure import erase
from photogate.reviews import service as reviews
from photogate.reviews.tables import ReviewTask
from photogate.screening.verdicts import Verdict
from tests.factories import LEASE, decided, jpeg, user
from tests.factories import PORTRAIT as MEASURED
from tests.guards.tree import ROOT
from worker import tasks
from worker.replay import Kept, NotReplayable, RecordChanged, replay

PORTRAIT = (ROOT / "samples/portrait_collins.jpg").read_bytes()
TWO_PEOPLE = (ROOT / "samples/two_people.jpg").read_bytes()


@pytest.fixture
def kept(settings, store):
    return Kept(store, KeyFolder(settings.master_keys), Registry(settings.models_folder))


@pytest.fixture
def decision(desk, tools):
    """The policy's decision about a portrait, made by a worker."""
    return decision_about(desk, PORTRAIT)


def decision_about(desk, content):
    photo_id = desk.submit(content, tell=False)
    tasks.prepare(str(photo_id))
    return desk.decision(photo_id)


def replayed(database, kept, decision_id):
    with database.transaction() as session:
        return replay(session, kept, decision_id)


@pytest.fixture
def as_superuser(services, database_urls):
    """Runs a statement as somebody whom no right stops."""

    def run(statement, *values):
        url = make_url(services.superuser_url).set(database=make_url(database_urls.app).database)
        with closing(connect(url)) as connection, connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values)
            assert cursor.rowcount == 1

    return run


@pytest.mark.parametrize("photo", [PORTRAIT, TWO_PEOPLE])
def test_a_decision_comes_out_the_same(desk, tools, database, kept, photo):
    decision = decision_about(desk, photo)
    found = replayed(database, kept, decision.id)
    assert found.agrees
    assert found.now.scores == pytest.approx(found.then.scores, abs=1e-4)
    assert None not in found.now.scores.values()
    assert found.now.verdict is decision.verdict
    assert set(found.models) == set(decision.models)


def test_a_file_that_no_model_saw_is_decided_again_from_what_was_found(desk, tools, database, kept):
    decision = decision_about(desk, jpeg((800, 800))[:2000])
    found = replayed(database, kept, decision.id)
    assert (found.agrees, dict(found.models)) == (True, {})
    assert [reason.code for reason in found.now.reasons] == ["FILE_UNREADABLE"]


@pytest.mark.parametrize(
    ("field", "forged"),
    [("p_real", "0.985"), ("strangeness", "0.0"), ("p_ai_generated", "null")],
)
def test_a_forged_score_does_not_come_out_again(decision, database, kept, as_superuser, field, forged):
    forge = "UPDATE assessments SET measurements = jsonb_set(measurements, %s, %s) WHERE id = %s"
    as_superuser(forge, [field], forged, str(decision.assessment_id))
    assert not replayed(database, kept, decision.id).agrees


@pytest.mark.parametrize(
    "forge",
    [
        "UPDATE decisions SET verdict = 'approved' WHERE id = %s",
        "UPDATE decisions SET reasons = '[]' WHERE id = %s",
        "UPDATE decisions SET policy = 'lenient@1' WHERE id = %s",
        "UPDATE events SET details = details || '{\"verdict\": \"approved\"}' WHERE details->>'decision' = %s",
        "DELETE FROM events WHERE details->>'decision' = %s",
    ],
)
def test_a_record_that_the_log_tells_otherwise_was_changed(desk, tools, database, kept, as_superuser, forge):
    decision = decision_about(desk, TWO_PEOPLE)
    as_superuser(forge, str(decision.id))
    with pytest.raises(RecordChanged, match="its record was changed"):
        replayed(database, kept, decision.id)


def test_a_forged_reason_does_not_come_out_again(desk, tools, database, kept, as_superuser):
    decision = decision_about(desk, TWO_PEOPLE)
    as_superuser(
        "UPDATE decisions SET reasons = jsonb_set(reasons, '{0,threshold}', '3') WHERE id = %s", str(decision.id)
    )
    assert not replayed(database, kept, decision.id).agrees


def why_not(database, kept, decision_id):
    with pytest.raises(NotReplayable) as refused:
        replayed(database, kept, decision_id)
    return refused.value.detail


def test_what_a_person_decided_names_the_person(desk, tools, database, kept):
    before, ada = decision_about(desk, TWO_PEOPLE), user(database)
    with database.transaction() as session:
        case = session.scalars(select(ReviewTask.id)).one()
        reviews.claim(session, case, ada, LEASE)
    with database.transaction() as session:
        decision = reviews.decide(session, case, ada, Verdict.APPROVED, [])
    assert why_not(database, kept, decision.id) == (
        f"A person decided this, Ada (user:{ada.id}); the decision before it is {before.id}."
    )


def test_a_crop_whose_time_has_run_out_says_so(decision, database, kept, as_superuser):
    as_superuser("UPDATE photos SET crop_key = NULL WHERE id = %s", str(decision.photo_id))
    assert "its time has run out" in why_not(database, kept, decision.id)


def test_somebody_who_was_erased_is_not_replayed(decision, database, kept):
    with database.transaction() as session:
        erase(session, session.scalars(select(Applicant).with_for_update()).one(), "user:test")
    with pytest.raises(Erased, match="The applicant has been erased"):
        replayed(database, kept, decision.id)


def test_a_crop_that_is_gone_says_so(desk, decision, database, kept, store):
    store.delete(desk.photo(decision.photo_id).crop_key)
    assert "not in the store any more" in why_not(database, kept, decision.id)


def test_a_model_that_was_withdrawn_is_named(decision, database, kept, tmp_path):
    others = tmp_path / "weights"
    shutil.copytree(WEIGHTS, others)
    shutil.rmtree(others / "student")
    without = kept._replace(registry=Registry(tmp_path / "none", shipped=others))
    assert "no model called 'student' here" in why_not(database, without, decision.id)


def test_a_model_of_the_same_name_and_another_digest_is_none(decision, database, kept, as_superuser):
    other = json.dumps({next(iter(decision.models)): "ab" * 32})
    as_superuser("UPDATE decisions SET models = %s WHERE id = %s", other, str(decision.id))
    assert "is not the one with the SHA-256 abab" in why_not(database, kept, decision.id)


def test_a_policy_that_is_not_on_record_is_named(database, kept):
    decision = decided(database, MEASURED)  # by no worker, so that nobody put the policy on record
    with pytest.raises(NotFound, match=f"The policy {decision.policy} is not on record"):
        replayed(database, kept, decision.id)


def test_what_was_recorded_in_another_form_is_not_guessed_at(decision, database, kept, as_superuser):
    as_superuser(
        """UPDATE assessments SET measurements = measurements || '{"aura": "blue"}' WHERE id = %s""",
        str(decision.assessment_id),
    )
    assert "cannot read" in why_not(database, kept, decision.id)


def test_a_decision_that_there_is_not(database, kept):
    with pytest.raises(NotFound, match="no such decision"):
        replayed(database, kept, new_id())


@pytest.fixture
def photogate(settings, monkeypatch):
    """`photogate audit replay`: exit code, and what was said."""
    monkeypatch.setattr("cli.replaying.get_settings", lambda: settings)
    app = typer.Typer()
    app.command()(command)

    def run(decision_id):
        outcome = CliRunner().invoke(app, [str(decision_id)], catch_exceptions=False)
        return outcome.exit_code, outcome.stdout, outcome.stderr.strip()

    return run


def test_the_command_ends_with_0_when_both_agree_and_leaves_a_trace(photogate, decision, database):
    code, said, _ = photogate(decision.id)
    assert code == 0
    assert f"scored by {' and '.join(decision.models)} and judged by {decision.policy}." in said
    assert "The decision comes out the same" in said
    with database.transaction() as session:
        [event] = session.scalars(select(Event).where(Event.kind == EventKind.DECISION_REPLAYED)).all()
        assert (event.actor, event.application_id) == ("user:command-line", decision.application_id)
        assert event.details == {"decision": str(decision.id), "agrees": True}


def test_the_command_ends_with_1_when_they_do_not(photogate, decision, as_superuser):
    as_superuser(
        "UPDATE assessments SET measurements = jsonb_set(measurements, '{p_real}', '0.985') WHERE id = %s",
        str(decision.assessment_id),
    )
    code, said, _ = photogate(decision.id)
    assert code == 1
    assert "does NOT come out the same" in said
    as_superuser("UPDATE decisions SET verdict = 'rejected' WHERE id = %s", str(decision.id))
    code, _, said = photogate(decision.id)
    assert code == 1
    assert "its record was changed" in said


@pytest.mark.parametrize("decision_id", ["01890000-0000-7000-8000-000000000000", "tuesday", "-1", "0" * 200])
def test_the_command_ends_with_2_and_one_sentence_for_what_is_no_decision(photogate, database, decision_id):
    code, _, said = photogate(decision_id)
    assert code == 2
    assert "\n" not in said or decision_id == "-1"


def test_policies_of_then_judge_and_not_the_one_of_today(decision, database, kept, as_superuser):
    with database.transaction() as session:
        assert session.scalars(select(Policy.reference)).all() == [decision.policy]
    as_superuser("UPDATE policies SET body = jsonb_set(body, '{real_photo,approve_at}', '0.6')")
    with pytest.raises(PolicyUnreadable, match="does not have the SHA-256"):
        replayed(database, kept, decision.id)
