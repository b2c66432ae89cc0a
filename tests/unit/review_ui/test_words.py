"""Words for people."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from photogate.access.tables import Role
from photogate.audit.tables import EventKind
from photogate.screening.verdicts import Verdict
from review_ui import words


def test_every_event_verdict_and_role_has_words():
    assert set(words.EVENTS) == set(EventKind)
    assert set(words.VERDICTS) == set(Verdict)
    assert set(words.ROLES) == set(Role)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-3), "less than a minute"),
        (timedelta(seconds=59), "less than a minute"),
        (timedelta(minutes=5), "5 min"),
        (timedelta(hours=3, minutes=7), "3 h 07 min"),
        (timedelta(days=2, hours=4, minutes=50), "2 d 4 h"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, said):
    assert words.how_long(span) == said


def test_everybody_reads_the_same_time():
    in_the_east = datetime(2026, 11, 21, 1, 5, tzinfo=timezone(timedelta(hours=3)))
    assert words.moment(in_the_east) == words.Moment("2026-11-20T22:05:00+00:00", "20 Nov 2026, 22:05 UTC")
    assert words.moment(in_the_east.astimezone(UTC)) == words.moment(in_the_east)


@pytest.mark.parametrize(("value", "said"), [(2.0, "2"), (0.98, "0.98"), (0.6414, "0.641"), (0.0, "0")])
def test_a_number_has_as_many_digits_as_a_person_compares(value, said):
    assert words.number(value) == said


@pytest.mark.parametrize(
    ("value", "limit", "said"),
    [(0.97996, 0.98, "0.97996"), (0.9796, 0.98, "0.9796"), (0.98, 0.98, "0.98"), (2, 1, "2")],
)
def test_a_number_is_never_rounded_onto_its_limit(value, limit, said):
    assert words.number(value, limit) == said


@pytest.mark.parametrize(("size", "said"), [(900, "0.9 kB"), (86_100, "86.1 kB"), (2_340_000, "2.3 MB")])
def test_a_files_size_comes_in_the_unit_that_suits_it(size, said):
    assert words.file_size(size) == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("client:ministry", "ministry"),
        ("user:1", "Ada"),
        ("user:2", "Somebody"),
        ("policy:default@1", "Policy default@1"),
        ("system", "Photogate"),
    ],
)
def test_actors_have_names(written, said):
    assert words.actor(written, {"1": "Ada"}) == said


def test_a_reason_given_twice_is_said_once():
    assert words.plain_words(["NOT_SHARP", "EYES_CLOSED", "NOT_SHARP"]) == (
        "The photo is not sharp.",
        "The eyes are closed.",
    )
