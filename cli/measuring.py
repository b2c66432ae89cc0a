"""Measuring labelled photos, as a worker would, with the models of several rules."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photogate.errors import NotFound, Unprocessable
from photogate.fairness.labelled import LabelledPhoto, Measured
from photogate.promotions.queries import Rules
from photogate.screening.risk import Truth
from photogate.settings import Settings
from worker.sandbox import Sandbox, SandboxFailed
from worker.screening import Judges, prepare, score
from worker.tools import Tools

Track = Callable[[Sequence["Labelled"]], Iterable["Labelled"]]
"""Shows progress over the photos."""

FILE, LABEL = "file", "label"


@dataclass(frozen=True, slots=True)
class Labelled:
    """One line of a file of labels: a photo, what it shows, and the groups of who is on it."""

    path: Path
    shows: Truth
    groups: dict[str, str]


def read_labels(labels: Path) -> list[Labelled]:
    """Every line of a CSV whose columns are file, label and groups; raises NotFound, Unprocessable."""
    if not labels.is_file():
        raise NotFound(f"There is no file {labels}.")
    try:
        with labels.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines)
            if not {FILE, LABEL} < set(rows.fieldnames or ()):
                raise Unprocessable(f"{labels} must begin with a line that names file, label, and a group or more.")
            return [_labelled(labels.parent, row) for row in rows]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unprocessable(f"{labels} is no table of words with commas between them.") from error


def measured(settings: Settings, labels: Path, rules: Sequence[Rules], track: Track) -> list[Measured]:
    """What the models of each rules measure on labelled photos; raises ArtifactError and what `read_labels` raises."""
    at_hand, photos = Tools(settings), read_labels(labels)
    judges = [Judges(at_hand.scorer(one.model), at_hand.scorer(one.camera) if one.camera else None) for one in rules]
    with at_hand.sandbox as sandbox:
        seen = [_seen(sandbox, judges, photo) for photo in track(photos)]
    return [
        Measured(labels.name, one.model, one.camera, [each[number] for each in seen])
        for number, one in enumerate(rules)
    ]


def _labelled(folder: Path, row: dict[str, str]) -> Labelled:
    if None in (*row, *row.values()):
        raise Unprocessable(f"The line of {row[FILE]} has fewer or more columns than the first line.")
    path, label = folder / row[FILE], row[LABEL]
    if label not in set(Truth):
        raise Unprocessable(f"{path} is labelled {label!r}; a photo is {' or '.join(Truth)}.")
    if not path.is_file():
        raise NotFound(f"There is no file {path}.")
    return Labelled(
        path, Truth(label), {name: said for name, said in row.items() if said and name not in {FILE, LABEL}}
    )


def _seen(sandbox: Sandbox, judges: Sequence[Judges], photo: Labelled) -> list[LabelledPhoto]:
    content = photo.path.read_bytes()
    try:
        found, prepared = prepare(sandbox, content)
    except SandboxFailed as error:
        raise Unprocessable(f"{photo.path} cannot be measured: {error}") from error
    sha256 = hashlib.sha256(content).hexdigest()
    scored = [score(one, found, prepared.crop) if prepared else found for one in judges]
    return [LabelledPhoto(sha256, photo.shows, photo.groups, replace(one, quality={}, ms={})) for one in scored]
