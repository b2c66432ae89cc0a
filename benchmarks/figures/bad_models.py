"""What is shown to the commands about models and should not be: the tests that show it, counted."""

from benchmarks.figures.programs import run_tests
from benchmarks.figures.promise import Context, Figure, Promise, Proof

BAD_INPUT_TESTS = "tests/integration/cli/test_bad_model_input.py"

TRIED = Promise(
    "bad folders, pictures, weights, networks, recipes and losses shown to the commands about models", least=80
)
UNREFUSED = Promise("of them that did not end in one clear sentence, or in a list of what was skipped", least=0, most=0)


def bad_models(_context: Context) -> list[Figure]:
    """Show every command what nobody should show it."""
    tried, failed = run_tests(BAD_INPUT_TESTS, timeout_s=1800).stories()
    return [TRIED.measured(tried), UNREFUSED.measured(failed)]


BAD_MODELS = Proof("bad input to the models' commands", (TRIED, UNREFUSED), bad_models)
