"""Whether anything that trains or calibrates gives away what judges it."""

from benchmarks.figures.promise import Context, Figure, NotMeasured, Promise, Proof
from models.training.leaks import apart, judges, leaks
from models.training.splits import Split, examples

_TAUGHT = (Split.TRAIN, Split.CALIBRATION)

LEFT_OUT = Promise("data: pictures left out because a held-out one looks the same or shows the same person", "named")
LEAKING = Promise("data: such pictures among those that train or calibrate", most=0)


def held_apart(context: Context) -> list[Figure]:
    """Look for people and near-duplicates across the splits, before and after the rule."""
    try:
        given = {split: examples(context.data, split) for split in _TAUGHT}
        taken = {split: apart(context.data, split) for split in _TAUGHT}
        found = sum(len(leaks(taken[split], judges(context.data, split))) for split in _TAUGHT)
    except (OSError, KeyError, ValueError) as error:
        raise NotMeasured(f"the manifest in {context.data} cannot be read: {error}.") from error
    out, of = sum(len(given[split]) - len(taken[split]) for split in _TAUGHT), sum(map(len, given.values()))
    return [LEFT_OUT.found(f"{out} of {of:,}", ok=True), LEAKING.measured(found)]


HELD_APART = Proof("the splits", (LEFT_OUT, LEAKING), held_apart)
