import numpy as np

from models.training.generated.shortcuts import colour_statistics, jpeg_sizes, photo_scores


def test_colour_statistics_tell_red_pictures_from_blue_ones():
    red, blue = (np.full((224, 224, 3), colour, np.uint8) for colour in ([200, 20, 20], [20, 20, 200]))
    assert colour_statistics(red).shape == (60,)
    assert not np.allclose(colour_statistics(red), colour_statistics(blue))


def test_a_detailed_picture_takes_more_bytes_than_a_flat_one():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (224, 224, 3), np.uint8)
    assert (jpeg_sizes(noise) > jpeg_sizes(np.zeros_like(noise)) + 1).all()


def test_a_regression_finds_the_one_number_that_tells():
    rng = np.random.default_rng(1)
    is_photo = np.arange(200) % 2 == 0
    taught = rng.normal(size=(200, 5))
    taught[:, 3] += 3 * is_photo
    scores = photo_scores(taught[:100], taught[100:], is_photo[100:])
    assert ((scores > 0) == is_photo[:100]).mean() > 0.85


def test_what_says_nothing_separates_nothing():
    rng = np.random.default_rng(2)
    is_photo = np.arange(400) % 2 == 0
    scores = photo_scores(rng.normal(size=(400, 3)), rng.normal(size=(400, 3)), is_photo)
    assert abs(scores[is_photo].mean() - scores[~is_photo].mean()) < 0.3
