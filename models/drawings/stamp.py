"""Where a glyph goes on a canvas, and how big."""

from models.drawings.canvas import Canvas
from models.drawings.colours import Colour
from models.drawings.outlines import Outline, Point, points


class Stamp:
    """A place on a canvas where a glyph goes: its own units run from -1 to 1."""

    def __init__(self, canvas: Canvas, centre: Point, radius: float, ink: Colour, hole: Colour) -> None:
        """Lay the glyph's units over the canvas."""
        self._canvas, self._centre, self._radius = canvas, centre, radius
        self.ink, self.hole = ink, hole

    def solid(self, outline: Outline, colour: Colour | None = None) -> None:
        """Fill an outline."""
        self._canvas.shape(self._placed(outline), colour or self.ink)

    def cut(self, outline: Outline) -> None:
        """Cut an outline out, down to the colour behind."""
        self._canvas.shape(self._placed(outline), self.hole)

    def stroke(self, *corners: Point, line: float = 0.2, hole: bool = False) -> None:
        """Draw an open line."""
        self._canvas.path(self._placed(points(*corners)), self.hole if hole else self.ink, line * self._radius)

    def rim(self, outline: Outline, line: float = 0.18) -> None:
        """Draw an outline's edge."""
        self._canvas.shape(self._placed(outline), None, self.ink, line * self._radius)

    def arc(self, cx: float, cy: float, radius: float, start_deg: float, end_deg: float, line: float = 0.2) -> None:
        """Draw a piece of a circle's edge."""
        x, y = self._placed(points((cx, cy)))[0]
        reach = radius * self._radius
        self._canvas.arc(x, y, reach, reach, start_deg, end_deg, self.ink, line * self._radius)

    def letter(self, words: str, cx: float, cy: float, size: float, colour: Colour | None = None) -> None:
        """Write inside the glyph."""
        x, y = self._placed(points((cx, cy)))[0]
        self._canvas.text(words, x, y, size * self._radius * 1.5, size * self._radius, colour or self.ink, "bold")

    def _placed(self, outline: Outline) -> Outline:
        return outline * self._radius + self._centre
