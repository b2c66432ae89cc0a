"""Draws and cuts every file of this folder: `PYTHONPATH=. python samples/make.py ASTRONAUT_PNG`.

ASTRONAUT_PNG is skimage/data/astronaut.png out of a scikit-image wheel; the other portrait comes with matplotlib.
Remade files show the same pictures; their bytes follow the version of Pillow.
"""

import hashlib
import io
import sys
from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import numpy as np
from landscape import landscape
from PIL import Image

from models.drawings import draw

FOLDER = Path(__file__).parent
PORTRAIT_PX = 700, 900  # 35 × 45 mm, as on ID cards
EYES_DOWN = 0.36  # of the height of an ID photo
TINY_PX = 24
ORIENTATION_TAG, TURN_CLOCKWISE = 0x0112, 6


@dataclass(frozen=True)
class Drawing:
    """One placeholder: which kind is drawn with which seed, and how large."""

    file: str
    kind: str
    seed: int
    size_px: int


@dataclass(frozen=True)
class Source:
    """A public-domain portrait as its package carries it; eyes in pixels: midpoint and distance."""

    sha256: str
    eyes_at: tuple[float, float]
    eyes_apart: float


COLLINS = Source("88431cd9653ccd539741b555fb0a46b61558b301d4110412b5bc28b5e3ea6cb5", (226, 101), 47)
HOPPER = Source("a8ca6d734765703b09728ab47fe59f473d93ae3967fc24c7c0288c3c7adb7130", (268, 190), 84)

DRAWINGS = (
    Drawing("silhouette.png", "silhouette", 2006, 512),
    Drawing("silhouette_badge.png", "silhouette", 2007, 512),
    Drawing("initials.png", "initials", 2001, 512),
    Drawing("blank.jpg", "blank", 2013, 600),
    Drawing("gradient.jpg", "gradient", 2004, 600),
    Drawing("noise.jpg", "noise", 2000, 360),
    Drawing("no_photo.png", "no_photo", 2001, 600),
    Drawing("no_photo_spanish.png", "no_photo", 2005, 600),
    Drawing("cartoon_face.png", "cartoon_face", 2002, 600),
    Drawing("emoji.png", "cartoon_face", 2000, 512),
    Drawing("robot.png", "abstract_blobs", 2005, 512),
    Drawing("logo.webp", "logo", 2003, 600),
    Drawing("icon.png", "icon", 2006, 512),
    Drawing("text_page.jpg", "text_page", 2004, 900),
    Drawing("qr_code.png", "qr_code", 2005, 600),
    Drawing("screenshot.png", "screenshot", 2001, 800),
    Drawing("id_card_without_face.jpg", "id_card", 2010, 800),
)


def main(astronaut: Path) -> None:
    """Write every sample anew."""
    for drawing in DRAWINGS:
        picture = draw(drawing.kind, np.random.default_rng(drawing.seed), drawing.size_px)
        _save(picture, drawing.file)
    _save(landscape(np.random.default_rng(5), 1200, 800), "landscape_no_face.jpg")
    collins = _portrait(astronaut, COLLINS)
    hopper = _portrait(Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg", HOPPER)
    _save(collins, "portrait_collins.jpg")
    _save(hopper, "portrait_hopper.jpg")
    _two_people(collins, hopper)
    _sideways(hopper)
    _broken(collins, hopper)


def _save(picture: Image.Image, file: str) -> None:
    picture.save(FOLDER / file, quality=86, optimize=True)


def _portrait(file: Path, source: Source) -> Image.Image:
    """Cut an ID photo: the same place and distance of the eyes, whoever is shown."""
    content = file.read_bytes()
    if hashlib.sha256(content).hexdigest() != source.sha256:
        sys.exit(f"{file} is not the portrait that samples/PROVENANCE.md describes.")
    wide = source.eyes_apart * 5
    tall = wide * PORTRAIT_PX[1] / PORTRAIT_PX[0]
    left, top = source.eyes_at[0] - wide / 2, max(0, source.eyes_at[1] - EYES_DOWN * tall)
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    return picture.resize(PORTRAIT_PX, Image.Resampling.LANCZOS, box=(left, top, left + wide, top + tall))


def _two_people(left: Image.Image, right: Image.Image) -> None:
    """Put both side by side; the left one comes nearer, so that the heads are equally large."""
    wide, tall = left.width / 1.2, left.height / 1.2
    corner = (left.width - wide) / 2, (left.height - tall) * EYES_DOWN
    nearer = left.resize(left.size, Image.Resampling.LANCZOS, box=(*corner, corner[0] + wide, corner[1] + tall))
    both = Image.new("RGB", (left.width + right.width, left.height))
    both.paste(nearer, (0, 0))
    both.paste(right, (left.width, 0))
    _save(both.resize((1120, 720), Image.Resampling.LANCZOS), "two_people.jpg")


def _sideways(upright: Image.Image) -> None:
    """Store the pixels lying on their side, with the EXIF tag that tells viewers to turn them."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = TURN_CLOCKWISE
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    lying.save(FOLDER / "sideways.jpg", quality=86, optimize=True, exif=exif)


def _broken(collins: Image.Image, hopper: Image.Image) -> None:
    whole = io.BytesIO()
    collins.save(whole, "JPEG", quality=86)
    content = whole.getvalue()
    (FOLDER / "truncated.jpg").write_bytes(content[: len(content) * 11 // 20])
    text = "This is a letter about my photo, not the photo itself. Somebody named the file .jpg all the same.\n"
    (FOLDER / "text_file.jpg").write_text(text, encoding="utf-8")
    head = hopper.resize((TINY_PX, TINY_PX), Image.Resampling.LANCZOS, box=(0, 0, hopper.width, hopper.width))
    _save(head, "tiny.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
