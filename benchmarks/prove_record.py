"""`python -m benchmarks.prove_record`: measure again every figure of the decision record."""

from benchmarks.figures import record_print
from benchmarks.figures.record_erasure import ERASURE
from benchmarks.figures.record_input import BAD_INPUT
from benchmarks.figures.record_log import LOG
from benchmarks.figures.record_queries import QUERIES
from benchmarks.figures.record_replay import REPLAYS
from benchmarks.figures.record_rights import RIGHTS
from benchmarks.figures.record_tampering import TAMPERING
from benchmarks.figures.record_vectors import RFC_9162
from benchmarks.proving import settle

# The log adds to the history that the queries search, and comes after them.
PROOFS = RFC_9162, TAMPERING, RIGHTS, REPLAYS, QUERIES, LOG, ERASURE, *record_print.PROOFS, BAD_INPUT

if __name__ == "__main__":
    settle("record", PROOFS, __doc__)
