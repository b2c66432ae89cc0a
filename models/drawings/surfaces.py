"""Surfaces that show nothing: one colour, gradients, noise and patterns."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from models.drawings.canvas import Canvas
from models.drawings.colours import BLACK, WHITE, Colour, any_colour, grey, hsv, mixed, pale, pick

Plane = NDArray[np.float32]


def blank(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a surface of one colour, often with faint texture, uneven light or a thin edge."""
    colour = pick(rng, (WHITE, BLACK, grey(rng), grey(rng, 180, 255), pale(rng), any_colour(rng), any_colour(rng)))
    canvas.fill(colour)
    if rng.random() < 0.3:
        canvas.gradient(colour, mixed(colour, grey(rng), rng.uniform(0.02, 0.15)), rng.uniform(0, 360))
    if rng.random() < 0.5:
        grain = rng.normal(0, rng.uniform(0.5, 6), _half_size(canvas)).astype(np.float32)
        if rng.random() < 0.4:
            grain += (clouds(rng, _half_size(canvas), octaves=2) - 0.5) * rng.uniform(2, 30)
        _add(canvas, grain)
    if rng.random() < 0.15:
        canvas.box(0, 0, 1, canvas.height, None, edge=grey(rng), line=rng.uniform(0.004, 0.04))


def gradient(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw colours that run into each other: linear, radial, conic or in several stops."""
    kin = rng.random()
    stops = [_kin_colour(rng, kin) if rng.random() < 0.6 else any_colour(rng) for _ in range(int(rng.integers(2, 6)))]
    make = pick(rng, (_linear, _linear, _radial, _conic))
    if rng.random() < 0.2:
        _mesh(canvas, rng, stops)
    else:
        _paint(canvas, make(canvas, rng), stops)
    if rng.random() < 0.2:
        _add(canvas, rng.normal(0, rng.uniform(1, 6), _half_size(canvas)).astype(np.float32))


def noise(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw noise: grains, speckles, clouds, television snow or a broken transmission."""
    make = pick(rng, (_grains, _grains, _speckles, _cloud_noise, _cloud_noise, _snow, _glitch, _test_card))
    make(canvas, rng)


def pattern(canvas: Canvas, rng: np.random.Generator) -> None:
    """Draw a repeating pattern: stripes, checks, dots, plaid, waves, bricks, triangles or rings."""
    across, down = _turned_plane(canvas, pick(rng, (0, 90, 45, 45, rng.uniform(0, 180))))
    repeats = rng.uniform(3, 26)
    make = pick(rng, (_stripes, _stripes, _checks, _dots, _dots, _plaid, _waves, _bricks, _triangles, _rings, _grid))
    value = make(across * repeats, down * repeats, rng)
    _paint(canvas, value, [any_colour(rng) for _ in range(pick(rng, (2, 2, 3)))])


def clouds(rng: np.random.Generator, size: tuple[int, int], octaves: int = 5, coarse: int = 2) -> Plane:
    """Return smooth random values 0 to 1, (height, width): octaves of enlarged random grids, each half as strong."""
    height, width = size
    total = np.zeros((height, width), dtype=np.float32)
    for octave in range(octaves):
        cells = coarse * 2**octave + 1
        grid = Image.fromarray(rng.random((cells, cells), dtype=np.float32))
        total += np.asarray(grid.resize((width, height), Image.Resampling.BICUBIC)) / 2**octave
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


def _full_size(canvas: Canvas) -> tuple[int, int]:
    return canvas.image.height, canvas.image.width


def _half_size(canvas: Canvas) -> tuple[int, int]:
    return canvas.image.height // 2, canvas.image.width // 2


def _enlarged(canvas: Canvas, picture: Image.Image) -> Image.Image:
    return picture if picture.size == canvas.image.size else picture.resize(canvas.image.size, Image.Resampling.NEAREST)


def _add(canvas: Canvas, change: Plane) -> None:
    if change.shape != _full_size(canvas):
        change = np.asarray(_enlarged(canvas, Image.fromarray(change)))
    pixels = np.asarray(canvas.image).astype(np.float32) + change[..., None]
    canvas.overlay(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)))


