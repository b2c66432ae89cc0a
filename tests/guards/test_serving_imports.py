import json
import subprocess
import sys

import pytest

from tests.guards.tree import ROOT

TRAINING = {"torch", "torchvision"}
PICTURES = TRAINING | {"models", "onnxruntime", "cv2", "PIL", "numpy", "simplejpeg", "pillow_heif"}


def imported_with(module: str) -> set[str]:
    """The top-level modules that a fresh process holds once it has imported `module`."""
    script = f"import json, sys, {module}; print(json.dumps([name for name in sys.modules if '.' not in name]))"
    answer = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True)
    return set(json.loads(answer.stdout))


@pytest.mark.parametrize("module", ["api.main", "review_ui.main"])
def test_the_web_programs_load_nothing_that_opens_pictures(module):
    assert imported_with(module) & PICTURES == set()


@pytest.mark.parametrize("module", ["worker.app", "worker.tasks", "worker.box", "worker.relay", "cli.main"])
def test_what_serves_loads_no_torch(module):
    assert imported_with(module) & TRAINING == set()
