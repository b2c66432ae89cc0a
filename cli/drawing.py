"""Boxes and scores on a copy of a photo, for people who want to see what the models saw."""

import io

from PIL import Image, ImageDraw, ImageFont

from worker.report import Report

COLOUR = "#ffd400"
SHADE = "#000000"
QUALITY = 90


def annotated(review_copy: bytes, report: Report) -> bytes:
    """The review copy as a JPEG with every face's box, the verdict and the scores drawn onto it."""
    with Image.open(io.BytesIO(review_copy), formats=["JPEG"]) as opened:
        picture = opened.convert("RGB")
    pen = ImageDraw.Draw(picture)
    scale = picture.width / (report.found.width or picture.width)
    line = max(2, picture.width // 250)
    for face in report.found.faces or ():
        left, top = face.box.x * scale, face.box.y * scale
        pen.rectangle((left, top, left + face.box.width * scale, top + face.box.height * scale), None, COLOUR, line)
    _caption(pen, picture.width, report)
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _caption(pen: ImageDraw.ImageDraw, width: int, report: Report) -> None:
    text = "\n".join([_words(report), *report.codes])
    size = max(12, width // 28)
    pen.multiline_text(
        (size // 2, size // 2),
        text,
        COLOUR,
        ImageFont.load_default(size),
        stroke_width=max(1, size // 10),
        stroke_fill=SHADE,
    )


def _words(report: Report) -> str:
    p_real = report.found.p_real
    return report.verdict if p_real is None else f"{report.verdict}  p(real) {p_real:.4f}"
