"""`python -m benchmarks.prove_record`: measure again every figure of the decision record."""

from benchmarks.figures.record_rights import RIGHTS
from benchmarks.figures.record_vectors import RFC_9162
from benchmarks.proving import settle

PROOFS = RFC_9162, RIGHTS

if __name__ == "__main__":
    settle("record", PROOFS, __doc__)
