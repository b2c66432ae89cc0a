"""Measurements made up for tests: scores that we choose, of pictures that hold nothing."""

import csv
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from hypothesis import settings

from models.detection.face import Face
from models.drawings import draw
from models.evaluation.measured import Measured
from models.evaluation.pictures import Pictures
from models.preparation import Prepared
from models.training.splits import Example

few_examples = settings(max_examples=40, deadline=None)
FACE = Face(60, 60, 100, 100, 0.9)


class Fixed:
    """A scorer that answers with the mean brightness of a crop, or with whatever it is told to."""

    name = "fixed@1.0.0"
    sha256 = "f" * 64

    def __init__(self, answer=None, thresholds=None):
        self.answer = answer
        self.thresholds = {"real_at_or_above": 0.5} if thresholds is None else thresholds

    faceless = 0.0
    guarantee = None

    def score(self, crops):
        return crops.mean(axis=(1, 2, 3)) / 255 if self.answer is None else self.answer(crops)

    def logits(self, crops):
        return self.score(crops) * 2 - 1


def prepared(crop=None, faces: Sequence[Face] = (FACE,)) -> Prepared:
    crop = np.zeros((224, 224, 3), np.uint8) if crop is None else crop
    return Prepared(crop, b"", 224, 224, tuple(faces), {}, {"decode": 1.0, "detect": 2.0})


def example(*, real: bool, source: str = "", number: int = 0, **attributes: str) -> Example:
    label = "real" if real else "placeholder"
    return Example(f"{label}/{number}.jpg", label, source or f"{label}s/one", f"{number:064d}", None, attributes)


def measured(real: Sequence[float], other: Sequence[float], threshold: float = 0.5, model: str = "m@1.0.0") -> Measured:
    """Real faces and others with these p_real."""
    pictures = [example(real=True, number=n) for n in range(len(real))]
    pictures += [example(real=False, number=n) for n in range(len(other))]
    return of_examples(pictures, [*real, *other], threshold, model)


def of_examples(
    pictures: Sequence[Example], p_real: Sequence[float], threshold: float = 0.5, model: str = "m@1.0.0"
) -> Measured:
    blank = prepared()
    return Measured(
        model, "0" * 64, threshold, Pictures(tuple(pictures), (blank,) * len(pictures)), np.array(p_real, np.float64)
    )


def drawn_folder(folder: Path, per_source: int = 3) -> Path:
    """Drawn pictures with a manifest, all of the test split; what is called real only says so."""
    sources = {"real": ["nysenate/OpenLegislation", "ropensci/roweb3"], "placeholder": ["alohe/avatars", "twbs/icons"]}
    rows = []
    for label, names in sources.items():
        (folder / label).mkdir(parents=True)
        for name in names:
            for number in range(per_source):
                file = f"{label}/{name.replace('/', '_')}_{number}.png"
                kind = "cartoon_face" if label == "real" else "icon"
                draw(kind, np.random.default_rng((number, len(rows))), 120).save(folder / file)
                digest = hashlib.sha256((folder / file).read_bytes()).hexdigest()
                attributes = f"age={20 + 30 * number};gender={number % 2};race={number}" if label == "real" else ""
                rows.append([file, label, name, digest, "", attributes])
    with (folder / "manifest.csv").open("w", newline="") as out:
        table = csv.writer(out)
        table.writerow(["file", "label", "source_repo", "sha256", "yunet_box_xywh", "attributes"])
        table.writerows(rows)
    return folder


def silent(some: Iterable, _total: int, _name: str = "") -> Iterable:
    return some
