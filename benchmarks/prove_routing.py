"""`python -m benchmarks.prove_routing`: measure again every figure of the routing.

Takes 10 GB of disk for ten million pictures, free again at the end. `--size 0.02` tries everything with a fiftieth.
"""

from benchmarks.figures import routing_pictures
from benchmarks.figures.routing_actors import OPEN_CASES
from benchmarks.figures.routing_fall_back import FALL_BACK
from benchmarks.figures.routing_guarantee import GUARANTEE
from benchmarks.figures.routing_input import BAD_INPUT
from benchmarks.figures.routing_lifecycle import LIFECYCLE
from benchmarks.figures.routing_messages import MESSAGES
from benchmarks.figures.routing_simulator import SIMULATOR
from benchmarks.proving import settle

PROOFS = FALL_BACK, GUARANTEE, BAD_INPUT, MESSAGES, SIMULATOR, OPEN_CASES, *routing_pictures.PROOFS, *LIFECYCLE

if __name__ == "__main__":
    settle("routing", PROOFS, __doc__, can_be_tried=True)
