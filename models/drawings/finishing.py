"""What turns a flat drawing into a rendered, painted, printed or sketched one."""

import numpy as np
from PIL import Image, ImageChops, ImageFilter, ImageOps

from models.drawings.canvas import Canvas
from models.drawings.colours import BLACK, WHITE, dark, pale, pick
from models.drawings.surfaces import clouds


def finish(canvas: Canvas, rng: np.random.Generator) -> None:
    """Give the drawing one more character: lit, painted, rendered, sketched, of few colours or grey."""
    draw = pick(rng, (_lit, _lit, _painted, _painted, _rendered, _rendered, _rendered, _sketched, _few_colours, _grey))
    draw(canvas, rng)


def _lit(canvas: Canvas, rng: np.random.Generator) -> None:
    """Darken the picture away from one point."""
    width, height = canvas.image.size
    left, top = (round(rng.uniform(0, 0.4) * side) for side in (width, height))
    ramp = Image.radial_gradient("L").resize((round(width * 1.4), round(height * 1.4)), Image.Resampling.BILINEAR)
    ramp = ramp.crop((left, top, left + width, top + height)).point(lambda level: round(level * 0.45))
    canvas.image.paste(pick(rng, (BLACK, (20, 20, 60))), mask=ramp)


def _painted(canvas: Canvas, rng: np.random.Generator) -> None:
    """Let the colours vary as pigment on paper does, with edges that run."""
    blurred = canvas.image.filter(ImageFilter.BoxBlur(canvas.scale * rng.uniform(0.002, 0.008)))
    size = canvas.image.height // 2, canvas.image.width // 2
    wash = (255 - clouds(rng, size, 6, 4) * rng.uniform(30, 110)).astype(np.uint8)
    canvas.overlay(ImageChops.multiply(blurred, _tinted(wash, canvas)))


def _tinted(light: np.ndarray, canvas: Canvas) -> Image.Image:
    return Image.fromarray(light).resize(canvas.image.size, Image.Resampling.BILINEAR).convert("RGB")


def _rendered(canvas: Canvas, rng: np.random.Generator) -> None:
    """Round off every form with soft light from above, as three-dimensional avatars are shaded."""
    reach = max(2, round(canvas.scale * rng.uniform(0.01, 0.03)))
    small = canvas.image.reduce(2)
    soft = small.filter(ImageFilter.GaussianBlur(reach / 2))
    relief = ImageChops.subtract(ImageChops.offset(soft, 0, reach // 2), soft, scale=rng.uniform(0.7, 1.5), offset=128)
    relief.paste((128, 128, 128), (0, 0, relief.width, reach // 2))  # what was shifted in from the other side
    light = ImageOps.grayscale(relief).resize(canvas.image.size, Image.Resampling.BILINEAR).convert("RGB")
    canvas.overlay(ImageChops.overlay(canvas.image, light))
    if rng.random() < 0.6:
        _lit(canvas, rng)


def _sketched(canvas: Canvas, rng: np.random.Generator) -> None:
    """Keep the edges only, as pencil on paper."""
    edges = ImageOps.grayscale(canvas.image).filter(ImageFilter.FIND_EDGES).filter(ImageFilter.BoxBlur(1))
    edges = ImageOps.expand(ImageOps.crop(edges, 3), 3, 0)  # without the frame that the filters leave
    ink, paper = pick(rng, ((BLACK, WHITE), (dark(rng), pale(rng)), (WHITE, dark(rng))))
    canvas.fill(paper)
    canvas.image.paste(ink, mask=edges.point(lambda level: min(255, level * 3)))


def _few_colours(canvas: Canvas, rng: np.random.Generator) -> None:
    """Reduce the picture to a few flat steps, as screen prints and vector tracings do."""
    canvas.overlay(ImageOps.posterize(canvas.image, pick(rng, (1, 2, 2, 3))))


def _grey(canvas: Canvas, rng: np.random.Generator) -> None:
    """Take the colour out, or replace it by two."""
    first, second = pick(rng, ((BLACK, WHITE), (BLACK, WHITE), (dark(rng), pale(rng))))
    canvas.overlay(ImageOps.colorize(ImageOps.grayscale(canvas.image), first, second))
