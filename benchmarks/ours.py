"""What a worker does with a photo, without the queue around it."""

from benchmarks.timing import Stages
from models.classifier import Classifier
from models.detection.load import load_detector
from models.preparation import prepare


class OurPipeline:
    """Decode at reduced scale, detect, crop, measure, re-encode for reviewers, classify with the default student."""

    name = "ours"

    def __init__(self) -> None:
        """Load the detector and the shipped classifier, one thread each."""
        self._detector = load_detector()
        self._classifier = Classifier.load(None, threads=1)

    def screen(self, photo: bytes) -> dict[str, float]:
        """Screen one photo; returns the wall milliseconds of each stage."""
        stages = Stages()
        prepared = prepare(photo, self._detector)
        with stages.stage("classify"):
            self._classifier.score(prepared.crop[None])
        return prepared.ms | stages.ms
