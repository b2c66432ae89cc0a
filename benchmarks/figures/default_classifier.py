"""The default classifier at its shipped threshold and under the default profile, on sources that never trained it."""

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from cli.evaluating import measure_default
from models.artifacts import ArtifactError
from models.evaluation.pictures import EvaluationError

APCER = Promise("default classifier: APCER at the shipped threshold", "%", most=0.5)
BPCER = Promise("default classifier: BPCER at the shipped threshold", "%", most=0.5)
AUC = Promise("default classifier: ROC-AUC", least=0.9995)
ECE = Promise("default classifier: expected calibration error", "%", most=1)
AUTOMATIC = Promise("default profile: pictures decided without a person", "%", least=97)
WRONG = Promise("default profile: of these, decided wrongly", "%", most=0.1)
GROUP = Promise("default classifier: BPCER of the worst group above the whole's", "points", most=1)


def default_classifier(context: Context) -> list[Figure]:
    """Send every picture of the held-out sources through preparation and classifier."""
    try:
        found = measure_default(context.data, watch=lambda pictures, _: pictures)
    except (ArtifactError, EvaluationError) as error:
        raise NotMeasured(str(error)) from error
    if found.worst_group is None:
        raise NotMeasured("no group of real faces is large enough to compare.")
    return [
        APCER.measured(_percent(found.held_out.apcer.value)),
        BPCER.measured(_percent(found.held_out.bpcer.value)),
        AUC.measured(round(found.auc, 5)),
        ECE.measured(_percent(found.held_out.ece)),
        AUTOMATIC.measured(_percent(found.routed.automatic.value)),
        WRONG.measured(_percent(found.routed.wrong.value)),
        GROUP.measured(_percent(max(0.0, found.worst_group.above_whole))),
    ]


def _percent(share: float) -> float:
    return round(100 * share, 3)


DEFAULT_CLASSIFIER = Proof(
    "the default classifier", (APCER, BPCER, AUC, ECE, AUTOMATIC, WRONG, GROUP), default_classifier
)
