"""`python -m benchmarks.prove_record`: measure again every figure of the decision record.

Takes 10 GB of disk under `.photogate/record`, free again at the end, also of a run that was interrupted; what a killed
run left goes with the next one. `--size 0.02` tries everything with a fiftieth.
"""

from benchmarks.figures import record_print
from benchmarks.figures.record_erasure import ERASURE
from benchmarks.figures.record_input import BAD_INPUT
from benchmarks.figures.record_replay import REPLAYS
from benchmarks.figures.record_rights import RIGHTS
from benchmarks.figures.record_tampering import TAMPERING
from benchmarks.figures.record_vectors import RFC_9162
from benchmarks.figures.record_year import YEAR
from benchmarks.proving import settle

PROOFS = RFC_9162, TAMPERING, RIGHTS, REPLAYS, YEAR, ERASURE, *record_print.PROOFS, BAD_INPUT

if __name__ == "__main__":
    settle("record", PROOFS, __doc__, can_be_tried=True)
