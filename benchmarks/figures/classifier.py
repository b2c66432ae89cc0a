"""How often the shipped classifier errs on sources that its training never saw."""

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.artifacts import ArtifactError
from models.training.evaluate import held_out

BPCER = Promise("real faces of unseen sources refused (BPCER)", "%", most=1)
APCER = Promise("placeholders and pictures without a face of unseen sources accepted (APCER)", "%", most=1)
WORST = Promise("worst unseen source", "named")


def unseen_sources(context: Context) -> list[Figure]:
    """Send every picture of the held-out sources through preparation and classifier."""
    if not (context.data / "manifest.csv").exists():
        raise NotMeasured(f"there are no pictures with a manifest.csv in {context.data}; --data names another folder.")
    try:
        measured = held_out(context.data, watch=lambda pictures, _: pictures)
    except ArtifactError as error:
        raise NotMeasured(str(error)) from error
    return [
        BPCER.measured(round(100 * measured.bpcer, 2)),
        APCER.measured(round(100 * measured.apcer, 2)),
        WORST.found(f"{measured.worst_source}, {measured.worst_error:.2%} wrong", ok=True),
    ]


UNSEEN_SOURCES = Proof("the classifier on unseen sources", (BPCER, APCER, WORST), unseen_sources)
