"""A picture after another trip through paper, scanner, screen or messenger.

People upload photos of prints, scans of passport photos and pictures of screens. A face stays a face on such a trip
and a drawing stays a drawing, so both classes make it. Every function takes (H, W, 3) uint8 RGB, keeps the shape and
leaves the middle of the picture in sight.
"""

from collections.abc import Callable

import cv2
import numpy as np
import simplejpeg
from numpy.random import Generator
from numpy.typing import NDArray

from models.pixels import Pixels
from models.training.optics import (
    RED_GREEN_BLUE,
    Sheet,
    as_bytes,
    field,
    grating,
    happens,
    lit,
    one_colour,
    rounded,
    through_a_camera,
    under_a_lamp,
    with_beat,
    with_mirrored_lights,
)

Recapture = Callable[[Pixels, Generator], Pixels]

_COLOUR_TILTS_DEG = (15.0, 75.0, 45.0)  # the screen angles of cyan, magenta and black in offset printing


def recaptured(pixels: Pixels, rng: Generator) -> Pixels:
    """One trip of any kind, a second one now and then."""
    for _ in range(2 if happens(0.15, rng) else 1):
        pixels = RECAPTURES[int(rng.integers(len(RECAPTURES)))](pixels, rng)
    return pixels


def photographed_print(pixels: Pixels, rng: Generator) -> Pixels:
    """A print on a table, under a lamp, with a phone."""
    printed = _on_paper(pixels, rng)
    seen = _seen_askew(printed, _surface(pixels.shape, rng), rng)
    return through_a_camera(under_a_lamp(seen, rng), rng)


def scanned_print(pixels: Pixels, rng: Generator) -> Pixels:
    """A print on a flatbed scanner: straight light, dust, a little turned, the lid's white around it."""
    printed = _on_paper(pixels, rng)
    height, width = pixels.shape[:2]
    lid = one_colour(height, width, rng.uniform(225, 255) * rng.uniform(0.97, 1, RED_GREEN_BLUE))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), rng.normal(0, 2), rng.uniform(0.8, 1.15))
    turn = np.add(turn, [(0, 0, rng.normal(0, 0.02) * width), (0, 0, rng.normal(0, 0.02) * height)])
    seen = cv2.warpAffine(printed, turn, (width, height), dst=lid, borderMode=cv2.BORDER_TRANSPARENT)
    if happens(0.5, rng):
        seen = with_beat(seen, rng, strength=rng.uniform(2, 9))
    _dust(seen, rng)
    black, white = rng.uniform(-8, 30), rng.uniform(225, 262)
    return as_bytes((seen - np.float32(black)) * np.float32(255 / (white - black)))


def photographed_screen(pixels: Pixels, rng: Generator) -> Pixels:
    """A monitor or a phone, photographed: its pixels, their beat with the camera's, its frame and what it mirrors."""
    shown: Sheet = pixels.astype(np.float32)
    height, width = shown.shape[:2]
    if happens(0.4, rng):
        _bezel(shown, rng)
    period, depth = rng.uniform(2.2, 6), rng.uniform(0.03, 0.22)
    rows = 1 + depth * 0.7 * grating(height, width, period, 90, rng.random())
    stripes = [1 + depth * grating(height, width, period, 0, part / 3) for part in range(RED_GREEN_BLUE)]
    shown = cv2.multiply(shown, cv2.merge([rows * stripe for stripe in stripes]))
    seen = _seen_askew(shown, np.full(shown.shape, rng.uniform(5, 60), np.float32), rng)
    if happens(0.7, rng):
        seen = with_beat(seen, rng, strength=rng.uniform(3, 16))
    return through_a_camera(with_mirrored_lights(seen, rng), rng)


