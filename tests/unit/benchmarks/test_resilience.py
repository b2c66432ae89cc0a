from pathlib import Path

import pytest

from benchmarks import out
from benchmarks.figures import resilience
from benchmarks.figures.programs import Ended
from benchmarks.figures.promise import Context

ANYWHERE = Context(Path())


@pytest.fixture
def pytest_says(monkeypatch, tmp_path):
    monkeypatch.setattr(out, "FOLDER", tmp_path)

    def say(output, *, status, counted=None):
        def ended(_file, **_limits):
            if counted:
                out.save("kills", counted)
            return Ended("python -m pytest", status, output, 1.0)

        monkeypatch.setattr(resilience, "run_tests", ended)

    return say


def lines(proof):
    return [(str(figure), figure.ok) for figure in proof.figures(ANYWHERE)]


def test_every_story_of_bad_input_is_counted_and_a_failed_one_does_not_hold(pytest_says):
    pytest_says("F....\n1 failed, 14 passed in 3.21s\n", status=1)
    assert lines(resilience.UNDER_BAD_INPUT) == [
        ("stories of bad input tried: 15 (≥ 10)", True),
        ("of them without a typed problem or with something left behind: 1 (0)", False),
    ]


def test_tests_that_cannot_start_prove_nothing(pytest_says):
    pytest_says("2 errors in 0.10s\n", status=1)
    assert not any(ok for _, ok in lines(resilience.UNDER_BAD_INPUT))


def test_what_the_kills_cost_is_read_from_what_the_test_counted(pytest_says):
    pytest_says("1 failed in 90s\n", status=1, counted={"kills": 50, "lost": 1, "doubled": 0})
    assert [ok for _, ok in lines(resilience.UNDER_KILLS)] == [True, False, True]


def test_kills_that_nobody_counted_prove_nothing(pytest_says):
    pytest_says("1 failed in 2s\n", status=1)
    assert all("not measured" in line and not ok for line, ok in lines(resilience.UNDER_KILLS))
