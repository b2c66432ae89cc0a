"""How often the shipped classifier errs on sources that its training never saw."""

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from cli.evaluating import measure_default
from models.artifacts import ArtifactError
from models.evaluation.pictures import EvaluationError

BPCER = Promise("unseen sources: real faces that the default profile refuses (BPCER)", "%", most=1)
APCER = Promise(
    "unseen sources: placeholders and other pictures that the default profile approves (APCER)", "%", most=1
)
TO_PEOPLE = Promise("unseen sources: real faces that the default profile shows to people", "named")
ALONE_BPCER = Promise("unseen sources: BPCER of the classifier alone, at one threshold", "%", most=1)
ALONE_APCER = Promise("unseen sources: APCER of the classifier alone, at one threshold", "%", most=1)
WORST = Promise("worst unseen source of the classifier alone", "named")


def unseen_sources(context: Context) -> list[Figure]:
    """Send every picture of the held-out sources through preparation and classifier."""
    if not (context.data / "manifest.csv").exists():
        raise NotMeasured(f"there are no pictures with a manifest.csv in {context.data}; --data names another folder.")
    try:
        measured = measure_default(context.data, watch=lambda pictures, _: pictures)
    except (ArtifactError, EvaluationError) as error:
        raise NotMeasured(str(error)) from error
    policy, alone = measured.routed, measured.held_out
    worst = alone.worst_source
    return [
        BPCER.measured(_percent(policy.real_refused.value)),
        APCER.measured(_percent(policy.other_approved.value)),
        TO_PEOPLE.found(f"{policy.real_to_people.value:.2%}", ok=True),
        ALONE_BPCER.measured(_percent(alone.bpcer.value)),
        ALONE_APCER.measured(_percent(alone.apcer.value)),
        WORST.found(f"{worst.label}/{worst.name}, {worst.at[0].value:.2%} wrong", ok=True),
    ]


def _percent(share: float) -> float:
    return round(100 * share, 2)


UNSEEN_SOURCES = Proof(
    "the classifier on unseen sources", (BPCER, APCER, TO_PEOPLE, ALONE_BPCER, ALONE_APCER, WORST), unseen_sources
)
