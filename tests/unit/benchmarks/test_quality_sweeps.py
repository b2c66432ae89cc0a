"""Each quality measure follows what it is there to find, on the portraits among the samples."""

import numpy as np
import pytest
from PIL import Image

from benchmarks.quality_sweeps import SWEEPS, Portrait, followed, spearman
from models.detection.face import Face
from models.quality.measures import assess
from tests.guards.tree import ROOT

LEAST = 0.9
WIDTH_PX = 350

FACES = {
    "portrait_hopper.jpg": Face(
        198, 208, 300, 343, 0.94, ((276.6, 327.6), (413.8, 321.1), (347.8, 400.2), (292.4, 460.0), (410.1, 454.5))
    ),
    "portrait_collins.jpg": Face(
        215, 186, 264, 342, 0.96, ((282.3, 306.6), (408.4, 312.0), (340.2, 379.7), (278.7, 419.1), (404.1, 423.2))
    ),
}


@pytest.fixture(scope="module", params=FACES)
def portrait(request):
    picture = Image.open(ROOT / "samples" / request.param).convert("RGB")
    factor = WIDTH_PX / picture.width
    small = picture.resize((WIDTH_PX, round(picture.height * factor)))
    return Portrait(np.asarray(small), FACES[request.param].scaled(factor))


@pytest.mark.parametrize("name", SWEEPS)
def test_a_measure_follows_what_it_is_there_to_find(portrait, name):
    assert followed(SWEEPS[name], portrait) >= LEAST


def test_every_measure_that_is_assessed_is_swept(portrait):
    measures = assess(portrait.pixels, portrait.face, scale=1)
    assert {sweep.measure for sweep in SWEEPS.values()} == {
        name for name, measure in measures.items() if measure.native is not None
    }


def test_rank_correlation_knows_order_ties_and_silence():
    assert spearman([1, 2, 3], [10, 20, 90]) == pytest.approx(1)
    assert spearman([1, 2, 3], [3, 2, 1]) == pytest.approx(-1)
    assert 0.8 < spearman([1, 2, 3], [1, 2, 2]) < 0.9
    assert spearman([1, 2, 3], [5, 5, 5]) == 0
