"""How well faces that a generator made are told from photos, on files held out of what taught it."""

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.artifacts import ArtifactError
from models.training.generated.evaluate import remeasured
from models.training.generated.sources import GENERATORS

WITHIN = {
    name: Promise(f"real vs AI: ROC-AUC of {name} against held-out photos", least=0.98) for name in GENERATORS.values()
}


def generated_faces(context: Context) -> list[Figure]:
    """Ask the shipped weights again; what it costs to leave a generator out needs training and stands in the card."""
    try:
        within = remeasured(context.data, watch=lambda pictures, _: pictures)["within"]["held_out_photos"]
    except (ArtifactError, OSError) as error:
        raise NotMeasured(str(error)) from error
    return [promise.measured(round(within[name]["auc"], 4)) for name, promise in WITHIN.items()]


GENERATED_FACES = Proof("real vs AI", tuple(WITHIN.values()), generated_faces)
