"""Whatever happens in whatever order: one token at a time, one print a token, and never other bytes.

`--hypothesis-profile=record` tries many more, others with each `--hypothesis-seed`.
"""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from photogate.access.keys import Client
from photogate.applications import service
from photogate.applications.tables import Stage
from photogate.jobs import service as jobs
from printing.ledger import Ledger
from tests.factories import (
    CLIENT,
    LEASE,
    PLACEHOLDER,
    PORTRAIT,
    PROFILE,
    decided,
    finish,
    intake,
    jpeg,
    photo_file,
    user,
)
from tests.figures import write
from tests.integration.printing.gate import Office, PrintGate

STEPS = 8
FIRST, SECOND = jpeg(), jpeg(colour="white")


@pytest.fixture
def office(database, tmp_path) -> Office:
    """An application whose first photo was refused and whose second one is approved."""
    refused = decided(database, PLACEHOLDER)
    with database.transaction() as session:
        further = replace(intake(), file=photo_file(SECOND))
        photo = service.resubmit(session, further, refused.application_id, PROFILE).photo
    with database.transaction() as session:
        job = jobs.claim(session, photo.id, Stage.PREPARE, lease=LEASE, max_attempts=3)
    approved = finish(database, job, PORTRAIT)
    Ledger.create(tmp_path / "ledger.db")
    return Office(
        database=database,
        client=CLIENT,
        stranger=Client("harbour office", frozenset()),
        approved=approved,
        reviewer=user(database).id,
        photos={refused.photo_id: FIRST, photo.id: SECOND},
        ledger=tmp_path / "ledger.db",
    )


def test_no_history_prints_twice_or_other_bytes(office, request):
    class Histories(PrintGate):
        pass

    Histories.office = office
    machine_settings = hypothesis_settings(
        stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    try:
        run_state_machine_as_test(Histories, settings=machine_settings)
    finally:
        write(f"print_gate_{request.config.getoption('--hypothesis-seed') or 'unseeded'}", office.counted)
    assert office.counted["prints"] > office.counted["histories"] / 50, "what never prints proves nothing"
