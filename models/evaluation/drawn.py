"""Placeholders of every kind that we can draw: what APCER looks like kind by kind.

The same generator draws for training, from other seeds. So these rates say which kinds a model has learnt; what it
makes of other people's drawings is for the sources of the test split to say.
"""

import io
from collections.abc import Iterable, Sequence

import numpy as np
from PIL import Image

from models.detection.face import FaceDetector
from models.detection.load import load_detector
from models.drawings import KINDS, draw
from models.evaluation.pictures import Pictures, Watch
from models.preparation import prepare
from models.training.splits import Example

_SEED = 77_001
_SIZES_PX = (160, 240, 320, 480)


def drawn_pictures(per_kind: int, watch: Watch, detector: FaceDetector | None = None) -> Pictures:
    """`per_kind` pictures of every kind, as JPEG and PNG in turn, prepared like any upload."""
    detector = detector or load_detector()
    wanted = [_example(kind, number) for kind in KINDS for number in range(per_kind)]
    prepared = [prepare(_file(example, place), detector) for place, example in _placed(watch, wanted)]
    return Pictures(tuple(wanted), tuple(prepared))


def _placed(watch: Watch, wanted: Sequence[Example]) -> Iterable[tuple[int, Example]]:
    return enumerate(watch(wanted, len(wanted)))


def _example(kind: str, number: int) -> Example:
    return Example(f"{kind} {number + 1}", "placeholder", "drawn", "", None, {"kind": kind})


def _file(example: Example, place: int) -> bytes:
    rng = np.random.default_rng((_SEED, place))
    picture = draw(example.attributes["kind"], rng, int(rng.choice(_SIZES_PX)))
    return _encoded(picture, "JPEG" if place % 2 else "PNG", int(rng.integers(60, 96)))


def _encoded(picture: Image.Image, form: str, quality: int) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **({"quality": quality} if form == "JPEG" else {}))
    return written.getvalue()
