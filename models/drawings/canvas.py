"""The sheet that everything is drawn on."""

from functools import cache
from typing import Literal

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from models.drawings.colours import Colour
from models.drawings.outlines import Area, Outline, egg, points

OVERSAMPLING = 2  # drawn at twice the size and averaged down, for smooth edges

Face = Literal["plain", "bold", "hollow", "italic", "narrow", "pixel"]
FACES: tuple[Face, ...] = ("plain", "plain", "bold", "bold", "hollow", "italic", "narrow", "pixel")


@cache
def _font(size_px: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size_px)


@cache
def _pixel_font() -> ImageFont.ImageFont:
    return ImageFont.load_default_imagefont()


class Canvas:
    """A sheet one unit wide and `height` units high, (0, 0) at its upper left."""

    def __init__(self, width_px: int, height_px: int, ground: Colour) -> None:
        """Lay out a sheet of one colour."""
        self.scale = width_px * OVERSAMPLING
        self.height = height_px / width_px
        self.ground = ground
        self.image = Image.new("RGB", (width_px * OVERSAMPLING, height_px * OVERSAMPLING), ground)
        self._pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """Return the picture at its final size."""
        return self.image.reduce(OVERSAMPLING)

    def fill(self, colour: Colour) -> None:
        """Cover the whole sheet with one colour."""
        self.ground = colour
        self.image.paste(colour, (0, 0, *self.image.size))

    def shape(self, outline: Outline, fill: Colour | None, edge: Colour | None = None, line: float = 0) -> None:
        """Fill an outline, then draw its edge `line` units thick."""
        flat = self._px(outline)
        if fill is not None:
            self._pen.polygon(flat, fill=fill)
        if edge is not None and line > 0:
            self._pen.line(flat + flat[:4], fill=edge, width=self._thick(line), joint="curve")

    def path(self, outline: Outline, colour: Colour, line: float) -> None:
        """Draw an open line through the points, with round ends."""
        self._pen.line(self._px(outline), fill=colour, width=self._thick(line), joint="curve")
        if line * self.scale > 4:
            for x, y in (outline[0], outline[-1]):
                self.disc(x, y, line / 2, colour)

    def disc(
        self, cx: float, cy: float, radius: float, fill: Colour | None, edge: Colour | None = None, line: float = 0
    ) -> None:
        """Draw a circle with its edge inside."""
        self.oval(cx, cy, radius, radius, fill, edge, line)

    def oval(
        self, cx: float, cy: float, rx: float, ry: float, fill: Colour | None,
        edge: Colour | None = None, line: float = 0,
    ) -> None:  # fmt: skip
        """Draw an ellipse with its edge inside."""
        box = self._box(cx - rx, cy - ry, cx + rx, cy + ry)
        self._pen.ellipse(box, fill=fill, outline=edge, width=self._thick(line) if edge else 0)

    def box(
        self, left: float, top: float, right: float, bottom: float, fill: Colour | None, *,
        edge: Colour | None = None, line: float = 0, corner: float = 0,
    ) -> None:  # fmt: skip
        """Draw a rectangle with its edge inside and its corners rounded."""
        self._pen.rounded_rectangle(
            self._box(left, top, right, bottom), corner * self.scale, fill=fill,
            outline=edge, width=self._thick(line) if edge else 0,
        )  # fmt: skip

    def arc(
        self, cx: float, cy: float, rx: float, ry: float, start_deg: float, end_deg: float, colour: Colour, line: float
    ) -> None:
        """Draw a piece of an ellipse's edge, clockwise from three o'clock."""
        self._pen.arc(self._box(cx - rx, cy - ry, cx + rx, cy + ry), start_deg, end_deg, colour, self._thick(line))

    def wedge(self, cx: float, cy: float, radius: float, start_deg: float, end_deg: float, fill: Colour) -> None:
        """Draw a slice of a disc, clockwise from three o'clock."""
        self._pen.pieslice(self._box(cx - radius, cy - radius, cx + radius, cy + radius), start_deg, end_deg, fill)

    def gradient(self, first: Colour, second: Colour, angle_deg: float, outline: Outline | None = None) -> None:
        """Let one colour run into another across the sheet, or inside an outline only."""
        ramp = Image.linear_gradient("L").rotate(angle_deg, Image.Resampling.BILINEAR)
        ramp = ramp.crop((38, 38, 218, 218)).resize(self.image.size, Image.Resampling.BILINEAR)
        painted = Image.composite(
            Image.new("RGB", self.image.size, second), Image.new("RGB", self.image.size, first), ramp
        )
        self.overlay(painted, outline)

    def overlay(self, picture: Image.Image, outline: Outline | None = None) -> None:
        """Paste a picture of the sheet's size, inside an outline only where one is given."""
        if outline is None:
            self.image.paste(picture)
            return
        mask = Image.new("1", self.image.size)
        ImageDraw.Draw(mask).polygon(self._px(outline), fill=1)
        self.image.paste(picture, mask=mask)

    def keep(self, outline: Outline, outside: Colour) -> None:
        """Paint over everything outside an outline."""
        mask = Image.new("L", self.image.size, 255)
        ImageDraw.Draw(mask).polygon(self._px(outline), fill=0)
        self.image.paste(outside, mask=mask)

    def tint(self, outline: Outline, colour: Colour, strength: float) -> None:
        """Lay a transparent colour over an outline; strength 0 to 1."""
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self._px(outline), fill=round(255 * strength))
        self.image.paste(colour, mask=mask)

    def text(
        self, words: str, cx: float, cy: float, width: float, height: float, colour: Colour, face: Face = "plain"
    ) -> None:
        """Write one line as large as fits into a box centred at (cx, cy)."""
        mask = _written(words, max(8, min(256, round(height * self.scale))), face)
        shrink = min(width * self.scale / mask.width, height * self.scale / mask.height)
        size = max(1, round(mask.width * shrink)), max(1, round(mask.height * shrink))
        mask = mask.resize(size, Image.Resampling.BILINEAR)
        corner = round(cx * self.scale - size[0] / 2), round(cy * self.scale - size[1] / 2)
        self.image.paste(colour, (*corner, corner[0] + size[0], corner[1] + size[1]), mask)

    def line_of_text(self, words: str, left: float, top: float, size: float, colour: Colour, bold: float = 0) -> None:
        """Write one line from its upper left corner, letters `size` units high."""
        size_px = max(6, round(size * self.scale))
        self._pen.text(
            (left * self.scale, top * self.scale), words, colour, _font(size_px), stroke_width=bold * size_px / 20
        )

    def _px(self, outline: Outline) -> list[float]:
        flat: list[float] = (np.asarray(outline) * self.scale).ravel().tolist()
        return flat

    def _box(self, left: float, top: float, right: float, bottom: float) -> Area:
        x0, x1 = sorted((left * self.scale, right * self.scale))
        y0, y1 = sorted((top * self.scale, bottom * self.scale))
        return x0, y0, x1, y1

    def _thick(self, line: float) -> int:
        return max(1, round(line * self.scale))


