"""What is shown to the decision record and should not be: the tests that show it, counted."""

from benchmarks.figures.programs import run_tests
from benchmarks.figures.promise import Context, Figure, Promise, Proof

BAD_INPUT_TESTS = "tests/integration/api/test_bad_record_input.py"

TRIED = Promise("bad proofs, exports, keys, tokens, clocks, versions and questions shown to the record", least=100)
UNREFUSED = Promise("of them without a typed refusal in one sentence", least=0, most=0)


def bad_input(_context: Context) -> list[Figure]:
    """Show the record what nobody should show it."""
    tried, failed = run_tests(BAD_INPUT_TESTS, timeout_s=900).stories()
    return [TRIED.measured(tried), UNREFUSED.measured(failed)]


BAD_INPUT = Proof("bad input", (TRIED, UNREFUSED), bad_input)
