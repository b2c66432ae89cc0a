"""The pictures of an evaluation, prepared once as the service would, for any number of models."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.decoding import PhotoError
from models.detection.face import FaceDetector
from models.detection.load import load_detector
from models.pixels import Pixels
from models.preparation import Prepared, prepare
from models.training.splits import Example, Split, examples

Watch = Callable[[Iterable[Example], int], Iterable[Example]]
"""Shows progress over so many pictures."""


class EvaluationError(Exception):
    """A model or pictures that cannot be evaluated; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that took no part, and why."""

    file: str
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Pictures with what they show and how they were prepared, one entry each in the same order.

    `prepared` holds no review copies: nobody looks at two thousand of them.
    """

    examples: tuple[Example, ...]
    prepared: tuple[Prepared, ...]
    skipped: tuple[Skipped, ...] = ()

    def __len__(self) -> int:
        return len(self.examples)

    @property
    def is_real(self) -> NDArray[np.bool_]:
        """(N,) whether each shows a real face."""
        return np.array([example.is_real for example in self.examples], dtype=bool)

    @property
    def faces(self) -> NDArray[np.intp]:
        """(N,) how many faces the detector found in each."""
        return np.array([len(photo.faces) for photo in self.prepared], dtype=np.intp)

    @property
    def crops(self) -> Pixels:
        """(N, 224, 224, 3) uint8 RGB."""
        return np.stack([photo.crop for photo in self.prepared])


def chosen_examples(data: Path, split: Split) -> list[Example]:
    """The manifest's pictures of one split; raises `EvaluationError` when there is nothing to read."""
    if not data.is_dir():
        raise EvaluationError(f"There is no folder {data}.")
    try:
        chosen = examples(data, split)
    except FileNotFoundError as error:
        raise EvaluationError(f"There are no pictures with a manifest.csv in {data}.") from error
    except OSError as error:
        raise EvaluationError(f"The manifest.csv in {data} cannot be read: {error.strerror}.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise EvaluationError(f"The manifest.csv in {data} cannot be understood: {error}.") from error
    if not chosen:
        raise EvaluationError(f"The manifest in {data} names no picture of the {split} split.")
    return chosen


def read_pictures(
    data: Path, chosen: Sequence[Example], watch: Watch, detector: FaceDetector | None = None
) -> Pictures:
    """Prepare every picture; one that cannot be read is skipped and listed."""
    detector = detector or load_detector()
    read: list[tuple[Example, Prepared]] = []
    skipped: list[Skipped] = []
    for example in watch(chosen, len(chosen)):
        try:
            prepared = prepare((data / example.file).read_bytes(), detector)
        except (PhotoError, OSError) as error:
            skipped.append(Skipped(example.file, _why(error)))
        else:
            read.append((example, replace(prepared, review_copy=b"")))
    return Pictures(tuple(e for e, _ in read), tuple(p for _, p in read), tuple(skipped))


def require_both_classes(pictures: Pictures, data: Path) -> None:
    """Raise `EvaluationError` unless there are real faces and something else: no error rate means anything without."""
    if not len(pictures):
        raise EvaluationError(f"None of the {len(pictures.skipped)} pictures in {data} can be read.")
    is_real = pictures.is_real
    if is_real.all():
        raise EvaluationError(f"The pictures in {data} are all real faces; an evaluation needs placeholders too.")
    if not is_real.any():
        raise EvaluationError(f"No picture in {data} is a real face; an evaluation needs real faces too.")


def _why(error: PhotoError | OSError) -> str:
    if isinstance(error, PhotoError):
        return error.detail
    return f"The file cannot be opened: {error.strerror or error}."
