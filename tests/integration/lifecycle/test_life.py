"""Whatever happens in whatever order: nothing is printed unapproved, nothing forks, and nobody waits for nobody.

`--hypothesis-profile=routing` tries many more, others with each `--hypothesis-seed`.
"""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from photogate.jobs.service import RulesChanged
from tests.figures import write
from tests.integration.lifecycle.faults import FAULTS
from tests.integration.lifecycle.house import House
from tests.integration.lifecycle.life import Life

STEPS = 12
FEW = 100

USUAL = ("submitted", "finished", "decided", "taken back", "released", "erased", "given up", "hold placed")
RARE = (
    "issued",
    "resubmitted",
    "resumed",
    "let go",
    "run out",
    "handed back",
    "returned",
    "first verdicts",
    "golden judged",
    "approved live",
    "approved shadow",
    "proposed what_was_before",
    "proposed no_shadow",
    "withdrawn",
    "judged anew",
    "judgements beside",
)
"""What a hundred lives may lack, and thousands may not."""


@pytest.fixture
def house(database, settings) -> Iterator[House]:
    home = House.of(database, settings)
    yield home
    home.eye.close()


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


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_that_is_planted_is_found(house, monkeypatch, fault):
    place, name, broken = FAULTS[fault]
    monkeypatch.setattr(place, name, broken)
    with pytest.raises((AssertionError, IntegrityError, RulesChanged)):  # some promises hold by themselves
        live(house, max_examples=400, phases=[Phase.generate], derandomize=True, report_multiple_bugs=False)
