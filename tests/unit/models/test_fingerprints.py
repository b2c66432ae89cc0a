"""A picture is known again after what happens to pictures on their way, and no other picture is taken for it."""

import io

import numpy as np
import pytest
from PIL import Image, ImageEnhance, ImageOps

from models.decoding import decode
from models.fingerprints import SIGNS, perceptual_hash, signs
from photogate.screening.likeness import PICTURE_BITS
from tests.guards.tree import ROOT

PORTRAIT, OTHER = (
    Image.open(ROOT / "samples" / name).convert("RGB") for name in ("portrait_collins.jpg", "two_people.jpg")
)


def pixels(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.resize((224, 224), Image.Resampling.BILINEAR))


def recompressed(picture: Image.Image) -> Image.Image:
    kept = io.BytesIO()
    picture.save(kept, "JPEG", quality=35)
    return Image.fromarray(decode(kept.getvalue(), short_side_px=640).pixels)


def apart(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


CHANGES = {
    "compression": recompressed,
    "size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "brightness": lambda picture: ImageEnhance.Brightness(picture).enhance(0.8),
    "colour": lambda picture: ImageEnhance.Color(picture).enhance(0.0),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_picture_is_known_again_after(change):
    before, after = perceptual_hash(pixels(PORTRAIT)), perceptual_hash(pixels(CHANGES[change](PORTRAIT)))
    assert apart(before.direct, after.direct) <= 16
    assert apart(before.direct, after.mirrored) > 80


def test_another_picture_is_far_away():
    one, other = (perceptual_hash(pixels(picture)) for picture in (PORTRAIT, OTHER))
    assert min(apart(one.direct, other.direct), apart(one.direct, other.mirrored)) > 80


def test_the_mirror_image_is_told_without_looking_at_it():
    there, back = perceptual_hash(pixels(PORTRAIT)), perceptual_hash(pixels(ImageOps.mirror(PORTRAIT)))
    assert apart(there.mirrored, back.direct) <= 4
    assert apart(there.direct, back.mirrored) <= 4


@pytest.mark.parametrize("colour", ["black", "white", "grey", "#3b5998"])
def test_a_plain_picture_has_no_hash(colour):
    drawn = np.asarray(Image.new("RGB", (224, 224), colour)).copy()
    assert perceptual_hash(drawn) is None
    noisy = np.clip(drawn + np.random.default_rng(1).normal(0, 3, drawn.shape), 0, 255).astype(np.uint8)
    assert perceptual_hash(noisy) is None


def test_a_hash_has_its_length_and_its_share_of_ones():
    taken = perceptual_hash(pixels(PORTRAIT)).direct
    assert len(taken) * 8 == PICTURE_BITS
    assert int.from_bytes(taken).bit_count() == PICTURE_BITS // 2


def test_signs_are_the_same_everywhere_and_differ_with_the_angle():
    draw = np.random.default_rng(3)
    features = draw.random(224)
    near, far = features + draw.normal(0, 0.03, 224), draw.random(224)
    assert len(signs(features)) * 8 == SIGNS
    assert signs(features) == signs(features * 7)
    assert apart(signs(features), signs(near)) < 16 < apart(signs(features), signs(far))
