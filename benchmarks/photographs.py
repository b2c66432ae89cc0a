"""Photos of a wanted size, made from one public-domain portrait, the same on every machine."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

PORTRAIT = Path(__file__).parents[1] / "samples" / "portrait_hopper.jpg"
QUALITY = 90
NOISE = 5.0  # of 255: gives 12 MP about the 3 MB that a phone's picture has; a smooth enlargement would decode too fast


def photograph(megapixels: float, portrait: Path = PORTRAIT) -> bytes:
    """Enlarge or shrink the portrait to so many megapixels, lay sensor noise over it and save it as JPEG."""
    with Image.open(portrait) as picture:
        width = round((megapixels * 1e6 * picture.width / picture.height) ** 0.5)
        size = width, round(megapixels * 1e6 / width)
        pixels = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BICUBIC), dtype=np.float32)
    noise = np.random.default_rng(7).standard_normal((*pixels.shape[:2], 1), dtype=np.float32)
    noisy = np.clip(pixels + NOISE * noise, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(noisy).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def distinct(photo: bytes, number: int) -> bytes:
    """Return the same picture as another file: a JPEG comment with its number, so that no two have one hash."""
    comment = f"{number:08d}".encode()
    return photo[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2) + comment + photo[2:]
