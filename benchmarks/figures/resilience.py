"""What survives kills, lost messages and bad input: the tests that try it, counted."""

from benchmarks import out
from benchmarks.figures.programs import run_tests
from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof

KILLS_TEST = "tests/integration/worker/test_kills.py"
BAD_INPUT_TEST = "tests/integration/api/test_bad_input.py"

KILLS = Promise("kills (-9) of workers and relay under load, with one wipe of Redis", least=50)
LOST = Promise("photos lost meanwhile", least=0, most=0)
DOUBLED = Promise("photos decided twice meanwhile", least=0, most=0)
BAD_INPUTS = Promise("stories of bad input tried", least=10)
UNANSWERED = Promise("of them without a typed problem or with something left behind", least=0, most=0)


def kills(_context: Context) -> list[Figure]:
    """Kill workers and relay while photos are decided."""
    out.forget("kills")
    ended = run_tests(KILLS_TEST, timeout_s=1200)
    try:
        counted = out.saved("kills")
    except FileNotFoundError:
        ended.require_success()
        raise NotMeasured(f"{KILLS_TEST} passed without counting.") from None
    return [
        KILLS.measured(counted["kills"]),
        LOST.measured(counted["lost"]),
        DOUBLED.measured(counted["doubled"]),
    ]


def bad_input(_context: Context) -> list[Figure]:
    """Send what should not be sent."""
    ended = run_tests(BAD_INPUT_TEST, timeout_s=600)
    tried, failed = ended.stories()
    return [BAD_INPUTS.measured(tried), UNANSWERED.measured(failed)]


UNDER_KILLS = Proof("50 kills under load", (KILLS, LOST, DOUBLED), kills)
UNDER_BAD_INPUT = Proof("bad input", (BAD_INPUTS, UNANSWERED), bad_input)
