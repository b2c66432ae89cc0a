"""From several models to an ensemble that serves: calibrated as one, with a promise of its own.

Only the calibration split is read; no test picture is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from models.artifacts import ArtifactError
from models.calibration.risk_control import Aims, controlled
from models.calibration.scaling import decision_threshold
from models.ensemble import Ensemble, EnsembleManifest, Member
from models.evaluation.pictures import Pictures
from models.registry import Registry
from models.runtimes.loading import Runtime, ensemble_of
from models.training.publishing import NOT_CALIBRATED, answers, calibration_of, figures_of, in_batches, sources_of

_FORMS = (Runtime.FP32, Runtime.INT8, Runtime.AUTO)


@dataclass(frozen=True, slots=True)
class Panel:
    """An ensemble as it is asked for; `members` may be named without a version, and then the one that serves counts."""

    name: str
    version: str
    members: Sequence[tuple[str, float]]


def assembled(panel: Panel, registry: Registry) -> list[Ensemble]:
    """The panel before calibration, in every form in which its members may serve; raises `ArtifactError`."""
    bare = _uncalibrated(panel, registry)
    forms = [ensemble_of(bare, registry, runtime) for runtime in _FORMS]
    return list({form.sha256: form for form in reversed(forms)}.values())[::-1]


def calibrated(forms: Sequence[Ensemble], pictures: Pictures, aims: Aims | None = None) -> EnsembleManifest:
    """Everything about an ensemble but its folder; raises `CannotPromise`.

    Calibrated in the first form, 32 bits; the promise holds in all of them, as a single network's does.
    """
    logits = [in_batches(form.logits, pictures.crops) for form in forms]
    calibration = calibration_of(logits[0], pictures)
    p_real = [answers(each, calibration, pictures) for each in logits]
    threshold = decision_threshold(p_real[0], pictures.is_real)
    points, guarantee = controlled(p_real, pictures.is_real, sources_of(pictures), aims)
    return replace(
        forms[0].manifest,
        calibration=calibration,
        thresholds={"real_at_or_above": threshold, **points},
        metrics={"calibration": figures_of(p_real[0], pictures.is_real, threshold)},
        guarantee=guarantee,
    )


def keep(manifest: EnsembleManifest, into: Path) -> Path:
    """Write NAME/VERSION under `into` and return it; raises `ArtifactError`."""
    directory = into / manifest.name / manifest.version
    try:
        directory.mkdir(parents=True)
        manifest.write(directory)
    except OSError as error:
        raise ArtifactError(f"The ensemble cannot be kept in {directory}: {error.strerror}.") from error
    return directory


def _uncalibrated(panel: Panel, registry: Registry) -> EnsembleManifest:
    if panel.version in registry.versions(panel.name):
        raise ArtifactError(f"There is a {panel.name}@{panel.version} already; give the ensemble another version.")
    members = tuple(Member(registry.exactly(reference), weight) for reference, weight in panel.members)
    if len({member.model for member in members}) < max(2, len(members)):
        raise ArtifactError("An ensemble needs two different models or more.")
    return EnsembleManifest(
        name=panel.name,
        version=panel.version,
        members=members,
        calibration=NOT_CALIBRATED,
        thresholds={},
        metrics={},
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
