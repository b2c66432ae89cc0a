"""`python -m benchmarks.prove_models`: measure again every figure of the models that needs no training."""

from benchmarks.figures import networks
from benchmarks.figures.bad_models import BAD_MODELS
from benchmarks.figures.default_classifier import DEFAULT_CLASSIFIER
from benchmarks.figures.face_detector import FACE_DETECTOR
from benchmarks.figures.generated_faces import GENERATED_FACES
from benchmarks.figures.portrait_quality import MAPPING_ROWS, QUALITY_SPEED, SWEPT
from benchmarks.figures.serving import SERVING
from benchmarks.figures.speed import PIPELINES
from benchmarks.figures.splits import HELD_APART
from benchmarks.proving import settle

PROOFS = (
    DEFAULT_CLASSIFIER,
    FACE_DETECTOR,
    GENERATED_FACES,
    SERVING,
    PIPELINES,
    *networks.PROOFS,
    HELD_APART,
    BAD_MODELS,
    MAPPING_ROWS,
    SWEPT,
    QUALITY_SPEED,
)

if __name__ == "__main__":
    settle("models", PROOFS, __doc__)
