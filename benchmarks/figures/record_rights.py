"""What the application's database role may do with history: the tests that try to rewrite it, counted."""

from benchmarks.figures.programs import run_tests
from benchmarks.figures.promise import Context, Figure, Promise, Proof

REWRITING = "tests/integration/migrations/test_schema.py::test_the_application_cannot_rewrite_history"

TRIED = Promise("ways for the application's database role to rewrite history, each on every table of it", least=108)
DONE = Promise("of them that the database did not refuse", least=0, most=0)


def rights(_context: Context) -> list[Figure]:
    """Update, delete, truncate, drop, disarm … each table that is only ever added to."""
    tried, failed = run_tests(REWRITING, timeout_s=1200).stories()
    return [TRIED.measured(tried), DONE.measured(failed)]


RIGHTS = Proof("the rights of the application's database role", (TRIED, DONE), rights)
