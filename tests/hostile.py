"""Files that were made to harm: small to send, dear to decode."""

import io
from functools import cache

from PIL import Image

START_OF_SCAN = b"\xff\xda"
END = 2


@cache
def scan_bomb(scans: int, side_px: int = 4000) -> bytes:
    """A progressive JPEG whose last scan comes again and again, which costs a decoder 10 ms and the sender 700 bytes.

    See "Two Issues with the JPEG Standard" (libjpeg-turbo), number 1.
    """
    written = io.BytesIO()
    Image.new("RGB", (side_px, side_px)).save(written, "JPEG", progressive=True)
    photo = written.getvalue()
    last_scan = photo[photo.rindex(START_OF_SCAN) : -END]
    return photo[:-END] + last_scan * scans + photo[-END:]


def memory_bomb(side_px: int) -> bytes:
    """A PNG of one colour: a thousandth of its size on disk."""
    written = io.BytesIO()
    Image.new("RGBA", (side_px, side_px)).save(written, "PNG", compress_level=9)
    return written.getvalue()