def rectangle(left: float, top: float, right: float, bottom: float) -> Outline:
    """Return a rectangle's outline."""
    return points((left, top), (right, top), (right, bottom), (left, bottom))


def disc_outline(cx: float, cy: float, radius: float) -> Outline:
    """Return a circle's outline."""
    return egg(cx, cy, radius, radius)


def _written(words: str, size_px: int, face: Face) -> Image.Image:
    """Return one line of text as a mask trimmed to its ink."""
    font = _pixel_font() if face == "pixel" else _font(size_px)
    stroke = {"bold": size_px // 18, "hollow": max(1, size_px // 28)}.get(face, 0)
    left, top, right, bottom = font.getbbox(words) if face == "pixel" else font.getbbox(words, stroke_width=stroke)
    mask = Image.new("L", (max(1, round(right - left)), max(1, round(bottom - top))))
    pen = ImageDraw.Draw(mask)
    if face == "pixel":
        pen.text((-left, -top), words, 255, font)
        return mask.resize((mask.width * 8, mask.height * 8), Image.Resampling.NEAREST)
    pen.text((-left, -top), words, 0 if face == "hollow" else 255, font, stroke_width=stroke, stroke_fill=255)
    return _slanted(mask, face)


def _slanted(mask: Image.Image, face: Face) -> Image.Image:
    if face == "narrow":
        return mask.resize((max(1, round(mask.width * 0.62)), mask.height), Image.Resampling.BILINEAR)
    if face == "italic":
        lean = 0.22
        size = (mask.width + round(mask.height * lean), mask.height)
        return mask.transform(
            size, Image.Transform.AFFINE, (1, lean, -lean * mask.height, 0, 1, 0), Image.Resampling.BILINEAR
        )
    return mask
