"""`python -m benchmarks.prove_way`: measure again every figure of one photo's way, and say which ones hold."""

from benchmarks.figures.classifier import UNSEEN_SOURCES
from benchmarks.figures.demo import DEMO
from benchmarks.figures.resilience import UNDER_BAD_INPUT, UNDER_KILLS
from benchmarks.figures.speed import PIPELINES, QUEUE_COST
from benchmarks.proving import settle

PROOFS = DEMO, UNSEEN_SOURCES, PIPELINES, QUEUE_COST, UNDER_KILLS, UNDER_BAD_INPUT

if __name__ == "__main__":
    settle("way", PROOFS, __doc__)
