"""Whatever a superuser does to the log and however it is covered up, a checkpoint kept elsewhere shows it."""

import random
from itertools import product

import pytest
from sqlalchemy.engine import make_url

from benchmarks.figures.record_tampering import House
from benchmarks.fresh import Fresh
from benchmarks.intruder import Cover, Crime
from photogate.database import Database


@pytest.fixture
def house(services, settings, database, store):
    """A log whose last checkpoint is in the store, and everything that a superuser may do to it."""
    url = make_url(services.superuser_url).set(database=make_url(settings.database_url).database)
    fresh = Fresh(settings, url.render_as_string(hide_password=False))
    superuser = Database(fresh.superuser_url)
    made = House(fresh, database, superuser, random.Random(4))
    yield made
    made.forget_backups()
    superuser.close()


def test_every_crime_is_found_and_an_untouched_log_is_fine(house, tmp_path):
    assert house.verified(tmp_path / "before") is None
    cases = [
        house.tampered(crime, cover, tmp_path / f"{crime.name}-{cover.name}") for crime, cover in product(Crime, Cover)
    ]
    assert [(case.crime, case.cover) for case in cases if case.said is None] == []
    assert [case for case in cases if case.first is not None and case.said != case.first] == []
    assert sum(case.first is not None for case in cases) == 5
    assert house.verified(tmp_path / "after") is None
