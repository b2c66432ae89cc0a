import numpy as np
import pytest
from PIL import Image

from models.training.augmentation import view
from models.training.pictures import Entry

FACE = (100.0, 100.0, 50.0, 60.0)


def entry(*, is_real: bool, found: bool = True) -> Entry:
    return Entry(
        "real" if is_real else "placeholder",
        "a/source",
        0,
        300,
        280,
        FACE if found else None,
        FACE if is_real else None,
    )


def picture() -> np.ndarray:
    shades = Image.linear_gradient("L").resize((280, 300)).convert("RGB")
    return np.asarray(shades)


def other() -> np.ndarray:
    return np.full((90, 120, 3), (0, 90, 200), np.uint8)


@pytest.mark.parametrize("is_real", [True, False])
@pytest.mark.parametrize("found", [True, False])
def test_views_of_every_kind_of_picture_have_the_size_asked_for(is_real, found):
    for seed in range(60):
        pixels, _ = view(picture(), entry(is_real=is_real, found=found), other(), np.random.default_rng(seed), 112)
        assert pixels.shape == (112, 112, 3)
        assert pixels.dtype == np.uint8


def test_the_same_seed_gives_the_same_view():
    first, again = (view(picture(), entry(is_real=True), other(), np.random.default_rng(5), 112)[0] for _ in range(2))
    assert first.tobytes() == again.tobytes()


def test_views_differ():
    views = {
        view(picture(), entry(is_real=True), other(), np.random.default_rng(seed), 112)[0].tobytes()
        for seed in range(20)
    }
    assert len(views) == 20


def test_a_real_photo_whose_face_is_left_out_replaced_or_in_pieces_is_no_face_photo_and_nothing_else_changes_class():
    shown = [view(picture(), entry(is_real=True), other(), np.random.default_rng(seed), 32)[1] for seed in range(600)]
    assert 0.65 < np.mean(shown) < 0.85
    never = [view(picture(), entry(is_real=False), other(), np.random.default_rng(seed), 32)[1] for seed in range(50)]
    assert not any(never)


def test_the_original_is_left_alone():
    original = picture()
    before = original.copy()
    for seed in range(20):
        view(original, entry(is_real=True), other(), np.random.default_rng(seed), 112)
    assert (original == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (16, 16)])
def test_tiny_and_thin_pictures_have_views_too(shape):
    pixels = np.full((*shape, 3), 90, np.uint8)
    tiny = Entry(
        "placeholder", "a/source", offset=0, height=shape[0], width=shape[1], found_face=None, labelled_face=None
    )
    for seed in range(20):
        assert view(pixels, tiny, other(), np.random.default_rng(seed), 112)[0].shape == (112, 112, 3)
