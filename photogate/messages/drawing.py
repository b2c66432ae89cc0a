"""The annotated picture: the photo, the faces that were found, where the face should be, and what the applicant reads.

An SVG that stands alone: no script, no reference to anywhere, and pixels that nobody has decoded on the way.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from xml.etree.ElementTree import Element, SubElement, tostring

from photogate.messages.composing import Message, translated
from photogate.messages.languages import Language
from photogate.messages.words import FOUND, PHOTO, WANTED
from photogate.screening.measurements import BoundingBox
from photogate.screening.reasons import ReasonCode

STYLE = (
    "text{font-family:system-ui,sans-serif;font-size:18px;fill:#1a1e23}.title{font-size:22px;font-weight:600}"
    ".soft{fill:#545d67;font-size:15px}.paper{fill:#fff}.well{fill:#e7e9ec}.line{stroke:#d9dde2}"
    ".found,.wanted,.edge{fill:none;vector-effect:non-scaling-stroke}.edge{stroke:#000;stroke-width:6;stroke-opacity:.6}"
    ".found{stroke:#7fd4ff;stroke-width:3}.wanted{stroke:#ffd24d;stroke-width:3;stroke-dasharray:10 6}"
    "@media(prefers-color-scheme:dark){text{fill:#e7eaed}.soft{fill:#a2abb4}.paper{fill:#1c2024}.well{fill:#0c0e10}"
    ".line{stroke:#31373d}}"
)
_STYLE_SHA256 = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

MEDIA_TYPE = "image/svg+xml"
POLICY = f"default-src 'none'; img-src data:; style-src 'sha256-{_STYLE_SHA256}'; frame-ancestors 'none'; sandbox"
"""The Content-Security-Policy under which the picture is sent."""

WIDTH, MARGIN, MOST_HEIGHT = 720, 24, 720
_INSIDE = WIDTH - 2 * MARGIN
_TITLE_CHARS, _TEXT_CHARS, _LINE = 52, 68, 27
"""Characters that surely fit a line, and the height of one: SVG wraps nothing by itself."""

_WANTED_HEIGHT, _WANTED_RATIO, _WANTED_MIDDLE = 0.5, 0.75, 0.46
"""A face as portraits on cards show it: half of the photo's height, three quarters as wide, above the middle."""

_WANTS_PLACE = {code.value for code in (ReasonCode.FACE_NOT_FOUND, ReasonCode.HEAD_SIZE)}


@dataclass(frozen=True, slots=True)
class Shown:
    """The review copy, a JPEG, with the upright photo's size in pixels and the faces in it."""

    jpeg: bytes
    width: int
    height: int
    faces: tuple[BoundingBox, ...]


@dataclass(frozen=True, slots=True)
class _Pen:
    """Where the next line of text is written, and in which language."""

    svg: Element
    language: Language

    def write(self, words: str, y: float, style: str = "") -> None:
        attributes = {"x": str(self.start()), "y": _px(y), **({"class": style} if style else {})}
        SubElement(self.svg, "text", attributes).text = words

    def start(self, indent: float = 0) -> float:
        """The distance of the line's beginning from the left."""
        return WIDTH - MARGIN - indent if self.language.direction == "rtl" else MARGIN + indent


def annotated(photo: Shown, messages: Sequence[Message], language: Language) -> bytes:
    """The picture of a photo with what is said about it, as an SVG of 720 units' width."""
    svg = _paper(messages, language)
    scale = min(_INSIDE / photo.width, MOST_HEIGHT / photo.height)
    wants_place = any(message.code in _WANTS_PLACE for message in messages)
    _draw_photo(svg, photo, scale, language, wants_place=wants_place)
    y = MARGIN + photo.height * scale
    y = _legend(_Pen(svg, language), y, has_faces=bool(photo.faces), wants_place=wants_place)
    height = _write(_Pen(svg, language), messages, y)
    svg.set("viewBox", f"0 0 {WIDTH} {_px(height)}")
    svg.set("height", _px(height))
    picture: bytes = tostring(svg, encoding="utf-8", xml_declaration=True)
    return picture