def recoloured(pixels: Pixels, rng: Generator) -> Pixels:
    """An old photo or a filter: two tones, faded, turned hues, or pushed contrast."""
    if happens(0.35, rng):
        grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
        shadow, light = rng.uniform(0, 70, RED_GREEN_BLUE), rng.uniform(185, 255, RED_GREEN_BLUE)
        return cv2.LUT(cv2.merge([grey] * 3), _ramp_of_tones(shadow, light))
    if happens(0.45, rng):
        faded = rng.uniform(0, 60, RED_GREEN_BLUE), rng.uniform(180, 240, RED_GREEN_BLUE)
        return cv2.LUT(pixels, _ramp_of_tones(*faded))
    if happens(0.6, rng):
        hue, saturation, value = cv2.split(cv2.cvtColor(pixels, cv2.COLOR_RGB2HSV))
        hue = ((hue.astype(np.int16) + int(rng.integers(-12, 13))) % 180).astype(np.uint8)
        saturation = cv2.convertScaleAbs(saturation, alpha=rng.uniform(0.3, 1.9))
        return cv2.cvtColor(cv2.merge([hue, saturation, value]), cv2.COLOR_HSV2RGB)
    middle, push = float(pixels.mean()), rng.uniform(1.3, 2.2)
    return cv2.addWeighted(pixels, push, pixels, 0, middle * (1 - push))


def bordered(pixels: Pixels, rng: Generator) -> Pixels:
    """A frame of one colour, an instant print's margin, round corners, or a profile picture's circle."""
    height, width = pixels.shape[:2]
    framed = np.full_like(pixels, 255 if happens(0.7, rng) else 0)
    if happens(0.3, rng):
        framed[:] = rng.integers(0, 256, RED_GREEN_BLUE)
    if happens(0.35, rng):
        radius = rng.uniform(0.12, 0.5) * min(height, width)
        inside = cv2.merge([rounded(height, width, radius)] * 3)
        return as_bytes(cv2.multiply(cv2.subtract(pixels, framed, dtype=cv2.CV_32F), inside) + framed)
    left, right, top, bottom = (int(rng.uniform(0, 0.14) * width) for _ in range(4))
    if happens(0.3, rng):  # an instant print
        left = right = top = max(4, left)
        bottom = min(height // 4, top * 3)
    size = (width - left - right, height - top - bottom)
    framed[top : height - bottom, left : width - right] = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    return framed


def recompressed(pixels: Pixels, rng: Generator) -> Pixels:
    """Sent on and on: each messenger shrinks, enlarges and compresses as it likes."""
    height, width = pixels.shape[:2]
    for _ in range(int(rng.integers(1, 4))):
        factor = rng.uniform(0.45, 1)
        size = (max(16, round(width * factor)), max(16, round(height * factor)))
        small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        pixels = _through_jpeg(small, int(rng.uniform(18, 92)), rng)
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_LINEAR)


RECAPTURES: tuple[Recapture, ...] = (
    photographed_print,
    scanned_print,
    photographed_screen,
    recoloured,
    bordered,
    recompressed,
)


def _through_jpeg(pixels: Pixels, quality: int, rng: Generator) -> Pixels:
    subsampling = "420" if happens(0.8, rng) else "444"
    jpeg = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=quality, colorsubsampling=subsampling)
    return simplejpeg.decode_jpeg(jpeg)


def _ramp_of_tones(shadow: NDArray[np.float64], light: NDArray[np.float64]) -> NDArray[np.uint8]:
    """A (1, 256, 3) table from black's colour to white's."""
    return np.linspace(shadow, light, 256)[None].astype(np.uint8)


