"""How often the shipped classifier errs on sources that its training never saw."""

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.artifacts import ArtifactError
from models.training.evaluate import held_out
from photogate.applications.profiles import load_profile

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
        measured = held_out(context.data, watch=lambda pictures, _: pictures)
    except ArtifactError as error:
        raise NotMeasured(str(error)) from error
    limits = load_profile("default").real_photo
    policy = measured.under_policy(limits.approve_at, limits.refuse_at)
    return [
        BPCER.measured(round(100 * policy.bpcer, 2)),
        APCER.measured(round(100 * policy.apcer, 2)),
        TO_PEOPLE.found(f"{policy.real_to_people:.2%}", ok=True),
        ALONE_BPCER.measured(round(100 * measured.bpcer, 2)),
        ALONE_APCER.measured(round(100 * measured.apcer, 2)),
        WORST.found(f"{measured.worst_source}, {measured.worst_error:.2%} wrong", ok=True),
    ]


UNSEEN_SOURCES = Proof(
    "the classifier on unseen sources", (BPCER, APCER, TO_PEOPLE, ALONE_BPCER, ALONE_APCER, WORST), unseen_sources
)