def _paper(messages: Sequence[Message], language: Language) -> Element:
    """An empty sheet that tells screen readers all that is written on it."""
    attributes = {"xmlns": "http://www.w3.org/2000/svg", "width": str(WIDTH), "role": "img", "lang": language.tag}
    svg = Element("svg", {**attributes, "direction": language.direction, "aria-labelledby": "title said"})
    SubElement(svg, "title", {"id": "title"}).text = translated(PHOTO, language)
    said = " ".join(f"{message.title}. {message.text} {message.action or ''}".rstrip() for message in messages)
    SubElement(svg, "desc", {"id": "said"}).text = said
    SubElement(svg, "style").text = STYLE
    SubElement(svg, "rect", {"class": "paper", "width": "100%", "height": "100%"})
    return svg


def _draw_photo(svg: Element, photo: Shown, scale: float, language: Language, *, wants_place: bool) -> None:
    left = (WIDTH - photo.width * scale) / 2
    drawn = SubElement(svg, "g", {"transform": f"translate({_px(left)} {MARGIN}) scale({scale:.6f})"})
    size = {"width": str(photo.width), "height": str(photo.height)}
    SubElement(drawn, "rect", {"class": "well", **size})
    href = f"data:image/jpeg;base64,{base64.b64encode(photo.jpeg).decode()}"
    SubElement(drawn, "image", {"href": href, "preserveAspectRatio": "none", **size})
    for face in photo.faces:
        box = {name: _px(getattr(face, name)) for name in ("x", "y", "width", "height")}
        _frame(drawn, "rect", "found", box, translated(FOUND, language))
    if wants_place:
        _frame(drawn, "ellipse", "wanted", wanted_place(photo.width, photo.height), translated(WANTED, language))


def wanted_place(width: int, height: int) -> dict[str, str]:
    """Where a face would be right in a photo of this size, as an ellipse that lies within it."""
    ry = min(height * _WANTED_HEIGHT, width * 0.9 / _WANTED_RATIO) / 2
    return {"cx": _px(width / 2), "cy": _px(height * _WANTED_MIDDLE), "rx": _px(ry * _WANTED_RATIO), "ry": _px(ry)}


def _frame(svg: Element, shape: str, style: str, place: dict[str, str], words: str = "") -> None:
    """A frame that is seen on light and on dark photos, with words for who points at it."""
    SubElement(svg, shape, {"class": "edge", **place})
    drawn = SubElement(svg, shape, {"class": style, **place})
    if words:
        SubElement(drawn, "title").text = words


def _legend(pen: _Pen, y: float, *, has_faces: bool, wants_place: bool) -> float:
    """What the frames mean; returns where the next line may stand."""
    if has_faces:
        y = _explained(pen, y + _LINE, "rect", "found", FOUND)
    if wants_place:
        y = _explained(pen, y + _LINE, "ellipse", "wanted", WANTED)
    return y


def _explained(pen: _Pen, y: float, shape: str, style: str, words: str) -> float:
    left = min(pen.start(), pen.start(24))
    size = {"x": _px(left), "y": _px(y - 14), "width": "24", "height": "16"}
    _frame(pen.svg, shape, style, size if shape == "rect" else _ellipse(left + 12, y - 6))
    text = SubElement(pen.svg, "text", {"class": "soft", "x": _px(pen.start(34)), "y": _px(y)})
    text.text = translated(words, pen.language)
    return y


def _ellipse(x: float, y: float) -> dict[str, str]:
    return {"cx": _px(x), "cy": _px(y), "rx": "8", "ry": "10"}


def _write(pen: _Pen, messages: Sequence[Message], y: float) -> float:
    """Every message under the one before; returns the height of the whole."""
    for message in messages:
        y += _LINE
        edges = {"class": "line", "x1": str(MARGIN), "x2": str(WIDTH - MARGIN), "y1": _px(y - 8), "y2": _px(y - 8)}
        SubElement(pen.svg, "line", edges)
        for style, line in _lines(message):
            y += _LINE
            pen.write(line, y, style)
    return y + MARGIN


def _lines(message: Message) -> Iterator[tuple[str, str]]:
    yield from (("title", line) for line in wrap(message.title, _TITLE_CHARS))
    for sentence in filter(None, (message.text, message.action)):
        yield from (("", line) for line in wrap(sentence, _TEXT_CHARS))


def _px(length: float) -> str:
    return f"{length:.1f}".removesuffix(".0")
