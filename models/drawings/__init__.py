"""Placeholder images drawn by rule: what people upload where a photo of a face was asked for.

`draw` needs Pillow and numpy only, and the same generator state always gives the same picture.
"""

from collections.abc import Callable

import numpy as np
from PIL import Image

from models.drawings.avatars import abstract_blobs
from models.drawings.canvas import Canvas
from models.drawings.cards import id_card
from models.drawings.codes import qr_code
from models.drawings.colours import WHITE, pick
from models.drawings.faces import cartoon_face
from models.drawings.lettering import initials, no_photo
from models.drawings.marks import icon, logo
from models.drawings.papers import text_page
from models.drawings.people import silhouette
from models.drawings.screens import screenshot
from models.drawings.statues import statue
from models.drawings.surfaces import blank, gradient, noise, pattern

PORTRAIT_ASPECTS = (1.2, 1.25, 1.286, 1.333, 1.5)

_PAINTERS: dict[str, Callable[[Canvas, np.random.Generator], None]] = {
    "silhouette": silhouette,
    "initials": initials,
    "blank": blank,
    "gradient": gradient,
    "noise": noise,
    "no_photo": no_photo,
    "cartoon_face": cartoon_face,
    "logo": logo,
    "icon": icon,
    "text_page": text_page,
    "qr_code": qr_code,
    "screenshot": screenshot,
    "id_card": id_card,
    "pattern": pattern,
    "abstract_blobs": abstract_blobs,
    "statue": statue,
}
KINDS: tuple[str, ...] = tuple(_PAINTERS)


def draw(kind: str, rng: np.random.Generator, size_px: int) -> Image.Image:
    """Draw one placeholder, RGB, square or portrait, its longer side `size_px`; KeyError for an unknown kind."""
    paint = _PAINTERS[kind]
    aspect = 1.0 if rng.random() < 0.6 else pick(rng, PORTRAIT_ASPECTS)
    canvas = Canvas(round(size_px / aspect), size_px, WHITE)
    paint(canvas, rng)
    return canvas.finished()
