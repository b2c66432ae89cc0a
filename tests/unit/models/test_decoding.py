import io
import struct
import zlib
from contextlib import suppress

import numpy as np
import pillow_heif
import pytest
from PIL import ExifTags, Image

from models.decoding import PhotoError, PhotoTooLarge, UnreadablePhoto, decode

FULL = 10_000
"""A short side that no test picture has: nothing is scaled."""


def quarters(width: int = 64, height: int = 96) -> Image.Image:
    """Red, green over blue, white: a picture whose every turn and mirror image differs."""
    picture = Image.new("RGB", (width, height), "white")
    picture.paste((255, 0, 0), (0, 0, width // 2, height // 2))
    picture.paste((0, 255, 0), (width // 2, 0, width, height // 2))
    picture.paste((0, 0, 255), (0, height // 2, width // 2, height))
    return picture


def saved(picture: Image.Image, photo_format: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, photo_format, **options)
    return out.getvalue()


def with_orientation(picture: Image.Image, orientation: int, photo_format: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return saved(
        picture,
        photo_format,
        exif=exif.tobytes(),
        **({"quality": 95, "subsampling": 0} if photo_format == "JPEG" else {}),
    )


def png_header(width: int, height: int) -> bytes:
    fields = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + fields
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(fields)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return start + struct.pack(">I", 1_000_000) + b"IDAT"


# What a camera stored when it was held so that the picture must be turned by this tag to stand upright.
STORED = {
    1: lambda upright: upright,
    2: lambda upright: upright.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    3: lambda upright: upright.transpose(Image.Transpose.ROTATE_180),
    4: lambda upright: upright.transpose(Image.Transpose.FLIP_TOP_BOTTOM),
    5: lambda upright: upright.transpose(Image.Transpose.TRANSPOSE),
    6: lambda upright: upright.transpose(Image.Transpose.ROTATE_90),
    7: lambda upright: upright.transpose(Image.Transpose.TRANSVERSE),
    8: lambda upright: upright.transpose(Image.Transpose.ROTATE_270),
}


@pytest.mark.parametrize("photo_format", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", STORED)
def test_every_exif_orientation_comes_out_upright(orientation, photo_format):
    upright = quarters()
    photo = decode(with_orientation(STORED[orientation](upright), orientation, photo_format), short_side_px=FULL)
    assert (photo.width_px, photo.height_px) == upright.size
    assert np.abs(photo.pixels.astype(int) - np.asarray(upright)).mean() < 6


def test_a_turned_heic_photo_is_not_turned_twice():
    pillow_heif.register_heif_opener()
    upright = quarters(128, 192)
    photo = decode(with_orientation(STORED[6](upright), 6, "HEIF"), short_side_px=FULL)
    assert (photo.width_px, photo.height_px) == upright.size
    assert np.abs(photo.pixels.astype(int) - np.asarray(upright)).mean() < 12


def test_a_large_jpeg_is_decoded_small_and_knows_its_full_size():
    photo = decode(saved(Image.new("RGB", (3000, 4000), "teal"), "JPEG"), short_side_px=640)
    assert photo.pixels.shape == (1000, 750, 3)
    assert (photo.width_px, photo.height_px, photo.scale) == (3000, 4000, 0.25)


@pytest.mark.parametrize("photo_format", ["PNG", "WEBP"])
def test_a_large_picture_of_another_format_is_shrunk_to_the_wanted_short_side(photo_format):
    photo = decode(saved(Image.new("RGB", (1500, 1000), "teal"), photo_format), short_side_px=500)
    assert photo.pixels.shape == (500, 750, 3)
    assert (photo.width_px, photo.height_px) == (1500, 1000)


def test_a_small_picture_is_never_enlarged():
    assert decode(saved(quarters(), "JPEG"), short_side_px=640).pixels.shape == (96, 64, 3)


@pytest.mark.parametrize(
    ("mode", "photo_format"), [("L", "JPEG"), ("CMYK", "JPEG"), ("L", "PNG"), ("1", "PNG"), ("P", "PNG"), ("LA", "PNG")]
)
def test_every_colour_mode_becomes_rgb(mode, photo_format):
    grey = Image.fromarray(np.repeat(np.arange(0, 256, 4, dtype=np.uint8)[None], 64, axis=0))
    photo = decode(saved(grey.convert("RGB").convert(mode), photo_format), short_side_px=FULL)
    assert photo.pixels.shape == (64, 64, 3)
    assert photo.pixels[:, :4].mean() < 60
    assert photo.pixels[:, 60:].mean() > 200


def test_sixteen_bits_keep_their_high_byte():
    deep = Image.fromarray(np.full((8, 8), 0x80FF, dtype=np.uint16))
    assert set(decode(saved(deep, "PNG"), short_side_px=FULL).pixels.ravel()) == {0x80}


def test_what_is_transparent_is_white():
    clear = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    assert (decode(saved(clear, "PNG"), short_side_px=FULL).pixels == 255).all()


@pytest.mark.parametrize("photo_format", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_photo_is_unreadable(photo_format):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, (120, 120, 3), dtype=np.uint8))
    whole = saved(noise, photo_format)
    with pytest.raises(UnreadablePhoto, match="damaged or incomplete"):
        decode(whole[: len(whole) // 2], short_side_px=FULL)


def test_a_jpeg_with_stray_bytes_between_its_segments_is_still_read():
    whole = saved(quarters(), "JPEG")
    table = whole.index(b"\xff\xc4")
    photo = decode(whole[:table] + b"\x00\x00\x00" + whole[table:], short_side_px=FULL)
    assert photo.pixels.shape == (96, 64, 3)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        (b"", "The file is empty."),
        (b"Dear Sir or Madam", "not a JPEG, PNG, WebP or HEIC photo"),
        (saved(quarters(), "GIF"), "not a JPEG, PNG, WebP or HEIC photo"),
        (saved(quarters(), "TIFF"), "not a JPEG, PNG, WebP or HEIC photo"),
        (b"\xff\xd8\xff\xe0 and no more", "damaged or incomplete"),
        (b"RIFF\x00\x00\x00\x00WEBPnothing", "damaged or incomplete"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "damaged or incomplete"),
        (png_header(8, 8), "damaged or incomplete"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence(what, sentence):
    with pytest.raises(UnreadablePhoto, match=sentence):
        decode(what, short_side_px=FULL)


@pytest.mark.parametrize(("width", "height"), [(8_000, 5_001), (10_000, 10_000), (60_000, 60_000)])
def test_a_bomb_is_refused_from_its_header(width, height):
    with pytest.raises(PhotoTooLarge):
        decode(png_header(width, height), short_side_px=FULL)


def test_too_many_bytes_are_refused_before_anything_reads_them():
    with pytest.raises(PhotoTooLarge, match=r"more than the 0\.001 MB"):
        decode(b"\xff" * 1001, short_side_px=FULL, max_bytes=1000)


def test_random_damage_never_escapes_as_another_error():
    rng = np.random.default_rng(2611)
    originals = [saved(quarters(), kind) for kind in ("JPEG", "PNG", "WEBP")]
    for number in range(150):
        damaged = bytearray(originals[number % 3])
        for place in rng.integers(0, len(damaged), 6):
            damaged[place] = rng.integers(0, 256)
        with suppress(PhotoError):
            decode(bytes(damaged), short_side_px=FULL)
