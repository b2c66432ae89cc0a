"""What we promise of the default classifier, measured on the sources that never trained."""

from dataclasses import dataclass
from pathlib import Path

from models.classifier import Classifier, Scorer
from models.evaluation.curves import auc
from models.evaluation.groups import Group, group_errors, largest_gap
from models.evaluation.held_out import HeldOut, held_out
from models.evaluation.pictures import Watch
from models.evaluation.routing import Policy, Routed, routed
from models.training.splits import Split


@dataclass(frozen=True, slots=True, eq=False)
class DefaultFigures:
    """The figures at the shipped threshold and under a policy.

    `worst_group` is the group of real faces whose BPCER lies furthest above the whole's; None without any group that is
    large enough.
    """

    held_out: HeldOut
    auc: float
    routed: Routed
    worst_group: Group | None


def measure_held_out(
    data: Path, policy: Policy, watch: Watch | None = None, classifier: Scorer | None = None
) -> DefaultFigures:
    """Measure a classifier, the shipped one unless told, on the test split; raises `EvaluationError`."""
    found = held_out(data, classifier or Classifier.load(), Split.TEST, watch)
    measured = found.measured
    return DefaultFigures(
        found,
        auc(measured.p_real, measured.is_real),
        routed(measured, policy),
        largest_gap(group_errors(measured)),
    )
