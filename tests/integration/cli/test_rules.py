"""`photogate profiles` and `photogate models`: proposing, approving, rolling back from the command line."""

import re

import pytest
from typer.testing import CliRunner

from cli import rules
from cli.models import models
from cli.profiles import profiles
from photogate.access.tables import Role
from photogate.errors import Conflict, NotFound
from photogate.promotions import service
from photogate.promotions.refusals import OwnProposal
from tests.factories import PROFILE, user
from tests.integration.photogate.promoted import BETTER, STRICTER, adopted, on_record
from tests.unit.models.artifact_made import write_artifact


@pytest.fixture(autouse=True)
def people(database, settings, monkeypatch, tmp_path):
    own = tmp_path / "own"
    write_artifact(own, version="1.0.0")
    here = settings.model_copy(update={"models_folder": own})
    for module in ("cli.rules", "cli.model_rules", "cli.models"):
        monkeypatch.setattr(f"{module}.get_settings", lambda: here)
    adopted(database)
    on_record(database)
    for name in ("ann", "bob"):
        user(database, Role.ADMIN, f"{name}@example.org")


def run(app, *arguments, by=None):
    asked = (*arguments, "--by", f"{by}@example.org", "--because", "Fewer placeholders.") if by else arguments
    done = CliRunner().invoke(app, [str(one) for one in asked], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def proposal_in(output):
    return re.search(r"Proposed as ([0-9a-f-]{36})", output)[1]


def live(database):
    with database.transaction() as session:
        return service.live(session).rules


def test_a_policy_is_proposed_compared_approved_and_rolled_back(database):
    told = run(profiles, "propose", STRICTER.reference, by="ann")
    assert "approve from 0.98 → 0.985" in run(profiles, "diff", PROFILE.reference, STRICTER.reference)
    assert "Waiting for a second admin" in run(profiles, "list")
    assert STRICTER.reference in run(profiles, "approve", proposal_in(told), by="bob")
    assert live(database).policy == STRICTER.reference
    back = run(profiles, "rollback", by="bob")
    run(profiles, "approve", proposal_in(back), by="ann")
    assert live(database).policy == PROFILE.reference
    assert '"approve_at": 0.98' in run(profiles, "show", PROFILE.reference)


def test_a_policy_is_proposed_as_a_file_or_by_its_shipped_name(database, tmp_path):
    file = tmp_path / "own.toml"
    file.write_text(
        'name = "own"\nversion = 1\nmin_short_side_px = 150\nmax_resubmissions = 5\n'
        "[real_photo]\napprove_at = 0.99\nrefuse_at = 0.02\n[single_face]\nsmallest_share = 0.1\n",
        encoding="utf-8",
    )
    assert "own@1" in run(profiles, "propose", file, by="ann")
    assert "default@" in run(profiles, "propose", "default", "--shadow", by="ann")
    with pytest.raises(NotFound, match="no file"):
        run(profiles, "propose", tmp_path / "nothing.toml", by="ann")


def test_its_author_is_refused(database):
    wanted = proposal_in(run(profiles, "propose", STRICTER.reference, by="ann"))
    with pytest.raises(OwnProposal):
        run(profiles, "approve", wanted, by="ann")
    assert "Withdrawn" in run(profiles, "withdraw", wanted, by="ann")


def test_a_model_is_verified_before_it_is_proposed_and_must_promise_what_is_bound(database):
    with pytest.raises(Conflict, match=r"bright@1\.0\.0 promises nothing"):
        run(models, "propose", "bright@1.0.0", by="ann")
    assert run(models, "diff", live(database).model, BETTER.reference) == ""


def test_a_model_that_decides_is_not_promoted_by_one_alone(database):
    name = live(database).model
    with pytest.raises(Conflict, match="two people change"):
        CliRunner().invoke(models, ["promote", name], catch_exceptions=False)


def test_nothing_earlier_is_told_in_one_sentence():
    with pytest.raises(Conflict, match="no earlier policy"):
        run(profiles, "rollback", by="ann")
    with pytest.raises(NotFound, match="e-mail"):
        run(profiles, "rollback", by="nobody")


def test_ending_what_judges_beside_is_proposed_too(database):
    told = run(profiles, "propose", STRICTER.reference, "--shadow", by="ann")
    run(profiles, "approve", proposal_in(told), by="bob")
    assert "Beside it" in run(profiles, "list")
    end = run(profiles, "no-shadow", by="bob")
    assert "nothing judges beside" in run(profiles, "approve", proposal_in(end), by="ann")


def test_rules_in_one_line():
    assert rules.named(None) == "nothing judges beside what decides"