def _paint(canvas: Canvas, value: Plane, stops: list[Colour]) -> None:
    """Colour values 0 to 1 by stops of equal distance, through a table of 256 colours."""
    places = np.linspace(0, 255, len(stops))
    table = np.stack([np.interp(np.arange(256), places, channel) for channel in zip(*stops, strict=True)], axis=1)
    index = (np.clip(value, 0, 1) * 255).astype(np.uint8)
    canvas.overlay(_enlarged(canvas, Image.fromarray(table.astype(np.uint8)[index])))


def _kin_colour(rng: np.random.Generator, hue: float) -> Colour:
    return hsv(hue + rng.uniform(-0.12, 0.12), rng.uniform(0.2, 1), rng.uniform(0.4, 1))


def _plane(canvas: Canvas) -> tuple[Plane, Plane]:
    height, width = _full_size(canvas)
    down, across = np.mgrid[0:height, 0:width].astype(np.float32) / width
    return across, down


def _turned_plane(canvas: Canvas, angle_deg: float) -> tuple[Plane, Plane]:
    across, down = _plane(canvas)
    cosine, sine = np.float32(np.cos(np.radians(angle_deg))), np.float32(np.sin(np.radians(angle_deg)))
    return across * cosine + down * sine, down * cosine - across * sine


def _linear(canvas: Canvas, rng: np.random.Generator) -> Plane:
    along, _ = _turned_plane(canvas, pick(rng, (0, 90, 45, rng.uniform(0, 360))))
    return (along - along.min()) / (along.max() - along.min())


def _radial(canvas: Canvas, rng: np.random.Generator) -> Plane:
    across, down = _plane(canvas)
    cx, cy = rng.normal(0.5, 0.15), rng.normal(0.5, 0.15) * canvas.height
    distance = np.hypot(across - np.float32(cx), (down - np.float32(cy)) * np.float32(rng.uniform(0.6, 1.4)))
    return distance / np.float32(rng.uniform(0.4, 1))


def _conic(canvas: Canvas, rng: np.random.Generator) -> Plane:
    across, down = _plane(canvas)
    angle = np.arctan2(down - np.float32(canvas.height / 2), across - np.float32(0.5)) / np.float32(2 * np.pi)
    return (angle + np.float32(0.5 + rng.random())) % 1


def _mesh(canvas: Canvas, rng: np.random.Generator, stops: list[Colour]) -> None:
    grid = np.array([pick(rng, stops) for _ in range(9)], dtype=np.uint8).reshape(3, 3, 3)
    canvas.overlay(Image.fromarray(grid).resize(canvas.image.size, Image.Resampling.BICUBIC))


