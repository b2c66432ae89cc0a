"""The heat map as a picture: warm where a part spoke for a real photo, cold where against, plain where nothing did."""

import numpy as np

from tests.guards.tree import ROOT
from worker.heat_map import COLD, SIDE_PX, WARM, HeatMap

CROP = np.full((224, 224, 3), (40, 160, 90), np.uint8)


def drawn(importances):
    return HeatMap("student@1", np.array(importances, float), 1.0).over(CROP)


def at(picture, row, column, rows=7):
    cell = SIDE_PX // rows
    return picture[row * cell + cell // 2, column * cell + cell // 2].astype(int)


def one(value, row=2, column=4):
    grid = np.zeros((7, 7))
    grid[row, column] = value
    return grid


def test_what_spoke_for_a_real_photo_is_orange_and_against_it_blue():
    red, _, blue = at(drawn(one(5.0)), 2, 4)
    assert red > blue + 100
    red, _, blue = at(drawn(one(-5.0)), 2, 4)
    assert blue > red + 100


def test_what_did_not_matter_keeps_the_crops_grey():
    red, green, blue = at(drawn(one(5.0)), 6, 0)
    assert max(red, green, blue) - min(red, green, blue) <= 12


def test_a_map_in_which_nothing_matters_has_hardly_any_colour():
    picture = drawn(np.random.default_rng(1).uniform(-0.1, 0.1, (7, 7))).astype(int)
    assert (picture.max(axis=2) - picture.min(axis=2)).max() < 35


def test_it_is_told_with_its_model_and_rounded():
    told = HeatMap("student@1", np.array([[0.12345, -1.0]]), 12.34567).to_json()
    assert told == {"model": "student@1", "importances": [[0.123, -1.0]], "ms": 12.346}


def test_the_pages_legend_has_the_maps_colours():
    css = (ROOT / "review_ui/static/check.css").read_text()
    for name, colour in (("warm", WARM), ("cold", COLD)):
        assert f".swatch.{name} {{ background: #{bytes(colour.astype(np.uint8)).hex()}; }}" in css
