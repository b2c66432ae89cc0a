import numpy as np
import pytest

from models.training.renders import Ball, Scene, render_person


@pytest.mark.parametrize("size_px", [32, 97])
def test_a_rendered_person_has_the_size_asked_for(size_px):
    pixels = render_person(np.random.default_rng(1), size_px)
    assert pixels.shape == (size_px, size_px, 3)
    assert pixels.dtype == np.uint8


def test_the_same_seed_renders_the_same_person_and_another_seed_another():
    people = [render_person(np.random.default_rng(seed), 48).tobytes() for seed in (5, 5, 6)]
    assert people[0] == people[1] != people[2]


def test_what_lies_nearer_hides_what_lies_behind_whatever_came_first():
    scene = Scene(41, np.random.default_rng(2))
    scene.shine = 0
    scene.put(Ball(0, 0, 0.5, 0.5, 0.5, 0.2, (200, 0, 0)))
    scene.put(Ball(0, 0, -0.5, 0.9, 0.9, 0.2, (0, 0, 200)))
    red, _, blue = scene.pixels[20, 20]
    assert red > blue
    red, _, blue = scene.pixels[20, 5]
    assert blue > red


def test_a_ball_is_brightest_towards_the_light():
    scene = Scene(81, np.random.default_rng(2))
    scene.light, scene.shine = np.array([0.0, -0.7, 0.7]), 0
    scene.put(Ball(0, 0, 0, 0.8, 0.8, 0.8, (180, 180, 180)))
    assert scene.pixels[20, 40].mean() > scene.pixels[60, 40].mean()
