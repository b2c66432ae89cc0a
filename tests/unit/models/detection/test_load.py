import subprocess
import sys
from pathlib import Path

import pytest

from models.artifacts import ArtifactError
from models.detection.haar import HaarDetector
from models.detection.load import NAMES, load_detector


def test_the_cascade_comes_with_opencv():
    assert isinstance(load_detector("haar"), HaarDetector)


@pytest.mark.parametrize(
    ("name", "weights", "sha256", "says"),
    [
        ("mtcnn", None, None, "no face detector called 'mtcnn'; there are compact, haar, yunet, retinaface"),
        ("haar", Path("some.xml"), None, "takes no weights"),
        ("compact", Path("nowhere"), None, "no model manifest at nowhere"),
        ("compact", None, "ab", "manifest beside the weights"),
        ("yunet", None, None, "do not come with the code"),
        ("retinaface", None, None, "do not come with the code"),
        ("retinaface", Path("some.pth"), None, "which SHA-256"),
        ("yunet", Path("some.onnx"), "ab", "cannot be read"),
    ],
)
def test_what_cannot_be_loaded_is_one_sentence(name, weights, sha256, says):
    with pytest.raises(ArtifactError, match=says):
        load_detector(name, weights, sha256)


def test_naming_retinaface_loads_no_torch_until_it_is_asked_for():
    script = "import sys; from models.detection.load import NAMES; print('retinaface' in NAMES, 'torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert answer.stdout.split() == ["True", "False"]
    assert len(set(NAMES)) == 4
