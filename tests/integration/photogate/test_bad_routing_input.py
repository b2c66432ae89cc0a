"""Bounds, samples and resumptions that make no sense: each is refused by its kind, with one sentence."""

from dataclasses import asdict, replace
from itertools import product

import pytest

from photogate.access.tables import Role
from photogate.applications.profiles import load_profile
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.mandates import service
from photogate.releases.keys import new_key
from photogate.releases.service import ApprovalSuspended
from photogate.reviews.evidence import EvidenceChanged
from photogate.reviews.verdicts import AdjudicatorNeeded, SamePerson
from photogate.screening.errors import ProfileError
from photogate.screening.four_eyes import FourEyes
from photogate.screening.profile import read_profile
from photogate.screening.risk import Risk
from tests.factories import PORTRAIT, user
from tests.integration.photogate.four_eyed import NOT_SHARP, opened, says, taken
from tests.integration.photogate.mandated import EVERYBODY, MODEL, begin, judged_by_machine, turn_bad
from tests.integration.photogate.releasing import let_go, release

DEFAULT = load_profile("default")
RISK = Risk(0.01, 0.005, 0.05, 0.1, "a seed")


BAD = {
    "placeholders_approved": (0, 0.5, -1, 2, float("nan"), "0.01", True),
    "reals_refused": (0, 0.5, float("inf"), None),
    "delta": (0, 0.5, 1, []),
    "sample_share": (-0.1, 1.1, "all", float("nan")),
    "sample_seed": ("", 7, None),
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_a_bound_out_of_range_is_refused_with_one_sentence(name, value):
    written = {**DEFAULT.to_json(), "risk": {**asdict(RISK), name: value}}
    with pytest.raises(ProfileError, match=f"^{name} [^.]*(\\.[0-9][^.]*)*$"):
        read_profile(written)


@pytest.mark.parametrize("part", asdict(RISK))
def test_a_bound_without_one_of_its_parts_is_refused(part):
    written = {name: value for name, value in asdict(RISK).items() if name != part}
    with pytest.raises(ProfileError, match="Risk wants exactly"):
        read_profile({**DEFAULT.to_json(), "risk": written})


@pytest.mark.parametrize("risk", ["0.01", [], True, {}])
def test_a_bound_that_is_no_section_is_refused(risk):
    with pytest.raises(ProfileError, match="Risk wants exactly"):
        read_profile({**DEFAULT.to_json(), "risk": risk})


@pytest.fixture
def admin(database):
    return user(database, Role.ADMIN, "root@example.org")


@pytest.mark.parametrize(
    ("policy", "model", "because", "refusal"),
    [
        ("watched@1", "nobody@1.0.0", "why not", NotFound),
        ("default@999", MODEL, "why not", NotFound),
        (EVERYBODY.reference, MODEL, "nothing is suspended", Conflict),
        (EVERYBODY.reference, MODEL, " ", Unprocessable),
        (EVERYBODY.reference, MODEL, "x" * 501, Unprocessable),
    ],
)
def test_a_resumption_that_makes_no_sense_is_refused_in_one_sentence(database, admin, policy, model, because, refusal):
    begin(database)
    with pytest.raises(refusal) as refused, database.transaction() as session:
        service.resume(session, policy, model, admin, because)
    assert refused.value.detail.count(". ") == 0


@pytest.mark.parametrize("role", [Role.REVIEWER, Role.AUDITOR])
def test_nobody_but_an_admin_resumes_a_model(database, role):
    begin(database)
    turn_bad(database, user(database))
    with pytest.raises(Forbidden) as refused, database.transaction() as session:
        service.resume(session, EVERYBODY.reference, MODEL, user(database, role, "other@example.org"), "please")
    assert refused.value.detail.count(". ") == 0


def test_a_model_that_falls_back_during_a_release_stops_it(database, tmp_path):
    key = tmp_path / "release-key.pem"
    new_key(key)
    begin(database)
    alone = judged_by_machine(database, PORTRAIT, replace(EVERYBODY, risk=replace(EVERYBODY.risk, sample_share=0)))
    held = release(database, key, alone.application_id, hold=True)
    turn_bad(database, user(database))
    with pytest.raises(ApprovalSuspended) as refused:
        let_go(database, key, held)
    assert refused.value.detail.count(". ") == 0


GOOD_FOUR_EYES = {"reasons": ["DIGITALLY_EDITED"], "groups": ["rejected"], "share": 0.1, "seed": "a seed"}
BAD_FOUR_EYES = [
    *product(["reasons"], (["NO_SUCH_REASON"], "DIGITALLY_EDITED", [7], [["DIGITALLY_EDITED"]], None)),
    *product(["groups"], (["everybody"], {"rejected": True})),
    *product(["share"], (-0.1, 1.1, "all", None, True, float("nan"))),
    *product(["seed"], ("", 7)),
]


@pytest.mark.parametrize(("name", "value"), BAD_FOUR_EYES)
def test_what_cannot_be_meant_is_refused_with_one_sentence(name, value):
    with pytest.raises(ProfileError) as refused:
        read_profile({**DEFAULT.to_json(), "four_eyes": {**GOOD_FOUR_EYES, name: value}})
    assert str(refused.value).count(". ") == 0


def test_four_eyes_that_ask_for_nobody_contradict_themselves():
    with pytest.raises(ProfileError, match="asks for nobody"):
        FourEyes((), (), 0, "a seed")


def test_a_person_who_looks_twice_is_refused_with_one_sentence(database):
    ada, task = user(database), opened(database)
    says(database, task.id, ada)
    with pytest.raises(SamePerson) as refused:
        taken(database, task.id, ada)
    assert refused.value.detail.count(". ") == 0


def test_a_reviewer_who_would_settle_a_disagreement_is_refused_with_one_sentence(database):
    ada, ben, carol = (user(database, email=f"{name}@example.org") for name in ("ada", "ben", "carol"))
    task = opened(database)
    says(database, task.id, ada)
    says(database, task.id, ben, *NOT_SHARP)
    with pytest.raises(AdjudicatorNeeded) as refused:
        taken(database, task.id, carol)
    assert refused.value.detail.count(". ") == 0


def test_a_verdict_on_evidence_that_is_no_longer_there_is_refused_with_one_sentence(database):
    task = opened(database)
    with pytest.raises(EvidenceChanged) as refused:
        says(database, task.id, user(database), seen="0" * 64)
    assert (refused.value.status, refused.value.detail.count(". ")) == (412, 0)
