"""Proposals and approvals that make no sense: each is refused by its kind, with one sentence."""

from dataclasses import replace

import pytest

from photogate.access.tables import Role
from photogate.applications import policies
from photogate.applications.policies import PolicyChanged
from photogate.database import new_id
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.promotions import models, queries, service
from photogate.promotions.refusals import (
    BoundUnsupported,
    NothingChanges,
    OwnProposal,
    ProfileRefused,
    ProposalSettled,
    ProposalStale,
)
from photogate.promotions.service import Change
from tests.factories import PROFILE, user
from tests.integration.photogate.promoted import (
    BETTER,
    CAMERA,
    STRICTER,
    STUDENT,
    adopted,
    approved,
    on_record,
    proposed,
    two_admins,
)
from tests.keys import KMS

SHIPPED = f'name = "demo"\nversion = {PROFILE.version}\nmin_short_side_px = 120\nmax_resubmissions = 5\n'
TOML = SHIPPED.replace(f"version = {PROFILE.version}", "version = 7")
CHECKS = "[real_photo]\napprove_at = {}\nrefuse_at = {}\n[single_face]\nsmallest_share = 0.1\n"


def one_sentence(refused):
    detail = refused.value.detail
    assert detail.endswith(".")
    assert detail.count(". ") == 0


@pytest.fixture
def admins(database):
    adopted(database)
    on_record(database)
    return two_admins(database)


@pytest.mark.parametrize(
    ("change", "because", "refusal"),
    [
        (Change(policy="demo@999"), "why not", NotFound),
        (Change(model="student@0.0.1"), "why not", NotFound),
        (Change(camera="student@99.0.0"), "why not", NotFound),
        (Change(model=CAMERA.reference), "why not", NotFound),
        (Change(), "why not", NothingChanges),
        (Change(policy=PROFILE.reference), "why not", NothingChanges),
        (Change(policy=STRICTER.reference), " ", Unprocessable),
        (Change(policy=STRICTER.reference), "x" * 501, Unprocessable),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(database, admins, change, because, refusal):
    with database.transaction() as session:
        models.record(session, CAMERA)
    with pytest.raises(refusal) as refused, database.transaction() as session:
        service.propose(session, admins[0], change, because)
    one_sentence(refused)


def test_before_anything_decides_there_is_nothing_to_change(database):
    with pytest.raises(Conflict, match="Nothing decides yet") as refused:
        proposed(database, two_admins(database)[0], Change(policy="demo@1"))
    one_sentence(refused)


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_nobody_but_an_admin_changes_what_decides(database, admins, role):
    other = user(database, role, "other@example.org")
    wanted = proposed(database, admins[0], Change(policy=STRICTER.reference))
    for step in (
        lambda session: service.propose(session, other, Change(model=BETTER.reference), "please"),
        lambda session: service.approve(session, other, wanted.id, "please", KMS),
        lambda session: service.withdraw(session, other, wanted.id, "please"),
        lambda session: service.roll_back(session, other, 1, "please"),
        lambda session: service.propose_no_shadow(session, other, "please"),
    ):
        with pytest.raises(Forbidden) as refused, database.transaction() as session:
            step(session)
        one_sentence(refused)


def test_its_author_does_not_approve(database, admins):
    wanted = proposed(database, admins[0], Change(policy=STRICTER.reference))
    with pytest.raises(OwnProposal) as refused:
        approved(database, admins[0], wanted)
    one_sentence(refused)


def test_a_proposal_from_before_another_promotion_is_stale(database, admins):
    ann, bob = admins
    stale = proposed(database, ann, Change(model=BETTER.reference))
    approved(database, bob, proposed(database, ann, Change(policy=STRICTER.reference)))
    with pytest.raises(ProposalStale) as refused:
        approved(database, bob, stale)
    one_sentence(refused)
    with database.transaction() as session:
        service.withdraw(session, bob, stale.id, "Stale.")
        assert queries.waiting(session) == []


def test_a_proposal_is_settled_once(database, admins):
    ann, bob = admins
    wanted = proposed(database, ann, Change(policy=STRICTER.reference))
    approved(database, bob, wanted)
    for settle, *more in ((service.approve, KMS), (service.withdraw,)):
        with pytest.raises(ProposalSettled) as refused, database.transaction() as session:
            settle(session, bob, wanted.id, "again", *more)
        one_sentence(refused)


def test_a_proposal_or_promotion_that_is_not_there_is_not_found(database, admins):
    with pytest.raises(NotFound), database.transaction() as session:
        service.approve(session, admins[0], new_id(), "why not", KMS)
    with pytest.raises(NotFound, match="number 9"), database.transaction() as session:
        service.roll_back(session, admins[0], 9, "why not")


@pytest.mark.parametrize(
    "toml",
    [
        "",
        "name = ",
        TOML + CHECKS.format(0.5, 0.9),
        TOML + CHECKS.format(1.2, 0.1),
        TOML + CHECKS.format('"high"', 0.1),
        TOML + CHECKS.format("nan", 0.1),
        TOML + CHECKS.format(0.98, 0.02) + "[telepathy]\nat = 1\n",
        TOML.replace('"demo"', '"Demo!"') + CHECKS.format(0.98, 0.02),
        TOML.replace("version = 7", "version = 0") + CHECKS.format(0.98, 0.02),
        TOML.replace("120", "-1") + CHECKS.format(0.98, 0.02),
        TOML + CHECKS.format(0.98, 0.02) + "[risk]\nplaceholders_approved = 0.7\n",
    ],
)
def test_a_profile_that_contradicts_itself_is_refused(database, toml):
    with pytest.raises(ProfileRefused) as refused, database.transaction() as session:
        service.put_profile(session, toml)
    assert refused.value.detail.endswith(".")


def test_a_version_that_is_on_record_with_other_content_is_refused(database, admins):
    with pytest.raises(PolicyChanged) as refused, database.transaction() as session:
        service.put_profile(session, SHIPPED + CHECKS.format(0.6, 0.1))
    one_sentence(refused)


def test_a_model_that_does_not_promise_what_the_profile_bounds_is_refused(database, admins):
    bolder = replace(STRICTER, version=50, risk=replace(STRICTER.risk, placeholders_approved=0.0001))
    silent = replace(STUDENT, reference="silent@1.0.0", guarantee=None)
    with database.transaction() as session:
        policies.record(session, bolder)
        models.record(session, silent)
    for change in (Change(policy=bolder.reference), Change(model=silent.reference)):
        with pytest.raises(BoundUnsupported) as refused:
            proposed(database, admins[0], change)
        one_sentence(refused)


def test_a_gate_that_refuses_keeps_the_rules_as_they_are(database, admins, monkeypatch):
    ann, bob = admins
    asked = []

    def gate(_session, now, then, _kms):
        asked.append((now.profile.reference, then.profile.reference))
        raise Conflict("It would refuse one group too often.")

    monkeypatch.setattr(service, "require_fair", gate)
    wanted = proposed(database, ann, Change(policy=STRICTER.reference))
    with pytest.raises(Conflict, match="one group"):
        approved(database, bob, wanted)
    assert asked == [(PROFILE.reference, STRICTER.reference)]
    with database.transaction() as session:
        assert service.live(session).number == 1
        assert [one.id for one in queries.waiting(session)] == [wanted.id]
