import numpy as np
import pytest
from PIL import Image

from models.drawings import KINDS, draw
from models.drawings.canvas import FACES, Canvas, Face
from models.drawings.colours import BLACK, WHITE


def drawn(kind: str, seed: int, size_px: int = 96) -> Image.Image:
    return draw(kind, np.random.default_rng(seed), size_px)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_square_and_portrait_in_the_size_asked_for(kind):
    sizes = {drawn(kind, seed).size for seed in range(24)}
    assert {max(size) for size in sizes} == {96}
    assert (96, 96) in sizes
    assert any(width < height for width, height in sizes)
    assert not any(width > height for width, height in sizes)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_draws_the_same_picture_whatever_was_drawn_before(kind):
    first = drawn(kind, 7)
    for other in KINDS:
        drawn(other, 8)
    again = drawn(kind, 7)
    assert first.mode == "RGB"
    assert first.tobytes() == again.tobytes()


@pytest.mark.parametrize("kind", KINDS)
def test_other_seeds_draw_other_pictures(kind):
    pictures = {drawn(kind, seed).tobytes() for seed in range(20)}
    assert len(pictures) >= 17  # plain white and plain black repeat among the blank ones


def test_a_blank_picture_shows_nothing_and_a_page_shows_writing():
    def contrast(kind: str) -> float:
        return float(np.median([np.asarray(drawn(kind, seed)).std(axis=(0, 1)).mean() for seed in range(12)]))

    assert contrast("blank") < 8
    assert contrast("text_page") > 25


def test_small_and_large_pictures_show_the_same_drawing():
    small, large = drawn("silhouette", 3, 112), drawn("silhouette", 3, 448)
    apart = np.abs(np.asarray(large.resize(small.size), dtype=float) - np.asarray(small, dtype=float))
    assert apart.mean() < 6


def test_an_unknown_kind_is_refused_by_name():
    with pytest.raises(KeyError, match="hologram"):
        drawn("hologram", 1)


@pytest.mark.parametrize("face", sorted(set(FACES)))
def test_letters_stay_inside_the_box_they_were_given(face: Face):
    canvas = Canvas(100, 100, WHITE)
    canvas.text("No photo", 0.5, 0.5, 0.6, 0.2, BLACK, face)
    ink = np.argwhere(np.asarray(canvas.finished().convert("L")) < 230)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    assert left >= 19
    assert right <= 80
    assert top >= 39
    assert bottom <= 60
    assert right - left > 40 or bottom - top > 15  # as large as the box allows
