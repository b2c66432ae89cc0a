"""Untrusted bytes to upright RGB pixels, no larger than the screening needs."""

import io
import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import cv2
import numpy as np
import pillow_heif
import simplejpeg
from PIL import ExifTags, Image

from models.pixels import Pixels

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000


class PhotoError(Exception):
    """A photo that cannot be screened; `detail` is one sentence for the applicant."""

    def __init__(self, detail: str) -> None:
        """Keep the sentence that tells the applicant what is wrong."""
        super().__init__(detail)
        self.detail = detail


class UnreadablePhoto(PhotoError):
    """The bytes are not a complete picture of a type that we accept."""


class PhotoTooLarge(PhotoError):
    """The picture has more bytes or pixels than we decode."""


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """An upright picture: (H, W, 3) uint8 RGB pixels, `scale` times the size of the full photo."""

    pixels: Pixels
    width_px: int
    height_px: int
    scale: float


class PhotoFormat(StrEnum):
    """The formats we accept, named as Pillow names them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIF = "HEIF"


def decode(
    data: bytes, *, short_side_px: int, max_bytes: int = MAX_BYTES, max_pixels: int = MAX_PIXELS
) -> DecodedPhoto:
    """Decode JPEG, PNG, WebP or HEIC, at a reduced scale whose short side still has `short_side_px` (if the photo has).

    Raises `PhotoTooLarge` from the size and the header alone, and `UnreadablePhoto` for everything that is no
    complete picture, whatever a decoder says about it.
    """
    if len(data) > max_bytes:
        raise PhotoTooLarge(f"The photo has {len(data) / 1e6:.1f} MB, more than the {max_bytes / 1e6:g} MB we accept.")
    photo_format = format_of(data)
    with _decoder_errors_as_photo_errors(), _opened(data, photo_format) as picture:
        full_width, full_height = picture.size
        _refuse_too_many_pixels(full_width * full_height, max_pixels)
        orientation = picture.getexif().get(ExifTags.Base.Orientation, 1)
        pixels = _decode_scaled(data, photo_format, picture, short_side_px)
    upright = _upright(pixels, orientation)
    scale = pixels.shape[1] / full_width
    if orientation in _TRANSPOSING:
        full_width, full_height = full_height, full_width
    return DecodedPhoto(np.ascontiguousarray(upright), full_width, full_height, scale)


def format_of(data: bytes) -> PhotoFormat:
    """Tell the format from the first bytes; raises `UnreadablePhoto` for any other file."""
    if not data:
        raise UnreadablePhoto("The file is empty.")
    if data.startswith(b"\xff\xd8\xff"):
        return PhotoFormat.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PhotoFormat.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PhotoFormat.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        return PhotoFormat.HEIF
    raise UnreadablePhoto("The file is not a JPEG, PNG, WebP or HEIC photo.")


_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_WHITE = 255
_TRANSPOSING = frozenset({5, 6, 7, 8})


@contextmanager
def _decoder_errors_as_photo_errors() -> Iterator[None]:
    try:
        yield
    except PhotoError:
        raise
    except MemoryError as error:
        raise PhotoTooLarge("The photo needs more memory than we allow for decoding one.") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoTooLarge("The photo has far more pixels than we accept.") from error
    except Exception as error:  # Pillow lets nine exception types out of its decoders, AssertionError among them
        raise UnreadablePhoto("The photo is damaged or incomplete and cannot be read.") from error


def _refuse_too_many_pixels(pixels: int, max_pixels: int) -> None:
    if pixels > max_pixels:
        raise PhotoTooLarge(f"The photo has {pixels / 1e6:.1f} MP, more than the {max_pixels / 1e6:g} MP we accept.")


def _opened(data: bytes, photo_format: PhotoFormat) -> Image.Image:
    """Read the header only."""
    if photo_format is PhotoFormat.HEIF:
        _register_heif()
    return Image.open(io.BytesIO(data), formats=[photo_format])


@cache
def _register_heif() -> None:
    pillow_heif.register_heif_opener(thumbnails=False)


def _decode_scaled(data: bytes, photo_format: PhotoFormat, picture: Image.Image, short_side_px: int) -> Pixels:
    least = min(1.0, short_side_px / min(picture.size))
    width, height = (math.ceil(side * least) for side in picture.size)
    if photo_format is PhotoFormat.JPEG and picture.mode in {"RGB", "L"}:
        try:
            return simplejpeg.decode_jpeg(data, "RGB", fastdct=True, min_width=width, min_height=height, strict=True)
        except ValueError as error:
            # Some cameras leave stray bytes between segments. Every other warning means that pixels are missing.
            if "extraneous" not in str(error):
                raise
    if photo_format is PhotoFormat.JPEG:
        picture.draft(None, (width, height))
    return _shrunk(_as_rgb(picture), short_side_px)


def _as_rgb(picture: Image.Image) -> Pixels:
    """Any Pillow mode to RGB: 16 bits keep their high byte, alpha lies on white."""
    if picture.mode.startswith(("I", "F")):
        grey = np.asarray(picture, dtype=np.float32)
        eight_bits = np.clip(grey / 256 if grey.max() > _WHITE else grey, 0, _WHITE).astype(np.uint8)
        return np.repeat(eight_bits[:, :, None], 3, axis=2)
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        paper = Image.new("RGB", picture.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return np.asarray(paper)
    return np.asarray(picture.convert("RGB"))


def _shrunk(pixels: Pixels, short_side_px: int) -> Pixels:
    """Shrink by area averaging to about the wanted short side; a smaller picture stays as it is."""
    factor = short_side_px / min(pixels.shape[:2])
    if factor >= 1:
        return pixels
    width, height = (math.ceil(side * factor) for side in (pixels.shape[1], pixels.shape[0]))
    return cv2.resize(pixels, (width, height), interpolation=cv2.INTER_AREA)


def _upright(pixels: Pixels, orientation: int) -> Pixels:
    """Apply one of the eight EXIF orientations (TIFF 6.0 tag 274); any other value means upright."""
    transposed = np.swapaxes(pixels, 0, 1)
    turned = {
        2: pixels[:, ::-1],
        3: pixels[::-1, ::-1],
        4: pixels[::-1],
        5: transposed,
        6: transposed[:, ::-1],
        7: transposed[::-1, ::-1],
        8: transposed[::-1],
    }
    return turned.get(orientation, pixels)
