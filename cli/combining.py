"""What `photogate models combine` does: members as they were typed become an ensemble in the operator's folder."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.artifacts import ArtifactError
from models.calibration.risk_control import Aims
from models.ensemble import EnsembleManifest
from models.evaluation.pictures import Skipped
from models.registry import Registry, name_and_version
from models.training.combining import Panel, assembled, calibrated, keep
from models.training.publishing import calibration_pictures
from photogate.settings import get_settings
from worker.opinions import can_judge


@dataclass(frozen=True, slots=True)
class Combined:
    """The ensemble that was kept, and the pictures that could not be read."""

    manifest: EnsembleManifest
    skipped: tuple[Skipped, ...]


def combine(ensemble: str, members: Sequence[str], data: Path, aims: Aims) -> Combined:
    """Calibrate the members together and keep the ensemble; raises ArtifactError, EvaluationError, CannotPromise."""
    folder = get_settings().models_folder
    forms = assembled(_panel(ensemble, members), Registry(folder))
    pictures = calibration_pictures(data)
    manifest = calibrated(forms, pictures, aims)
    keep(manifest, folder)
    return Combined(manifest, pictures.skipped)


def _panel(ensemble: str, members: Sequence[str]) -> Panel:
    name, version = name_and_version(ensemble)
    if version is None:
        raise ArtifactError(f"An ensemble is called like panel@1.0.0, not {ensemble!r}.")
    return Panel(name, version, [_member(typed) for typed in members])


def _member(typed: str) -> tuple[str, float]:
    reference, _, weight = typed.partition("=")
    if not can_judge(reference):
        raise ArtifactError(f"{reference} says whether a generator made a face, which is no question of an ensemble's.")
    try:
        counts = float(weight or 1)
    except ValueError:
        counts = 0
    if not 0 < counts < math.inf:
        raise ArtifactError(f"{typed!r} gives a model no weight; it is written like student=2.")
    return reference, counts
