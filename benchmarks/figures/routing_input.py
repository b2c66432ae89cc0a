"""What is shown to the routing and should not be: the tests that show it, counted."""

from benchmarks.figures.programs import run_tests
from benchmarks.figures.promise import Context, Figure, Promise, Proof

BAD_INPUT_TESTS = (
    "tests/integration/photogate/test_bad_routing_input.py",
    "tests/integration/photogate/test_bad_promotions.py",
    "tests/unit/photogate/promotions/test_models.py",
)

TRIED = Promise("bad bounds, samples, four eyes, profiles, promotions and releases shown to the routing", least=60)
UNREFUSED = Promise("of them without a typed refusal in one sentence", least=0, most=0)


def bad_input(_context: Context) -> list[Figure]:
    """Show the routing what nobody should show it."""
    stories = [run_tests(file, timeout_s=900).stories() for file in BAD_INPUT_TESTS]
    return [
        TRIED.measured(sum(each.tried for each in stories)),
        UNREFUSED.measured(sum(each.failed for each in stories)),
    ]


BAD_INPUT = Proof("bad input", (TRIED, UNREFUSED), bad_input)