def _coarse_size(canvas: Canvas, rng: np.random.Generator) -> tuple[int, int]:
    height, width = _half_size(canvas)
    grain = int(pick(rng, (1, 1, 1, 2, 3, 6, 14)))
    return max(2, height // grain), max(2, width // grain)


def _grains(canvas: Canvas, rng: np.random.Generator) -> None:
    size = (*_coarse_size(canvas, rng), pick(rng, (1, 3)))
    if rng.random() < 0.5:
        pixels = rng.integers(0, 256, size, dtype=np.uint8)
    else:
        pixels = np.clip(rng.normal(rng.uniform(60, 200), rng.uniform(15, 70), size), 0, 255).astype(np.uint8)
    canvas.overlay(_enlarged(canvas, Image.fromarray(np.broadcast_to(pixels, (*size[:2], 3)).copy())))


def _speckles(canvas: Canvas, rng: np.random.Generator) -> None:
    size = _coarse_size(canvas, rng)
    pixels = np.empty((*size, 3), dtype=np.uint8)
    pixels[:] = any_colour(rng)
    pixels[rng.random(size) < rng.uniform(0.01, 0.3)] = any_colour(rng)
    pixels[rng.random(size) < rng.uniform(0.01, 0.2)] = any_colour(rng)
    canvas.overlay(_enlarged(canvas, Image.fromarray(pixels)))


def _cloud_noise(canvas: Canvas, rng: np.random.Generator) -> None:
    value = clouds(rng, _half_size(canvas), int(rng.integers(1, 7)), int(rng.integers(2, 10)))
    if rng.random() < 0.25:
        value = np.abs(2 * value - 1)
    stops = [any_colour(rng) for _ in range(int(rng.integers(2, 5)))]
    _paint(canvas, value, pick(rng, (stops, [BLACK, WHITE], [grey(rng), grey(rng)])))


def _snow(canvas: Canvas, rng: np.random.Generator) -> None:
    height, width = _coarse_size(canvas, rng)
    rows = np.repeat(rng.random((height, 1)), width, axis=1)
    value = (rng.random((height, width)) * rng.uniform(0.5, 1) + rows * rng.uniform(0, 0.5)).astype(np.float32)
    lines = np.where(np.arange(height) % 2, 1, rng.uniform(0.4, 1)).astype(np.float32)[:, None]
    pixels = (np.clip(value * lines, 0, 1) * 255).astype(np.uint8)
    canvas.overlay(_enlarged(canvas, Image.fromarray(pixels).convert("RGB")))


def _glitch(canvas: Canvas, rng: np.random.Generator) -> None:
    canvas.gradient(any_colour(rng), any_colour(rng), rng.uniform(0, 360))
    top = 0.0
    while top < canvas.height:
        deep = rng.exponential(0.05) + 0.004
        left = rng.uniform(-0.5, 0.9)
        if rng.random() < 0.7:
            canvas.box(left, top, left + rng.uniform(0.1, 1.2), top + deep, any_colour(rng))
        top += deep


def _test_card(canvas: Canvas, rng: np.random.Generator) -> None:
    level = int(rng.integers(180, 256))
    bars = [(level * (n >> 1 & 1), level * (n >> 2 & 1), level * (n & 1)) for n in range(7, -1, -1)]
    many = int(rng.integers(6, 9))
    for place in range(many):
        canvas.box(place / many, 0, (place + 1) / many, canvas.height, bars[place % 8])
        if rng.random() < 0.6:
            canvas.box(place / many, canvas.height * 0.75, (place + 1) / many, canvas.height, grey(rng))


def _step(value: Plane, threshold: float = 0.5) -> Plane:
    return (value > threshold).astype(np.float32)


def _stripes(across: Plane, _down: Plane, rng: np.random.Generator) -> Plane:
    wave = across % 1
    return wave if rng.random() < 0.15 else _step(wave, rng.uniform(0.2, 0.8))


def _checks(across: Plane, down: Plane, _rng: np.random.Generator) -> Plane:
    return ((np.floor(across) + np.floor(down)) % 2).astype(np.float32)


def _dots(across: Plane, down: Plane, rng: np.random.Generator) -> Plane:
    shift = np.floor(down) % 2 * np.float32(0.5 * int(rng.integers(2)))
    return _step(np.hypot((across + shift) % 1 - np.float32(0.5), down % 1 - np.float32(0.5)), rng.uniform(0.15, 0.45))


def _plaid(across: Plane, down: Plane, rng: np.random.Generator) -> Plane:
    threads = [across / np.float32(2) % 1, down / np.float32(2) % 1]
    broad = sum((_step(thread, rng.uniform(0.3, 0.7)) for thread in threads), np.float32(0))
    thin = sum((_step(thread, 0.93) for thread in threads), np.float32(0))
    return np.asarray(broad * np.float32(0.35) + thin * np.float32(0.3))


def _waves(across: Plane, down: Plane, rng: np.random.Generator) -> Plane:
    bend = np.sin(across * np.float32(2 * np.pi / rng.uniform(1, 3))) * np.float32(rng.uniform(0.1, 0.7))
    return _step((down + bend) % 1, rng.uniform(0.3, 0.7))


def _bricks(across: Plane, down: Plane, rng: np.random.Generator) -> Plane:
    shift = np.floor(down) % 2 * np.float32(0.5)
    joint = np.float32(rng.uniform(0.04, 0.15))
    return ((across / 2 + shift) % 1 > joint / 2).astype(np.float32) * (down % 1 > joint)


def _triangles(across: Plane, down: Plane, _rng: np.random.Generator) -> Plane:
    return _step(across % 1 + np.where(np.floor(down) % 2, down % 1, 1 - down % 1), 1)


def _rings(across: Plane, down: Plane, rng: np.random.Generator) -> Plane:
    centre = np.float32(rng.uniform(0, across.max()))
    return _step(np.hypot(across - centre, down - centre) % 1, rng.uniform(0.3, 0.7))


def _grid(across: Plane, down: Plane, rng: np.random.Generator) -> Plane:
    thin = rng.uniform(0.8, 0.95)
    return np.maximum(_step(across % 1, thin), _step(down % 1, thin))
