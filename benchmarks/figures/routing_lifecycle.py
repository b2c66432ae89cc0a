"""Whether anything that can happen to an application, in any order, breaks what must always hold."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks import out
from benchmarks.figures.programs import run, run_tests
from benchmarks.figures.promise import Context, Figure, Promise, Proof

LIVES_TRIED, SEEDS = 10_000, range(2)
"""Twice 5,000 lives, side by side, each with a database of its own."""

TESTS = "tests/integration/lifecycle/test_life.py"
ONE_TEST = f"{TESTS}::test_no_life_breaks_a_promise"
BREAKING_TESTS = "tests/integration/worker/test_case_keeping.py"

LIVES = Promise("random lives of applications in which every promise held", least=LIVES_TRIED)
STEPS = Promise("steps of them that were carried out, each followed by a look at every promise", least=LIVES_TRIED)
FALL_BACKS = Promise("models resumed after falling back in them", least=100)
PROMOTIONS = Promise("times that other rules went live in them", least=1_000)
GOLDEN = Promise("golden cases judged in them", least=100)
EVENTS = Promise("events of them that the log proves", least=LIVES_TRIED)
PLANTED = Promise("faults planted in the services", least=15)
UNFOUND = Promise("of them that the same lives did not find", least=0, most=0)
BROKEN = Promise("cases broken by hand at the database", least=30)
UNMENDED = Promise("of them neither repaired nor reported", least=0, most=0)

_NO_STEPS = {
    "lives",
    "refused",
    "events verified",
    "first verdicts",
    "golden shown",
    "judged anew",
    "judgements beside",
}


def lives(context: Context) -> list[Figure]:
    """Let ten thousand lives run against the real services and a real database."""
    with ThreadPoolExecutor(len(SEEDS)) as beside:
        each = context.share(LIVES_TRIED // len(SEEDS))
        counted = sum(beside.map(partial(_lives, each), SEEDS), Counter())
    return [
        LIVES.measured(counted["lives"]),
        STEPS.measured(
            sum(count for what, count in counted.items() if what not in _NO_STEPS and " after " not in what)
        ),
        FALL_BACKS.measured(counted["resumed"]),
        PROMOTIONS.measured(counted["approved live"]),
        GOLDEN.measured(counted["golden judged"]),
        EVENTS.measured(counted["events verified"]),
    ]


def _lives(count: int, seed: int) -> Counter[str]:
    name = f"lives_{seed}"
    out.forget(name)
    plain = ("-p", "no:cacheprovider", "-o", "faulthandler_timeout=0")
    seeded = ("--hypothesis-profile=routing", f"--hypothesis-seed={seed}")
    ended = run("-m", "pytest", "-q", *plain, *seeded, ONE_TEST, timeout_s=7200, LIVES=str(count))
    ended.require_success()
    return Counter(out.saved(name))


def planted(_context: Context) -> list[Figure]:
    """Break the services on purpose: lives that find nothing then would prove nothing."""
    tried, failed = run_tests(TESTS, timeout_s=1800).stories()
    return [PLANTED.measured(tried - 1), UNFOUND.measured(failed)]


def broken(_context: Context) -> list[Figure]:
    """Break cases at the database, as only its superuser can, and let the keeper look."""
    tried, failed = run_tests(BREAKING_TESTS, timeout_s=1800).stories()
    return [BROKEN.measured(tried), UNMENDED.measured(failed)]


LIFECYCLE = (
    Proof("10,000 lives of applications", (LIVES, STEPS, FALL_BACKS, PROMOTIONS, GOLDEN, EVENTS), lives),
    Proof("faults planted in the services", (PLANTED, UNFOUND), planted),
    Proof("cases broken by hand", (BROKEN, UNMENDED), broken),
)
