"""Rendered people: smooth heads under a light, as phones make them of their owners. They are placeholders.

Ellipsoids in a depth buffer, shaded by Lambert and Blinn-Phong; eyes, mouth and glasses are painted onto the front.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.pixels import Pixels

Floats = NDArray[np.floating]

_SKINS = ((255, 220, 190), (240, 195, 155), (205, 150, 110), (150, 100, 70), (100, 65, 45), (255, 205, 60))
_HAIRS = ((30, 25, 25), (80, 50, 30), (150, 90, 45), (225, 190, 110), (180, 180, 185), (170, 60, 30))
_FALLS_ON_CHEEKS, _IS_HAIR, _HAS_BRIM, _IS_BALD = 0.4, 0.55, 0.7, 0.88
"""What covers the head, on one dice: long hair, short hair, a cap or scarf, a hat, nothing."""

_CLOTHS = ((200, 50, 50), (50, 90, 190), (60, 140, 90), (240, 180, 50), (120, 70, 160), (235, 235, 235), (40, 40, 45))


@dataclass(frozen=True, slots=True)
class Ball:
    """An ellipsoid facing the viewer, in units of half the picture with y downwards and z towards the viewer."""

    x: float
    y: float
    z: float
    width: float
    height: float
    depth: float
    colour: tuple[float, ...]


class Scene:
    """A picture with a depth at every pixel, lit from one side."""

    def __init__(self, size_px: int, rng: Generator) -> None:
        """Begin with paper."""
        self.rng = rng
        self.size_px = size_px
        steps = np.linspace(-1, 1, size_px, dtype=np.float32)
        self.x, self.y = np.meshgrid(steps, steps)
        self.depth: Floats = np.full((size_px, size_px), -9.0, np.float32)
        self.pixels: Floats = np.empty((size_px, size_px, 3), np.float32)
        self.pixels[:] = _paper(rng)
        light = np.array([rng.uniform(-0.6, 0.6), rng.uniform(-0.9, -0.3), 1.0])
        self.light = light / np.linalg.norm(light)
        self.shine = rng.uniform(0, 0.5)

    def put(self, ball: Ball, where: NDArray[np.bool_] | None = None) -> None:
        """Draw what of a ball lies before everything else, within `where`."""
        across, down = (self.x - ball.x) / ball.width, (self.y - ball.y) / ball.height
        rest = 1 - across**2 - down**2
        front = np.sqrt(np.clip(rest, 0, None))
        z = ball.z + ball.depth * front
        seen = (rest > 0) & (z > self.depth)
        if where is not None:
            seen &= where
        self.pixels[seen] = self._lit(ball, across[seen], down[seen], front[seen])
        self.depth[seen] = z[seen]

    def paint(self, x: float, y: float, width: float, height: float, colour: tuple[float, ...]) -> None:
        """A flat ellipse over whatever is there."""
        inside = ((self.x - x) / width) ** 2 + ((self.y - y) / height) ** 2 < 1
        self.pixels[inside] = colour

    def strand(self, depth_before: Floats) -> None:
        """Streak whatever was put since, as combed hair is."""
        new = self.depth > depth_before
        waves = self.rng.uniform(20, 60) * (self.x + self.rng.normal(0, 0.4) * self.y + 0.1 * np.sin(5 * self.y))
        self.pixels[new] *= (1 - self.rng.uniform(0, 0.3) * (0.5 + 0.5 * np.sin(waves[new])))[:, None]

    def _lit(self, ball: Ball, across: Floats, down: Floats, front: Floats) -> Floats:
        normals = np.stack([across / ball.width, down / ball.height, front / ball.depth], axis=-1)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
        towards = np.clip(normals @ self.light, 0, None)
        halfway = self.light + np.array([0, 0, 1])
        glint = self.shine * np.clip(normals @ (halfway / np.linalg.norm(halfway)), 0, None) ** 30
        return np.clip((0.45 + 0.6 * towards)[:, None] * np.array(ball.colour) + 255 * glint[:, None], 0, 255)


def render_person(rng: Generator, size_px: int) -> Pixels:
    """A rendered head, (size, size, 3) uint8 RGB, drawn at twice the size and shrunk."""
    scene = Scene(size_px * 2, rng)
    size, x, y = rng.uniform(0.4, 0.68), rng.normal(0, 0.06), rng.normal(0, 0.06)
    skin = _near(_SKINS, rng)
    head = Ball(x, y, 0, size * rng.uniform(0.82, 1.02), size * rng.uniform(0.95, 1.15), size, skin)
    if _happens(0.4, rng):
        _body(scene, head, skin)
    hair = _near(_HAIRS, rng)
    paper = scene.depth.copy()
    _hair_behind(scene, head, hair)
    scene.strand(paper)
    for side in (-1, 1):
        scene.put(Ball(x + side * head.width, y + 0.05, 0, 0.2 * size, 0.25 * size, 0.15 * size, skin))
    scene.put(head)
    bald = scene.depth.copy()
    _hair_before(scene, head, hair)
    scene.strand(bald)
    if _happens(0.2, rng):
        _beard(scene, head, hair)
    _face(scene, head, size)
    return cv2.resize(scene.pixels.astype(np.uint8), (size_px, size_px), interpolation=cv2.INTER_AREA)


def _body(scene: Scene, head: Ball, skin: tuple[float, ...]) -> None:
    neck = head.y + head.height
    scene.put(Ball(head.x, neck, -0.2, 0.35 * head.width, 0.4, 0.3, skin))
    cloth = _near(_CLOTHS, scene.rng)
    scene.put(Ball(head.x, neck + 0.75, 0, scene.rng.uniform(1.1, 1.7) * head.width, 0.6, 0.4, cloth))


def _hair_behind(scene: Scene, head: Ball, colour: tuple[float, ...]) -> None:
    if _happens(0.45, scene.rng):
        length = scene.rng.uniform(1.2, 1.5)
        scene.put(Ball(head.x, head.y + 0.15, -0.5, 1.2 * head.width, length * head.height, 0.3, colour))
    elif _happens(0.3, scene.rng):
        for _ in range(14):
            angle = scene.rng.uniform(np.pi, 2 * np.pi)
            x, y = head.x + 0.95 * head.width * np.cos(angle), head.y + 0.9 * head.height * np.sin(angle)
            scene.put(Ball(x, y, -0.2, 0.22, 0.22, 0.22, colour))
    elif _happens(0.3, scene.rng):
        for side in (-1, 1):
            scene.put(Ball(head.x + side * 0.75 * head.width, head.y - head.height, -0.2, 0.2, 0.2, 0.2, colour))


def _hair_before(scene: Scene, head: Ball, hair: tuple[float, ...]) -> None:
    """Hair, a hat or a scarf over the upper part of the head."""
    covered = scene.rng.random()
    if covered > _IS_BALD:
        return
    colour = hair if covered < _IS_HAIR else _near(_CLOTHS, scene.rng)
    slant = scene.rng.normal(0, 0.35)
    hairline = head.y - scene.rng.uniform(0.25, 0.6) * head.height
    above = scene.y < hairline + slant * (scene.x - head.x)
    if covered < _FALLS_ON_CHEEKS:
        above |= np.abs(scene.x - head.x) > scene.rng.uniform(0.75, 0.9) * head.width
    grown = scene.rng.uniform(1.04, 1.18)
    top = Ball(head.x, head.y - 0.04, 0.02, grown * head.width, grown * head.height, grown * head.depth, colour)
    scene.put(top, above)
    if covered > _HAS_BRIM:
        scene.put(Ball(head.x, hairline, head.depth * 0.6, 1.35 * head.width, 0.1, 0.5, colour))


def _beard(scene: Scene, head: Ball, hair: tuple[float, ...]) -> None:
    below = scene.y > head.y + scene.rng.uniform(0.2, 0.4) * head.height
    grown = scene.rng.uniform(1.03, 1.12)
    scene.put(
        Ball(head.x, head.y + 0.03, 0.02, grown * head.width, grown * head.height, grown * head.depth, hair), below
    )


def _face(scene: Scene, head: Ball, size: float) -> None:
    rng = scene.rng
    apart, eye = rng.uniform(0.32, 0.45) * size, rng.uniform(0.1, 0.24) * size
    level = head.y - rng.uniform(-0.08, 0.15) * size
    look = rng.normal(0, 0.2, 2) * eye
    iris = tuple(rng.uniform(20, 140, 3))
    has_glasses, has_dark_ones, squint = _happens(0.25, rng), _happens(0.5, rng), rng.uniform(0.6, 1.2)
    brow = _near(_HAIRS, rng)
    for side in (-1, 1):
        x = head.x + side * apart
        scene.paint(x, level - 1.7 * eye, 1.1 * eye, 0.22 * eye, brow)
        scene.paint(x, level, eye, squint * eye, (250, 250, 250))
        scene.paint(x + look[0], level + look[1], 0.62 * eye, 0.62 * squint * eye, iris)
        scene.paint(x + look[0], level + look[1], 0.34 * eye, 0.34 * eye, (10, 10, 10))
        scene.paint(x + look[0] - 0.2 * eye, level + look[1] - 0.2 * eye, 0.15 * eye, 0.15 * eye, (255, 255, 255))
        if has_glasses:
            _lens(scene, x, level, 1.7 * eye, is_dark=has_dark_ones)
    nose = tuple(0.97 * np.array(head.colour))
    scene.depth[:] = np.minimum(scene.depth, head.depth + 0.01)
    scene.put(Ball(head.x, head.y + 0.22 * size, head.depth - 0.02, 0.13 * size, 0.12 * size, 0.14 * size, nose))
    _mouth(scene, head, size)


def _lens(scene: Scene, x: float, y: float, radius: float, *, is_dark: bool) -> None:
    distance = np.hypot(scene.x - x, (scene.y - y) * 1.1)
    if is_dark:
        scene.pixels[distance < radius] *= 0.25
    scene.pixels[np.abs(distance - radius) < 0.15 * radius] = _near(_CLOTHS, scene.rng)


def _mouth(scene: Scene, head: Ball, size: float) -> None:
    rng = scene.rng
    y, width = head.y + rng.uniform(0.48, 0.62) * size, rng.uniform(0.15, 0.42) * size
    if _happens(0.55, rng):
        height = rng.uniform(0.1, 0.22) * size
        inside = (((scene.x - head.x) / width) ** 2 + ((scene.y - y) / height) ** 2 < 1) & (scene.y > y - 0.3 * height)
        scene.pixels[inside] = (90, 20, 25)
        scene.pixels[inside & (scene.y < y + 0.15 * height)] = (252, 252, 250)
        scene.pixels[inside & (scene.y > y + 0.6 * height)] = (225, 90, 95)
        return
    curve = y + rng.normal(0, 0.12) * size * (((scene.x - head.x) / width) ** 2 - 0.5)
    line = (np.abs(scene.y - curve) < rng.uniform(0.02, 0.06) * size) & (np.abs(scene.x - head.x) < width)
    scene.pixels[line] = np.array(head.colour) * (0.75, 0.45, 0.45)


def _happens(chance: float, rng: Generator) -> bool:
    return bool(rng.random() < chance)


def _near(colours: tuple[tuple[int, ...], ...], rng: Generator) -> tuple[float, ...]:
    colour = np.array(colours[rng.integers(len(colours))]) + rng.normal(0, 14, 3)
    return tuple(np.clip(colour, 0, 255))


def _paper(rng: Generator) -> NDArray[np.floating]:
    return np.array([255.0] * 3) if _happens(0.4, rng) else rng.uniform(60, 255, 3)
