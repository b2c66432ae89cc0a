"""Whether the print gate lets anything through twice, or lets anything else through."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks import out
from benchmarks.figures.programs import run, run_tests
from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof

HISTORIES_TRIED, SEEDS = 10_000, range(4)
"""Four times 2,500 histories, side by side: each waits for its database half of the time."""

HISTORIES_TEST = "tests/integration/printing/test_histories.py"
FIFTY_TEST = "tests/integration/api/test_releases.py::test_fifty_at_once_give_one_release"
BAD_INPUT_TESTS = "tests/unit/printing"

HISTORIES = Promise("random histories of the print gate", least=10_000)
PRINTS = Promise("prints that were rightly allowed in them", least=1_000)
DOUBLE = Promise("double releases in them", least=0, most=0)
SUPERSEDED = Promise("releases in them that outlived their decision", least=0, most=0)
SECOND = Promise("second prints of one release in them", least=0, most=0)
FOREIGN = Promise("foreign bytes accepted in them", least=0, most=0)
AT_ONCE = Promise("releases that fifty parallel requests made", least=1, most=1)
TRIED = Promise("stories of bad tokens, keys, clocks and files at the printer", least=80)
UNREFUSED = Promise("of them without a refusal in one sentence", least=0, most=0)


def histories(context: Context) -> list[Figure]:
    """Let ten thousand histories run against the real database and the printer's verifier."""
    each = context.share(HISTORIES_TRIED // len(SEEDS))
    with ThreadPoolExecutor(len(SEEDS)) as beside:
        counted = sum(beside.map(partial(_histories, each), SEEDS), Counter())
    return [
        HISTORIES.measured(counted["histories"]),
        PRINTS.measured(counted["prints"]),
        DOUBLE.measured(counted["double releases"]),
        SUPERSEDED.measured(counted["releases of superseded decisions"]),
        SECOND.measured(counted["second prints"]),
        FOREIGN.measured(counted["foreign bytes accepted"]),
    ]


def _histories(count: int, seed: int) -> Counter[str]:
    name = f"print_gate_{seed}"
    out.forget(name)
    plain = ("-p", "no:cacheprovider", "-o", "faulthandler_timeout=0")
    seeded = ("--hypothesis-profile=record", f"--hypothesis-seed={seed}")
    ended = run("-m", "pytest", "-q", *plain, *seeded, HISTORIES_TEST, timeout_s=7200, HISTORIES=str(count))
    return Counter(_counted(name, ended.last_words))


def fifty(_context: Context) -> list[Figure]:
    """Ask for one release fifty times at once, over HTTP."""
    out.forget("fifty_releases")
    ended = run_tests(FIFTY_TEST, timeout_s=600)
    return [AT_ONCE.measured(_counted("fifty_releases", ended.last_words)["releases"])]


def bad_input(_context: Context) -> list[Figure]:
    """Show the printer what it must not print."""
    tried, failed = run_tests(BAD_INPUT_TESTS, timeout_s=600).stories()
    return [TRIED.measured(tried), UNREFUSED.measured(failed)]


def _counted(name: str, last_words: str) -> dict[str, int]:
    try:
        counted: dict[str, int] = out.saved(name)
    except FileNotFoundError:
        raise NotMeasured(f"the tests ended without counting and said: {last_words}") from None
    return counted


PROOFS = (
    Proof("10,000 histories of the print gate", (HISTORIES, PRINTS, DOUBLE, SUPERSEDED, SECOND, FOREIGN), histories),
    Proof("fifty requests for one release", (AT_ONCE,), fifty),
    Proof("what a printer must not print", (TRIED, UNREFUSED), bad_input),
)
