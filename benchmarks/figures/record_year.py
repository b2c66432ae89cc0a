"""What a year's record costs: a million decisions loaded once, searched and exported, logged and verified."""

from benchmarks.figures import record_log, record_queries
from benchmarks.figures.promise import Context, Figure, Proof, settled
from benchmarks.long_history import long_history

DECISIONS, PAIRS_OF_LAPS = 1_000_000, 8


def year(context: Context) -> list[Figure]:
    """Load the history, ask it everything that can be asked and take all of it along; then decide more photos in it."""
    wanted = context.share(DECISIONS)
    with long_history(wanted, lambda loaded: context.told(loaded, wanted)) as history:
        return [
            *settled(record_queries.PROMISES, lambda: record_queries.measured(history, wanted)),
            # The log adds to the history that the queries search, and comes after them.
            *settled(record_log.PROMISES, lambda: record_log.measured(history, context.share(PAIRS_OF_LAPS))),
        ]


YEAR = Proof("a year of a million decisions", (*record_queries.PROMISES, *record_log.PROMISES), year)
