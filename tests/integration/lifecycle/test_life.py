"""Whatever happens in whatever order: nothing is printed unapproved, nothing forks, and nobody waits for nobody.

`--hypothesis-profile=routing` tries many more, others with each `--hypothesis-seed`.
"""

from hashlib import sha256

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from photogate.applications.tables import DecisionRecord, Photo
from photogate.audit import sequencing
from photogate.privacy import erasure
from photogate.releases import service as releases
from photogate.reviews import service as reviews
from photogate.reviews import verdicts
from tests.figures import write
from tests.integration.lifecycle.house import House
from tests.integration.lifecycle.life import Life

STEPS = 12
FEW = 100

USUAL = ("submitted", "finished", "decided", "taken back", "released", "erased", "given up", "hold placed")
RARE = (
    "issued",
    "resubmitted",
    "resumed",
    "profile changed",
    "let go",
    "run out",
    "handed back",
    "returned",
    "first verdicts",
)
"""What a hundred lives may lack, and thousands may not."""


@pytest.fixture
def house(database, settings) -> House:
    return House.of(database, settings)


def live(house: House, **how) -> None:
    """Try lives; raises what breaks a promise."""

    class Lives(Life):
        pass

    Lives.house = house
    plain = {"stateful_step_count": STEPS, "deadline": None, "database": None}
    run_state_machine_as_test(
        Lives, settings=hypothesis_settings(suppress_health_check=list(HealthCheck), **plain, **how)
    )


def test_no_life_breaks_a_promise(house, request, tmp_path):
    is_for_the_record = request.config.getoption("--hypothesis-profile") == "routing"
    try:
        live(house, **({} if is_for_the_record else {"max_examples": FEW, "derandomize": True}))
        whole = house.log.verified_as_a_whole(tmp_path / "log")
        house.counted["events verified"] = whole.size
        assert (whole.fault, whole.size) == (None, house.log.size)
    finally:
        write(f"lives_{request.config.getoption('--hypothesis-seed') or 'unseeded'}", house.counted)
    for done in (*USUAL, *(RARE if is_for_the_record else ())):
        assert house.counted[done], f"a life in which nothing is {done} proves nothing about it"


def unchecked(session, application, _sha256):
    """A print gate that takes the newest decision, whatever it says."""
    newest = select(DecisionRecord).where(DecisionRecord.application_id == application.id)
    decision = session.scalars(newest.order_by(DecisionRecord.id.desc()).limit(1)).one_or_none()
    if decision is None:
        raise releases.NotApproved("Nothing was decided.")
    return decision, session.get_one(Photo, decision.photo_id)


FAULTS = {
    "a release is made without a check": (releases, "_approved", unchecked),
    "a release outlives its decision": (releases, "withdraw_superseded", lambda *_: None),
    "a suspended model's approval is printed": (releases, "may_not_approve", lambda *_: False),
    "nobody is asked": (reviews, "open_task", lambda *_, **__: None),
    "a reviewer is their own second person": (verdicts, "require_another", lambda *_: None),
    "an erasure leaves the cases open": (erasure, "_close", lambda *_: None),
    "a legal hold does not hold": (erasure, "require_no_hold", lambda _: None),
    "the log has other events than happened": (sequencing, "leaf_hash", lambda leaf: sha256(b"?" + leaf).digest()),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_planted_is_found(house, monkeypatch, fault):
    place, name, broken = FAULTS[fault]
    monkeypatch.setattr(place, name, broken)
    with pytest.raises((AssertionError, IntegrityError)):  # the database holds some promises by itself
        live(house, max_examples=400, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)
