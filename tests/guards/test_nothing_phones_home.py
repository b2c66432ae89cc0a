import os
import subprocess
import sys

from tests.guards.tree import ROOT

SCORE = """
import numpy as np
from models.classifier import Classifier
Classifier.load().score(np.zeros((1, 224, 224, 3), np.uint8))
"""


def test_the_runtime_gathers_nothing_for_its_maker(tmp_path):
    quiet_anyway = {"CI", "ORT_RUNNING_UNIT_TESTS", "ORT_DISABLE_TELEMETRY", "XDG_CACHE_HOME"}
    environment = {name: value for name, value in os.environ.items() if name not in quiet_anyway}
    subprocess.run([sys.executable, "-c", SCORE], cwd=ROOT, check=True, env={**environment, "HOME": str(tmp_path)})
    assert [path for path in tmp_path.rglob("*") if "onnxruntime" in str(path)] == []
