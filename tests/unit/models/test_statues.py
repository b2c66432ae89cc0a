import numpy as np

from models.drawings import draw


def drawn(seed, size_px=120):
    return draw("statue", np.random.default_rng(seed), size_px)


def test_the_same_seed_models_the_same_head():
    assert drawn(4).tobytes() == drawn(4).tobytes()
    assert len({drawn(seed).tobytes() for seed in range(8)}) == 8


def test_heads_come_square_and_portrait_in_the_size_asked_for():
    sizes = {drawn(seed).size for seed in range(10)}
    assert {max(size) for size in sizes} == {120}
    assert len(sizes) > 1


def test_a_head_is_round_under_its_lamp():
    """From cheek to cheek the light changes steadily, where a flat drawing has steps."""
    changes = []
    for seed in range(8):
        picture = np.asarray(drawn(seed).convert("L"), float)
        row = picture[round(picture.shape[0] * 0.5), round(picture.shape[1] * 0.3) : round(picture.shape[1] * 0.7)]
        changes.append(np.mean(np.diff(row) != 0))
    assert np.median(changes) > 0.5
