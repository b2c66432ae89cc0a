"""`python -m benchmarks.prove_record`: measure again every figure of the decision record."""

from benchmarks.figures.record_replay import REPLAYS
from benchmarks.figures.record_rights import RIGHTS
from benchmarks.figures.record_tampering import TAMPERING
from benchmarks.figures.record_vectors import RFC_9162
from benchmarks.proving import settle

PROOFS = RFC_9162, TAMPERING, RIGHTS, REPLAYS

if __name__ == "__main__":
    settle("record", PROOFS, __doc__)
