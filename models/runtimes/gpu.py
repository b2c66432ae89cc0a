"""A classifier of an artifact on torch, for a worker that owns a GPU; a `Scorer` with the scores of ONNX Runtime."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.artifacts import STRANGENESS, Artifact, Manifest, load_artifact
from models.calibration.scaling import probabilities
from models.classifier import FEATURES, LOGITS, Classifier, Examined, Floats, OfManifest, Precision, normalised
from models.pixels import Pixels
from models.runtimes.graph import Graph

BATCH = 64
_WARM_UP_RUNS = 3


class TorchClassifier(OfManifest):
    """The network of an artifact, rebuilt from its ONNX file: channels last, batches, bfloat16 where a GPU has it."""

    def __init__(self, artifact: Artifact, device: str | None = None, *, bf16: bool | None = None) -> None:
        """Take the GPU if there is one; raises `ArtifactError` for a graph that is no classifier."""
        # ONNX Runtime looks at the graph first, so that both runtimes refuse the same things in the same words.
        Classifier(artifact, precision=Precision.FP32)
        self._manifest: Manifest = artifact.manifest
        self._device = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        self._bf16 = self._device.type == "cuda" if bf16 is None else bf16
        self._graph = Graph(artifact.model).eval().to(self._device)
        self._graph.to(memory_format=torch.channels_last)  # type: ignore[call-overload] # torch's stubs leave it out
        self._warm_up()

    @classmethod
    def load(cls, directory: Path, device: str | None = None, *, bf16: bool | None = None) -> "TorchClassifier":
        """Load an artifact's folder; raises `ArtifactError`."""
        return cls(load_artifact(directory), device, bf16=bf16)

    @property
    def sha256(self) -> str:
        """Digest of the weights file, in hexadecimal."""
        return self._manifest.sha256

    @property
    def manifest(self) -> Manifest:
        """Everything that is known about the network."""
        return self._manifest

    def score(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) probabilities of a real face photo."""
        return probabilities(self.logits(crops), self._manifest.calibration)

    def logits(self, crops: Pixels) -> Floats:
        """(N, 224, 224, 3) uint8 RGB -> (N,) logits before calibration."""
        return self._run(crops)[LOGITS]

    def examine(self, crops: Pixels) -> Examined:
        """(N, 224, 224, 3) uint8 RGB -> probabilities, and how unusual each crop is, in one pass."""
        found = self._run(crops)
        strangeness = found[STRANGENESS] if self._manifest.strangeness else None
        p_real = probabilities(found[LOGITS], self._manifest.calibration)
        return Examined(p_real, strangeness, found.get(FEATURES))

    def _run(self, crops: Pixels) -> dict[str, Floats]:
        made = list(self._batches(crops))
        names = made[0] if made else (LOGITS, STRANGENESS)
        return {name: np.concatenate([batch[name] for batch in made] or [np.empty(0)]) for name in names}

    @torch.inference_mode()
    def _batches(self, crops: Pixels) -> Iterator[dict[str, Floats]]:
        for start in range(0, len(crops), BATCH):
            pictures = self._moved(normalised(crops[start : start + BATCH], self._manifest.input))
            with torch.autocast(self._device.type, torch.bfloat16, enabled=self._bf16):
                found = self._graph(pictures)
            yield {name: values.float().cpu().numpy().astype(np.float64) for name, values in found.items()}

    def _moved(self, pictures: np.ndarray) -> Tensor:
        """To the device as channels last; pinned memory lets the copy run beside the last batch's work."""
        waiting = torch.from_numpy(pictures).contiguous(memory_format=torch.channels_last)
        if self._device.type == "cuda":
            waiting = waiting.pin_memory()
        return waiting.to(self._device, non_blocking=True)

    def _warm_up(self) -> None:
        """Let the libraries choose their algorithms before the first photo waits for them."""
        if self._device.type == "cuda":
            size = self._manifest.input.size_px
            for _ in range(_WARM_UP_RUNS):
                self.logits(np.zeros((BATCH, size, size, 3), np.uint8))
