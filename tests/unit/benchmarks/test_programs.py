import pytest

from benchmarks.figures.programs import run
from benchmarks.figures.promise import NotMeasured


def test_a_program_that_fails_is_quoted():
    ended = run("-c", "print('at first'); raise SystemExit('no Postgres here')", timeout_s=30)
    with pytest.raises(NotMeasured, match="ended with status 1 and said: no Postgres here"):
        ended.require_success()


def test_a_program_that_succeeds_is_timed():
    ended = run("-c", "import time; time.sleep(0.1)", timeout_s=30)
    ended.require_success()
    assert ended.seconds >= 0.1
    assert ended.last_words == "nothing"


def test_a_program_that_hangs_is_ended():
    with pytest.raises(NotMeasured, match=r"did not end within 0\.2 s"):
        run("-c", "import time; time.sleep(30)", timeout_s=0.2)
