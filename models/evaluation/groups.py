"""Error by groups of people, as far as labels or the picture itself tell a group.

A difference between groups is only as sure as its intervals: most groups hold a few hundred pictures at best.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from models.evaluation.errors import Rate
from models.evaluation.measured import Measured
from models.pixels import Pixels
from models.training.splits import Example

LEAST_PICTURES = 50
"""A group smaller than this is shown, but its error is no figure to hold anybody to."""

_AGE_BANDS = (
    (13, "0–12"),
    (18, "13–17"),
    (31, "18–30"),
    (46, "31–45"),
    (61, "46–60"),
    (76, "61–75"),
    (200, "76 and over"),
)
_SEX = {"0": "male", "1": "female", "M": "male", "F": "female"}
_RACE = {"0": "White", "1": "Black", "2": "Asian", "3": "Indian", "4": "Other"}
_TONES = ((41, "light"), (10, "medium"), (-91, "dark"))

_CHEEKS = ((0.36, 0.56), (0.64, 0.56))
_CHEEK_HALF = 0.035
_LEAST_YELLOW = 4.0
"""Below this b* of CIELAB a cheek has no colour to speak of: a greyscale photo, or light that hides the skin."""


@dataclass(frozen=True, slots=True)
class Group:
    """The real faces of one group, the share of them refused, and how far that is above all real faces together."""

    trait: str
    name: str
    bpcer: Rate
    above_whole: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """One way to tell people apart, over the real faces of which it is known."""

    trait: str
    how: str
    groups: tuple[Group, ...]
    unknown: int


@dataclass(frozen=True, slots=True)
class Trait:
    """A way to tell a picture's group: None where it cannot be told."""

    name: str
    how: str
    of: Callable[[Example, Pixels], str | None]
    order: tuple[str, ...]


def group_errors(measured: Measured) -> tuple[Grouping, ...]:
    """BPCER at the shipped threshold by every trait that at least one real face shows."""
    found = (_grouping(measured, trait) for trait in TRAITS)
    return tuple(grouping for grouping in found if grouping.groups)


def largest_gap(groupings: tuple[Grouping, ...], least_pictures: int = LEAST_PICTURES) -> Group | None:
    """The group whose BPCER lies furthest above the whole's, among those that are large enough to say so."""
    groups = [g for grouping in groupings for g in grouping.groups if g.bpcer.of >= least_pictures]
    return max(groups, key=lambda group: group.above_whole, default=None)


def skin_tone(crop: Pixels) -> float | None:
    """The individual typology angle of the cheeks in degrees (Chardon et al. 1991): light skin high, dark skin low.

    `crop` is (224, 224, 3) uint8 RGB with the face in the middle. The camera's white balance and the light are in it,
    so that it is an approximation; None where the cheeks are without colour.
    """
    size = crop.shape[0]
    patches = [_patch(crop, round(x * size), round(y * size), max(1, round(_CHEEK_HALF * size))) for x, y in _CHEEKS]
    lab = cv2.cvtColor((np.concatenate(patches)[None] / 255).astype(np.float32), cv2.COLOR_RGB2LAB)[0]
    lightness, _, yellow = np.median(lab, axis=0)
    if yellow < _LEAST_YELLOW:
        return None
    return math.degrees(math.atan2(lightness - 50, yellow))


def tone_class(angle: float) -> str:
    """The six classes of Chardon et al. in pairs: light and exposure of a photo move the angle by a class or so."""
    return next(name for above, name in _TONES if angle > above)


def _grouping(measured: Measured, trait: Trait) -> Grouping:
    is_real = measured.is_real
    whole = Rate.among(measured.wrong, is_real).value
    members: Mapping[str | None, list[int]] = _members(measured, trait)
    groups = [
        Group(trait.name, name, rate, rate.value - whole)
        for name in sorted((name for name in members if name), key=trait.order.index)
        for rate in [Rate.counted(int(measured.wrong[members[name]].sum()), len(members[name]))]
    ]
    return Grouping(trait.name, trait.how, tuple(groups), len(members.get(None, ())))


def _members(measured: Measured, trait: Trait) -> Mapping[str | None, list[int]]:
    members: dict[str | None, list[int]] = {}
    for index, name in _named(measured, trait):
        members.setdefault(name, []).append(index)
    return members


def _named(measured: Measured, trait: Trait) -> Iterator[tuple[int, str | None]]:
    pictures = measured.pictures
    for index, (example, photo) in enumerate(zip(pictures.examples, pictures.prepared, strict=True)):
        if example.is_real:
            yield index, trait.of(example, photo.crop) if photo.faces or trait.name != SKIN_TONE else None


def _age_band(example: Example, _: Pixels) -> str | None:
    age = example.attributes.get("age", "")
    return next(name for below, name in _AGE_BANDS if int(age) < below) if age.isdecimal() else None


def _sex(example: Example, _: Pixels) -> str | None:
    return _SEX.get(example.attributes.get("gender", ""))


def _race(example: Example, _: Pixels) -> str | None:
    return _RACE.get(example.attributes.get("race", ""))


def _tone(_: Example, crop: Pixels) -> str | None:
    angle = skin_tone(crop)
    return None if angle is None else tone_class(angle)


def _patch(crop: Pixels, x: int, y: int, half: int) -> Pixels:
    return crop[y - half : y + half + 1, x - half : x + half + 1].reshape(-1, 3)


SKIN_TONE = "skin tone, estimated"
TRAITS = (
    Trait("age", "Years, as the data set labels them", _age_band, tuple(name for _, name in _AGE_BANDS)),
    Trait("sex", "As the data set labels it: UTKFace writes 0 for male, 1 for female", _sex, ("female", "male")),
    Trait(
        "race",
        "UTKFace's own five words: 0 White, 1 Black, 2 Asian, 3 Indian, 4 Other (such as Hispanic, Latino, Middle "
        "Eastern); a stranger's guess from the picture, not what anybody said of themselves",
        _race,
        tuple(_RACE.values()),
    ),
    Trait(
        SKIN_TONE,
        "From the colour of both cheeks in the crop (individual typology angle: light above 41°, dark below 10°; "
        "lighting and white balance are in it), "
        "where a face was found and the photo has colour",
        _tone,
        tuple(name for _, name in _TONES),
    ),
)
