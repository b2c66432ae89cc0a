"""The face detector on portraits of sources that never trained, and on pictures that show nobody."""

from pathlib import Path

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.artifacts import ArtifactError, load_artifact, newest_version
from models.detection.compact import NETWORK
from models.detection.load import load_detector
from models.training.detector.consensus import Consensus
from models.training.detector.evaluate import Judges, Measured, measure
from models.training.detector.reference import UltraLight

ICONS = "placeholder/twbs/icons"

RECALL = Promise("face detector: portraits of unseen sources found at IoU 0.5", "%", least=99.5)
ALARMS = Promise("face detector: icons taken for a face", "%", most=1)
LANDMARKS = Promise("face detector: landmarks from the teacher's median look, of the eyes' distance", "%", most=5)
LOOK = Promise("face detector: one look at 320×320, processor time", "ms", most=4)
SIZE = Promise("face detector: its file", "KB", most=400)


def face_detector(context: Context) -> list[Figure]:
    """Look at every picture of the test split; the judges' weights lie beside the pictures' folder."""
    weights = context.data.parent / "weights"
    try:
        judges = Judges(
            UltraLight(weights / "ultra-light"), Consensus.from_file(weights / "yunet" / "yunet_n_dynamic.onnx")
        )
        found = measure(load_detector(), context.data, judges)
    except (ArtifactError, OSError) as error:
        raise NotMeasured(str(error)) from error
    return [*_figures(found), SIZE.measured(round(_file().stat().st_size / 1000))]


def _figures(found: Measured) -> list[Figure]:
    return [
        RECALL.measured(round(100 * found.recall.share, 2)),
        ALARMS.measured(round(100 * found.false_alarms[ICONS].share, 2)),
        LANDMARKS.measured(round(100 * found.consensus_error, 2)),
        LOOK.measured(round(found.ms, 2)),
    ]


def _file() -> Path:
    folder = newest_version(NETWORK)
    return folder / load_artifact(folder).manifest.file


FACE_DETECTOR = Proof("the face detector", (RECALL, ALARMS, LANDMARKS, LOOK, SIZE), face_detector)
