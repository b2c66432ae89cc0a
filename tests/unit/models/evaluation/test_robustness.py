from collections import Counter

import numpy as np
import pytest

from models.decoding import decode
from models.drawings import draw
from models.evaluation.pictures import Pictures, chosen_examples
from models.evaluation.robustness import DAMAGES, Trial, damaged, subsample, suffered
from models.training.splits import Split
from tests.unit.models.evaluation.made import Fixed, drawn_folder, example, prepared, silent

PICTURE = np.asarray(draw("cartoon_face", np.random.default_rng(4), 300))
BY_NAME = {damage.name: damage for damage in DAMAGES}


def files(name):
    return [damaged(PICTURE, Trial(BY_NAME[name], strength)) for strength in BY_NAME[name].strengths]


def pixels(file):
    return decode(file, short_side_px=4000).pixels.astype(float)


@pytest.mark.parametrize("name", ["JPEG", "blur", "noise", "rotation"])
def test_every_step_takes_the_picture_further_from_what_it_was(name):
    apart = [np.abs(pixels(file) - PICTURE).mean() for file in files(name)]
    assert apart == sorted(apart)
    assert apart[-1] > 2 * apart[0] + 1


def test_scale_and_crop_leave_fewer_pixels():
    assert [min(pixels(file).shape[:2]) for file in files("scale")] == [min(PICTURE.shape[:2]), 160, 96, 64, 40]
    height, width = PICTURE.shape[:2]
    assert pixels(files("crop")[-1]).shape == (height - 2 * round(0.3 * height), width - 2 * round(0.3 * width), 3)


def test_a_subsample_is_half_real_and_gives_every_source_its_share():
    examples = [example(real=True, source="a", number=n) for n in range(60)]
    examples += [example(real=True, source="b", number=n) for n in range(20)]
    examples += [example(real=False, source="c", number=n) for n in range(5)]
    chosen = subsample(Pictures(tuple(examples), (prepared(),) * 85), most=40)
    assert Counter(e.source for e in chosen) == {"a": 15, "b": 5, "c": 5}
    assert chosen == sorted(chosen, key=examples.index)


def test_both_errors_are_measured_under_every_damage_at_every_strength(tmp_path, monkeypatch):
    data = drawn_folder(tmp_path / "data", per_source=1)
    monkeypatch.setattr("models.evaluation.robustness.DAMAGES", (BY_NAME["blur"],))
    chosen = chosen_examples(data, Split.TEST)
    found = suffered(Fixed(lambda crops: np.ones(len(crops))), data, chosen, silent)
    assert [each.strength for each in found] == list(BY_NAME["blur"].strengths)
    assert {(each.bpcer.of, each.bpcer.wrong, each.apcer.of, each.apcer.wrong) for each in found} == {(2, 0, 2, 2)}
    assert {each.auc for each in found} == {0.5}
