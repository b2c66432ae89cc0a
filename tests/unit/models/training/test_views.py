import numpy as np
import pytest

from models.training.material import prepared
from models.training.recipe import Recipe
from models.training.source_views import source_view
from models.training.views import Views

FAITHFUL = ["input_px=32", "batch=4"]
OURS = ["input_px=32", "batch=8", "views_per_epoch=16", "drawings=6", "renders=2", "validation=a_fifth"]


def batches(views):
    return [(pixels.numpy(), shows_face.numpy()) for pixels, shows_face in views]


def test_an_epoch_by_pictures_shows_each_once(pictures_folder, tmp_path):
    recipe = Recipe.read("real_vs_placeholder", FAITHFUL)
    learnt = prepared([pictures_folder], recipe, tmp_path).learnt
    views = Views(learnt, recipe, epoch=0)
    assert sorted(np.concatenate(views.batches)) == sorted(learnt.places) == sorted(set(learnt.places))
    pixels, shows_face = batches(views)[0]
    assert pixels.shape == (4, 3, 32, 32)
    assert shows_face.shape == (4,)


@pytest.mark.parametrize(("name", "changes"), [("real_vs_placeholder", FAITHFUL), ("student", OURS)])
def test_the_same_seed_and_epoch_give_the_same_views_and_another_epoch_others(name, changes, pictures_folder, tmp_path):
    recipe = Recipe.read(name, changes)
    learnt = prepared([pictures_folder], recipe, tmp_path).learnt
    first, again, other = (batches(Views(learnt, recipe, epoch)) for epoch in (0, 0, 1))
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(first, again, strict=True))
    assert not np.array_equal(first[0][0], other[0][0])


def test_two_processes_share_the_views_of_one(pictures_folder, tmp_path):
    recipe = Recipe.read("student", OURS)
    learnt = prepared([pictures_folder], recipe, tmp_path).learnt
    alone = batches(Views(learnt, recipe, 3))
    both = [batches(Views(learnt, recipe, 3, rank=rank, processes=2)) for rank in (0, 1)]
    for number, (pixels, _) in enumerate(alone):
        assert np.array_equal(pixels[0::2], both[0][number][0])
        assert np.array_equal(pixels[1::2], both[1][number][0])


def test_a_source_counts_by_the_root_of_its_size_and_labels_by_their_shares(pictures_folder, tmp_path):
    recipe = Recipe.read("student", [*OURS, "views_per_epoch=2000"])
    learnt = prepared([pictures_folder], recipe, tmp_path).learnt
    seen = [learnt.pictures.entries[place].label for batch in Views(learnt, recipe, 0).batches for place in batch]
    shares = {label: seen.count(label) / len(seen) for label in set(seen)}
    assert shares["real"] == pytest.approx(0.41 / 0.75, abs=0.05)
    assert shares["placeholder"] == pytest.approx(0.21 / 0.75, abs=0.05)


def test_what_shows_a_face_is_over_half_of_what_is_seen_however_few_there_are(pictures_folder, tmp_path):
    recipe = Recipe.read("student", [*OURS, "views_per_epoch=600", "drawings=30", "renders=10"])
    learnt = prepared([pictures_folder], recipe, tmp_path).learnt
    seen = [learnt.pictures.entries[place].label for batch in Views(learnt, recipe, 1).batches for place in batch]
    assert 0.43 < seen.count("real") / len(seen) < 0.65  # labels that are not there leave their shares to the rest
    assert seen.count("renders") > 20


def test_a_sources_view_keeps_the_middle_and_turns_no_further_than_15_degrees():
    crop = np.zeros((224, 224, 3), np.uint8)
    crop[:, 104:120] = 255
    for seed in range(20):
        view = source_view(crop, np.random.default_rng(seed), 64)
        assert view.shape == (64, 64, 3)
        rows = [np.flatnonzero(row[:, 0] > 100).mean() for row in (view[12], view[51])]
        assert abs(np.degrees(np.arctan((rows[1] - rows[0]) / 39))) < 17
        assert 22 < np.mean(rows) < 42


def test_several_threads_give_the_same_batches_in_the_same_order(pictures_folder, tmp_path):
    recipe = Recipe.read("real_vs_placeholder", [*FAITHFUL, "views_per_epoch=64"])
    learnt = prepared((pictures_folder,), recipe, tmp_path).learnt
    one, three = batches(Views(learnt, recipe, 0)), batches(Views(learnt, recipe, 0, threads=3))
    assert len(one) == 16
    assert all(np.array_equal(a, b) for (a, _), (b, _) in zip(one, three, strict=True))
