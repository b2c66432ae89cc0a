"""A landscape without a face, made of fractal noise: nobody's photo, yet no flat drawing either."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from models.drawings.surfaces import clouds

Plane = NDArray[np.floating]  # (height, width)
Layer = NDArray[np.float64]  # (height, width, 3), 0 to 1
Tint = tuple[float, float, float]

SUN_AT = 0.72, 0.30  # across and down, both in shares of the picture's sides
HAZE: Tint = (0.80, 0.84, 0.88)


def landscape(rng: np.random.Generator, width_px: int, height_px: int) -> Image.Image:
    """Return sky, mountains in haze, a lake, a meadow and firs, RGB."""
    size = height_px, width_px
    scene = _sky(rng, size)
    for share, rough, near in ((0.42, 0.20, 0.15), (0.48, 0.13, 0.45), (0.54, 0.07, 0.75)):
        scene = _mountains(rng, scene, share, rough, near)
    scene = _lake(rng, scene, round(height_px * 0.57), round(height_px * 0.70))
    scene = _meadow(rng, scene, height_px * 0.68)
    for base in np.sort(rng.uniform(0.66, 0.98, 26)):
        _fir(rng, scene, across=_beside_the_lake(rng), base=base)
    grain = rng.normal(0, 0.012, scene.shape)
    pixels = np.clip(scene + grain, 0, 1) * 255
    return Image.fromarray(pixels.astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))


def _grid(size: tuple[int, int]) -> tuple[Plane, Plane]:
    down, across = np.mgrid[0 : size[0], 0 : size[1]]
    return across / size[1], down / size[0]


def _blend(below: Layer, above: Layer | Tint, strength: Plane) -> Layer:
    share = strength[..., None]
    return below * (1 - share) + np.asarray(above) * share


def _sky(rng: np.random.Generator, size: tuple[int, int]) -> Layer:
    across, down = _grid(size)
    scene = _blend(np.full((*size, 3), (0.22, 0.42, 0.72)), (0.86, 0.85, 0.80), np.clip(down / 0.5, 0, 1) ** 0.8)
    glow = np.exp(-(((across - SUN_AT[0]) / 0.25) ** 2) - ((down - SUN_AT[1]) / 0.16) ** 2)
    scene = _blend(scene, (1.0, 0.93, 0.76), glow * 0.75)
    veil = clouds(rng, size, octaves=7, coarse=3)[np.clip((down[:, 0] ** 0.6 * size[0]).astype(int), 0, size[0] - 1)]
    return _blend(scene, (0.98, 0.97, 0.96), np.clip((veil - 0.48) * 2.6, 0, 1) * np.clip(1.1 - down / 0.5, 0, 1))


def _ridge(rng: np.random.Generator, width: int) -> Plane:
    """Return one fractal skyline, -1 to 1: each finer bend is half as high."""
    along, height = np.linspace(0, 1, width), np.zeros(width)
    for octave in range(9):
        knots = 2 ** (octave + 1) + 1
        height += np.interp(along, np.linspace(0, 1, knots), rng.uniform(-1, 1, knots)) / 1.9**octave
    skyline: Plane = height / np.abs(height).max()
    return skyline


def _mountains(rng: np.random.Generator, scene: Layer, share: float, rough: float, near: float) -> Layer:
    size = scene.shape[0], scene.shape[1]
    _, down = _grid(size)
    skyline = share - rough * (0.5 + 0.5 * _ridge(rng, size[1]))
    depth = down - skyline[None, :]
    folds = clouds(rng, size, octaves=7, coarse=6)
    slope = np.gradient(folds, axis=1) * size[1] / 12
    rock = np.clip(0.42 + 0.5 * slope + 0.25 * (folds - 0.5), 0.05, 1)[..., None] * np.array((0.44, 0.46, 0.47))
    forest = np.array((0.13, 0.21, 0.14)) * (0.7 + 0.6 * folds[..., None])
    rock = _blend(rock, forest, np.clip(depth * 14 + 1.6 * folds - 0.75, 0, 1) * near)
    snow = np.clip((0.055 - depth + 0.09 * (folds - 0.5)) * 40, 0, 1) * (1 - near) * np.clip(0.75 + slope, 0, 1)
    rock = _blend(_blend(rock, (0.95, 0.96, 0.98), snow), HAZE, np.full(size, 0.62 * (1 - near)))
    return _blend(scene, rock, np.clip(depth * size[0], 0, 1))


def _lake(rng: np.random.Generator, scene: Layer, top: int, bottom: int) -> Layer:
    """Mirror what stands above the shore, broken by ripples that grow towards the viewer."""
    lake = scene.copy()
    rows = np.arange(bottom - top)
    waves = np.sin(rows * 0.9 + np.cumsum(rng.normal(0, 0.7, len(rows)))) * rows / len(rows) * 6
    for row in rows:
        mirrored = scene[max(0, top - 1 - int(row * 1.4 + abs(waves[row])))]
        lake[top + row] = np.roll(mirrored, int(waves[row]), axis=0) * 0.72 + np.array((0.05, 0.10, 0.13))
    glints = clouds(rng, (bottom - top, scene.shape[1]), octaves=3, coarse=40) > 0.82
    lake[top:bottom][glints] += 0.08
    return lake


def _meadow(rng: np.random.Generator, scene: Layer, top: float) -> Layer:
    height, width = scene.shape[:2]
    _, down = _grid((height, width))
    edge = (top + height * 0.05 * _ridge(rng, width))[None, :] / height
    nearness = np.clip((down - edge) / (1 - edge), 0, 1)
    patches = clouds(rng, (height, width), octaves=6, coarse=5)
    blades = _blades(rng, (height, width)) * (0.25 + 0.75 * nearness)
    grass = np.stack([0.24 + 0.22 * patches, 0.34 + 0.16 * patches, 0.10 + 0.06 * patches], axis=2)
    grass = grass * (1.12 - 0.45 * nearness + 0.55 * blades)[..., None]
    flowers = (rng.random((height, width)) < 0.0016) & (patches > 0.55)
    grass[flowers] = (0.95, 0.9, 0.55)
    return _blend(scene, grass, np.clip((down - edge) * height, 0, 1))


def _blades(rng: np.random.Generator, size: tuple[int, int]) -> Plane:
    """Return upright streaks, -0.5 to 0.5: noise drawn out along the vertical."""
    noise = Image.fromarray(rng.random((max(2, size[0] // 7), size[1]), dtype=np.float32))
    streaks: Plane = np.asarray(noise.resize((size[1], size[0]), Image.Resampling.BICUBIC)) - 0.5
    return streaks


def _beside_the_lake(rng: np.random.Generator) -> float:
    side = rng.normal(0.06, 0.10) if rng.random() < 0.55 else rng.normal(0.95, 0.08)
    return float(side)


def _fir(rng: np.random.Generator, scene: Layer, across: float, base: float) -> None:
    """Paint one fir into the scene: drooping boughs, lit from the sun's side, ragged at the edge."""
    height, width = scene.shape[:2]
    tall = round(height * (0.10 + 0.42 * (base - 0.6)) * rng.uniform(0.8, 1.25))
    foot, stem = round(height * base), round(width * across)
    for row in range(tall):
        share = row / tall
        bough = 1 - 0.45 * ((share * 14 + rng.uniform(0, 0.25)) % 1)
        half = max(1, round(tall * 0.2 * (0.04 + share) * bough * rng.uniform(0.8, 1.1)))
        left, right = max(0, stem - half), min(width, stem + half)
        y = foot - tall + row
        if left >= right or not 0 <= y < height:
            continue
        light = 0.55 + 0.5 * (np.arange(left, right) - stem + half) / (2 * half) * rng.uniform(0.7, 1.3)
        shade = np.array((0.10, 0.17, 0.10)) * (light * rng.uniform(0.55, 1.35, right - left))[:, None]
        kept = rng.random(right - left) < 0.06
        scene[y, left:right] = np.where(kept[:, None], scene[y, left:right], shade)