def _on_paper(pixels: Pixels, rng: Generator) -> Sheet:
    """Ink reaches neither black nor white, dots form the tones, and the paper's grain shows."""
    height, width = pixels.shape[:2]
    if happens(0.2, rng):
        pixels = cv2.cvtColor(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    printed = cv2.LUT(pixels, _ramp_of_tones(np.full(3, rng.uniform(5, 55)), rng.uniform(205, 250, RED_GREEN_BLUE)))
    toner = 1 + rng.uniform(0, 0.035) * field(rng, height, width, int(rng.integers(40, 110)))
    if happens(0.5, rng):
        return lit(_halftone(printed, rng), toner)
    if happens(0.3, rng):  # a drum or a print head that leaves bands
        toner *= 1 - rng.uniform(0.02, 0.12) * grating(height, width, rng.uniform(4, 40), 90, rng.random())
    return lit(printed.astype(np.float32), toner)


def _halftone(printed: Pixels, rng: Generator) -> Sheet:
    """Dots whose size carries the tone: strongest in the mid-tones, one angle for each ink."""
    height, width = printed.shape[:2]
    period, strength = rng.uniform(2.4, 5), rng.uniform(12, 55)
    tones = np.arange(256, dtype=np.float32) / 255
    depth = (strength * 4 * tones * (1 - tones)).astype(np.float32)
    tilts = (45.0,) if happens(0.3, rng) else _COLOUR_TILTS_DEG
    screens = [grating(height, width, period, a, 0) * grating(height, width, period, a + 90, 0) for a in tilts]
    screens *= RED_GREEN_BLUE // len(screens)
    return cv2.add(cv2.multiply(cv2.LUT(printed, depth), cv2.merge(screens)), printed, dtype=cv2.CV_32F)


def _seen_askew(shown: Sheet, behind: Sheet, rng: Generator) -> Sheet:
    """From a hand-held camera: turned, tilted, closer or with something of what lies behind."""
    height, width = shown.shape[:2]
    corners = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    zoom = rng.uniform(0.72, 1.0) if happens(0.5, rng) else rng.uniform(1.05, 1.25)
    tilted = (corners - (width / 2, height / 2)) * zoom + rng.uniform(-0.06, 0.06, (4, 2)) * (width, height)
    angle = np.deg2rad(rng.normal(0, 4))
    turn = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
    to = (tilted @ turn + (width / 2, height / 2)).astype(np.float32)
    matrix = cv2.getPerspectiveTransform(corners, to)
    return cv2.warpPerspective(shown, matrix, (width, height), dst=behind, borderMode=cv2.BORDER_TRANSPARENT)


def _surface(shape: tuple[int, ...], rng: Generator) -> Sheet:
    """A table, a cloth, a wall: one colour with a coarse and a fine texture."""
    height, width = shape[:2]
    texture = field(rng, height, width, int(rng.integers(3, 90)), across=int(rng.integers(3, 90)))
    plain = one_colour(height, width, rng.uniform(20, 230, RED_GREEN_BLUE))
    return lit(plain, 1 + rng.uniform(0, 0.25) * texture)


def _bezel(shown: Sheet, rng: Generator) -> None:
    """The screen's dark frame along one or more sides, over at most a seventh of the picture."""
    height, width = shown.shape[:2]
    frame = rng.uniform(5, 45)
    top, bottom, left, right = (int(side) for side in rng.uniform(0, 0.14, 4) * rng.integers(0, 2, 4) * width)
    shown[:top] = shown[height - bottom :] = frame
    shown[:, :left] = shown[:, width - right :] = frame


def _dust(seen: Sheet, rng: Generator) -> None:
    """Specks, a hair, a scratch: light or dark, thin."""
    height, width = seen.shape[:2]
    for _ in range(int(rng.integers(0, 25))):
        place = (int(rng.integers(width)), int(rng.integers(height)))
        cv2.circle(seen, place, int(rng.integers(0, 2)), [float(rng.choice((30, 240)))] * 3, -1)
    for _ in range(int(rng.integers(0, 3))):
        steps = np.cumsum(rng.normal(0, width / 25, (6, 2)), axis=0) + rng.random(2) * (width, height)
        hair = [float(rng.choice((50, 235)))] * 3
        cv2.polylines(seen, [steps.astype(np.int32)], isClosed=False, color=hair, lineType=cv2.LINE_AA)
