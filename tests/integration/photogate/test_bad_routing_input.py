"""Bounds, samples and resumptions that make no sense: each is refused by its kind, with one sentence."""

from dataclasses import asdict, replace

import pytest

from photogate.access.tables import Role
from photogate.applications.profiles import load_profile
from photogate.errors import Conflict, Forbidden, NotFound, Unprocessable
from photogate.mandates import service
from photogate.releases.keys import new_key
from photogate.releases.service import ApprovalSuspended
from photogate.screening.errors import ProfileError
from photogate.screening.profile import read_profile
from photogate.screening.risk import Risk
from tests.factories import PORTRAIT, user
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
