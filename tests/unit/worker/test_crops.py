"""A crop comes out of the store as it went in, and nothing else comes out."""

import io

import numpy as np
import pytest
from PIL import Image

from worker.crops import CropBroken, from_png, to_png

CROP = np.random.default_rng(3).integers(0, 255, (224, 224, 3), np.uint8)


def png(width, height):
    written = io.BytesIO()
    Image.new("RGB", (width, height)).save(written, "PNG")
    return written.getvalue()


def test_a_crop_is_kept_without_loss():
    assert np.array_equal(from_png(to_png(CROP)), CROP)


@pytest.mark.parametrize("other", [b"", b"\xff\xd8\xff", png(225, 224), png(224, 20_000), to_png(CROP)[:60]])
def test_anything_else_is_refused(other):
    with pytest.raises(CropBroken):
        from_png(other)
